#!/usr/bin/env python3
"""Writes golden_reports.json beside this file: what reference implementations say of what reports and checks are made of.

    pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 ir-measures==0.4.3 && python golden_reports.py

Versions that were used stand in the file. NDCG with ties broken by lot comes from scikit-learn (ndcg_score averages over ties), so do
isotonic regression, specificity (recall of the negative class) and the bins of calibration; success and reciprocal rank of phrases from
ir-measures; standard errors and the effective sample size of off-policy estimates, popularity bias, the expected calibration error and
the share of attention, which no library has, from their formulas in NumPy. Tolerance: 1e-9.
"""
import importlib.metadata, json, pathlib

import ir_measures
import numpy as np
from ir_measures import RR, Success
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import ndcg_score, recall_score

random = np.random.default_rng(20190501)


def ties(case: int) -> dict:
    count, cutoff = int(random.integers(12, 40)), int(random.choice([3, 5, 10]))
    scores = random.integers(0, 4 if case % 2 else 12, count).astype(float)
    labels = random.random(count) < 0.2
    labels[0] = True
    return {"scores": scores.tolist(), "labels": labels.astype(int).tolist(), "cutoff": cutoff,
            "expect": float(ndcg_score([labels.astype(float)], [scores], k=cutoff))}


def isotonic(case: int) -> dict:
    count = int(random.integers(5, 80))
    scores = np.round(random.normal(0, 1, count), 1 if case % 2 else 6)
    labels = random.random(count) < 1 / (1 + np.exp(-scores))
    asked = np.round(random.normal(0, 1.5, 20), 2)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(scores, labels.astype(float))
    return {"scores": scores.tolist(), "labels": labels.astype(int).tolist(), "asked": asked.tolist(), "expect": fitted.predict(asked).tolist()}


def decisions(case: int) -> dict:
    count = int(random.integers(20, 200))
    chances = random.random(count)
    labels = random.random(count) < chances ** 1.5
    labels[:2] = [True, False]
    observed, predicted = calibration_curve(labels, chances, n_bins=10)
    counts = np.histogram(chances, bins=np.linspace(0, 1, 11))[0]
    threshold = float(random.choice([0.2, 0.5, 0.8]))
    return {"chances": chances.tolist(), "labels": labels.astype(int).tolist(), "threshold": threshold, "expect": {
        "calibration_error": float(np.sum(counts[counts > 0] / count * np.abs(observed - predicted))),
        "specificity": float(recall_score(labels, chances >= threshold, pos_label=False))}}


def policies(case: int) -> dict:
    count = int(random.integers(10, 300))
    propensity, target = random.uniform(0.05, 1, count), random.random(count)
    reward, expected, under = (random.random(count) < 0.3).astype(float), random.random(count), random.random(count)
    weight = target / propensity
    snips = np.average(reward, weights=weight)
    robust = under + weight * (reward - expected)
    return {"rows": np.stack([reward, propensity, target, expected, under], axis=1).tolist(), "expect": {
        "ips": float(np.std(weight * reward, ddof=1) / np.sqrt(count)),
        "snips": float(np.sqrt(np.sum((weight * (reward - snips)) ** 2)) / np.sum(weight)),
        "dr": float(np.std(robust, ddof=1) / np.sqrt(count)), "dm": float(np.std(under, ddof=1) / np.sqrt(count)),
        "effective": float(np.sum(weight) ** 2 / np.sum(weight ** 2))}}


def bias(case: int) -> dict:
    items, users = 60, 31
    counts = random.zipf(1.5, items).clip(0, 400) - 1
    profiles = [sorted(int(i) for i in random.choice(items, int(random.integers(1, 20)), replace=False, p=(counts + 0.1) / (counts + 0.1).sum())) for _ in range(users)]
    lists = [[int(i) for i in random.choice(items, 10, replace=False, p=(counts + 2) / (counts + 2).sum())] for _ in range(users)]
    # Best sellers: the fewest items, most counts first and lower numbers first among equals, that make 80 % of all counts.
    order = np.lexsort((np.arange(items), -counts))
    before = np.cumsum(counts[order]) - counts[order]
    tail = np.ones(items, bool)
    tail[order[before < 0.8 * counts.sum()]] = False
    gap = lambda groups: float(np.mean([counts[one].mean() for one in groups]))
    return {"counts": counts.tolist(), "profiles": profiles, "lists": lists, "expect": {
        "tail": tail.astype(int).tolist(), "arp": gap(lists), "aplt": float(np.mean([tail[one].mean() for one in lists])),
        "lift": (gap(lists) - gap(profiles)) / gap(profiles)}}


def attention(case: int) -> dict:
    lists = [random.integers(0, 2, int(random.integers(0, 11))).tolist() for _ in range(20)]
    weights = [1 / np.log2(np.arange(len(one)) + 2) for one in lists]
    total = sum(w.sum() for w in weights)
    return {"lists": lists, "expect": float(sum((w * np.array(one)).sum() for w, one in zip(weights, lists) if one) / total)}


def phrases(case: int) -> dict:
    depth = int(random.choice([3, 5, 10]))
    wanted = [str(i) for i in random.integers(0, 12, 40)]
    answers = [[str(i) for i in random.permutation(12)[: int(random.integers(0, 12))]] for _ in wanted]
    qrels = [ir_measures.Qrel(str(n), one, 1) for n, one in enumerate(wanted)]
    run = [ir_measures.ScoredDoc(str(n), one, -float(rank)) for n, found in enumerate(answers) for rank, one in enumerate(found)]
    # A question without any answer counts as missed: ir-measures is given the sum over those it sees.
    sums = {name: sum(m.value for m in ir_measures.iter_calc([measure], qrels, run)) for name, measure in (("first", Success @ 1), ("success", Success @ depth), ("mrr", RR @ depth))}
    return {"depth": depth, "wanted": wanted, "answers": answers, "expect": {name: float(value / len(wanted)) for name, value in sums.items()}}


golden = {
    "script": "Tests/EvaluationTests/golden_reports.py", "tolerance": 1e-9,
    "versions": {name: importlib.metadata.version(name) for name in ("scikit-learn", "scipy", "numpy", "ir-measures")},
    "ties": [ties(i) for i in range(30)], "isotonic": [isotonic(i) for i in range(12)], "decisions": [decisions(i) for i in range(12)],
    "policies": [policies(i) for i in range(12)], "bias": [bias(i) for i in range(8)], "attention": [attention(i) for i in range(6)],
    "phrases": [phrases(i) for i in range(8)],
}
pathlib.Path(__file__).with_name("golden_reports.json").write_text(json.dumps(golden) + "\n")
