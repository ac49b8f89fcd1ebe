#!/usr/bin/env python3
"""Writes golden.json beside this file: what reference implementations say about seeded random rankings.

    pip install scikit-learn==1.7.2 ir-measures==0.4.3 numpy && python golden.py

Versions that were used stand in the file. NDCG with exponential gain comes from scikit-learn (ndcg_score on 2^grade - 1);
precision, recall, MRR, MAP, binary NDCG and success from ir-measures (pytrec_eval); F1, coverage, Gini and novelty, which
neither offers for ranked lists, from the textbook formulas in NumPy. Tolerance: 1e-9.
"""
import importlib.metadata, json, pathlib

import ir_measures
import numpy as np
from ir_measures import AP, P, R, RR, nDCG, Success
from sklearn.metrics import ndcg_score

random = np.random.default_rng(20171101)


def ranking(case: int) -> dict:
    judged_count = int(random.integers(2, 30))
    grades = random.integers(0, 4, judged_count)
    grades[0] = max(1, grades[0])
    judged = {f"d{i}": int(g) for i, g in enumerate(grades)}
    pool = list(judged) + [f"x{i}" for i in range(int(random.integers(5, 20)))]
    listed = [str(d) for d in random.permutation(pool)[: int(random.integers(10, len(pool) + 1)) if len(pool) > 10 else len(pool)]]
    cutoff = int(random.choice([1, 3, 5, 10]))
    # scikit-learn ranks all judged documents: those not listed stand behind the listed ones.
    everything = listed + [d for d in judged if d not in listed]
    gains = np.array([[2 ** judged.get(d, 0) - 1 for d in everything]], dtype=float)
    places = np.array([[len(everything) - i for i in range(len(everything))]], dtype=float)
    # The cut-off never reaches beyond the list, so that the documents behind it do not count.
    cutoff = min(cutoff, len(listed))
    exponential = ndcg_score(gains, places, k=cutoff)
    qrels = [ir_measures.Qrel("q", d, 1 if g > 0 else 0) for d, g in judged.items()]
    run = [ir_measures.ScoredDoc("q", d, float(len(listed) - i)) for i, d in enumerate(listed)]
    names = {"precision": P @ cutoff, "recall": R @ cutoff, "ndcg_binary": nDCG @ cutoff, "rr": RR @ cutoff,
             "ap": AP @ cutoff, "hit": Success @ cutoff}
    values = ir_measures.calc_aggregate(list(names.values()), qrels, run)
    out = {name: float(values[measure]) for name, measure in names.items()}
    p, r = out["precision"], out["recall"]
    out |= {"f1": 2 * p * r / (p + r) if p + r else 0.0, "ndcg": float(exponential)}
    return {"cutoff": cutoff, "listed": [judged.get(d, 0) for d in listed], "judged": list(judged.values()), "expect": out}


def catalogue() -> dict:
    items, users = 40, 25
    user_counts = random.integers(0, users + 1, items)
    lists = [sorted(int(i) for i in random.choice(30, 10, replace=False)) for _ in range(users)]
    exposure = np.bincount([i for one in lists for i in one], minlength=items)
    x = np.sort(exposure).astype(float)
    # Gini as half the relative mean absolute difference: another formula than the product's.
    gini = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
    novelty = np.mean([-np.log2(max(1, user_counts[i]) / users) for one in lists for i in one])
    return {"items": items, "users": users, "user_counts": user_counts.tolist(), "lists": lists,
            "expect": {"coverage": float((exposure > 0).mean()), "gini": float(gini), "novelty": float(novelty)}}


golden = {
    "script": "Tests/EvaluationTests/golden.py", "tolerance": 1e-9,
    "versions": {name: importlib.metadata.version(name) for name in ("scikit-learn", "ir-measures", "pytrec-eval-terrier", "numpy")},
    "rankings": [ranking(i) for i in range(60)], "catalogues": [catalogue() for _ in range(5)],
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=0) + "\n")
