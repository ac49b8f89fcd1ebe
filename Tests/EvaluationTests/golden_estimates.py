#!/usr/bin/env python3
"""Writes golden_estimates.json beside this file: what reference implementations say of estimates, curves and intervals.

    pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 pandas==3.1.1 matplotlib seaborn pyyaml tqdm mypy-extensions
    pip install --no-deps obp==0.4.1 && python golden_estimates.py

Versions that were used stand in the file. Off-policy estimates come from obp (Open Bandit Pipeline), the curves from
scikit-learn, the standard deviation from NumPy (tolerance 1e-9 each); bootstrap intervals from scipy.stats.bootstrap with
20,000 resamples, for groups from NumPy: both sides draw at random, so they are compared within `tolerance_interval` of the
interval's width.
"""
import importlib.metadata, json, pathlib, sys, types

import numpy as np
from scipy.stats import bootstrap
from sklearn import metrics

try:
    import torch
except ModuleNotFoundError:
    # obp names torch's types when it is imported; the estimators asked for here compute with NumPy.
    names = {name: types.ModuleType(name) for name in ("torch", "torch.nn", "torch.nn.functional", "torch.optim", "torch.utils", "torch.utils.data")}
    sys.modules.update(names)
    names["torch"].Tensor = type("Tensor", (), {})
    names["torch.nn"].Module = names["torch.utils.data"].Dataset = type("Module", (), {})
    names["torch.optim"].Adam = names["torch.utils.data"].DataLoader = type("Absent", (), {})
    for name in ("nn", "optim", "utils"):
        setattr(names["torch"], name, names[f"torch.{name}"])
    names["torch.nn"].functional, names["torch.utils"].data = names["torch.nn.functional"], names["torch.utils.data"]

from obp.ope import DirectMethod, DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting

random = np.random.default_rng(20180101)


def policy_values(case: int) -> dict:
    rounds, actions = int(random.integers(3, 200)), int(random.integers(2, 6))
    logged = random.dirichlet(np.ones(actions), rounds)
    target = random.dirichlet(np.full(actions, 0.5), rounds)
    action = np.array([random.choice(actions, p=p) for p in logged])
    reward = (random.random(rounds) < 0.3).astype(float) if case % 2 else random.normal(1, 1, rounds)
    expected = random.random((rounds, actions, 1))
    data = dict(reward=reward, action=action, position=np.zeros(rounds, int), pscore=logged[np.arange(rounds), action],
                action_dist=target[:, :, None], estimated_rewards_by_reg_model=expected)
    estimators = {"ips": InverseProbabilityWeighting(), "snips": SelfNormalizedInverseProbabilityWeighting(), "dr": DoublyRobust(), "dm": DirectMethod()}
    rows = [[float(reward[i]), float(logged[i, action[i]]), float(target[i, action[i]]), float(expected[i, action[i], 0]),
             float((target[i] * expected[i, :, 0]).sum())] for i in range(rounds)]
    return {"rows": rows, "expect": {name: float(e.estimate_policy_value(**data)) for name, e in estimators.items()}}


def curves(case: int) -> dict:
    count = int(random.integers(4, 50))
    labels = random.random(count) < 0.4
    labels[0], labels[1] = True, False
    scores = np.round(random.random(count), 1 if case % 2 else 6)
    fpr, tpr, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(labels, scores)
    # scikit-learn gives recall from one down to zero and a last point without a threshold.
    return {"scores": scores.tolist(), "labels": labels.astype(int).tolist(), "roc": [[float(x), float(y)] for x, y in zip(fpr, tpr)],
            "precision_recall": [[float(x), float(y)] for x, y in zip(recall[-2::-1], precision[-2::-1])]}


def intervals(case: int) -> dict:
    count = int(random.integers(60, 200))
    baseline = random.beta(0.4, 2, count)
    candidate = np.clip(baseline + random.normal(0.02, 0.15, count), 0, 1)
    groups = random.integers(0, 40, count)
    done = bootstrap((candidate - baseline,), np.mean, n_resamples=20_000, method="percentile", rng=random).confidence_interval
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    draws = []
    for _ in range(20_000):
        chosen = np.concatenate([members[g] for g in random.integers(0, len(members), len(members))])
        draws.append(np.sqrt(np.mean(candidate[chosen] ** 2)))
    low, high = np.quantile(draws, [0.025, 0.975])
    return {"candidate": candidate.tolist(), "baseline": baseline.tolist(), "groups": groups.tolist(), "expect": {
        "paired": [float(done.low), float(done.high)], "groups": [float(low), float(high)],
        "deviation": float(np.std(candidate - baseline, ddof=1))}}


golden = {
    "script": "Tests/EvaluationTests/golden_estimates.py", "tolerance": 1e-9, "tolerance_interval": 0.06,
    "versions": {name: importlib.metadata.version(name) for name in ("obp", "scikit-learn", "scipy", "numpy")},
    "policies": [policy_values(i) for i in range(12)], "curves": [curves(i) for i in range(12)], "intervals": [intervals(i) for i in range(4)],
}
pathlib.Path(__file__).with_name("golden_estimates.json").write_text(json.dumps(golden) + "\n")
