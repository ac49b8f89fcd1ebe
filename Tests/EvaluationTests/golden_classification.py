#!/usr/bin/env python3
"""Writes golden_classification.json beside this file: what reference implementations say about seeded random decisions.

    pip install scikit-learn==1.7.2 scipy==1.16.3 statsmodels==0.14.5 numpy==2.3.4 && python golden_classification.py

Versions that were used stand in the file. AUC, average precision, log loss, Brier score, the confusion matrix and its
figures, calibration and the errors of regression come from scikit-learn; the exact permutation test and the quantiles of
power from SciPy; Holm's correction from statsmodels; diversity and serendipity, which none of them has, from loops in
plain Python that follow the papers. Tolerance: 1e-9.
"""
import importlib.metadata, itertools, json, math, pathlib

import numpy as np
from scipy.stats import norm, permutation_test
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(20171201)


def decisions(case: int) -> dict:
    count = int(random.integers(5, 60))
    labels = random.random(count) < 0.4
    labels[0], labels[1] = True, False
    probabilities = np.clip(random.random(count) * 0.7 + labels * random.random(count) * 0.3, 0, 1)
    if case % 2:  # many ties
        probabilities = np.round(probabilities, 1)
    if case % 5 == 0:  # sure, and sometimes wrong
        probabilities[:3] = [0, 1, 1]
    threshold = float(random.choice([0.2, 0.5, 0.8]))
    decided = probabilities >= threshold
    tn, fp, fn, tp = (int(n) for n in metrics.confusion_matrix(labels, decided, labels=[False, True]).ravel())
    observed, predicted = calibration_curve(labels, probabilities, n_bins=10)
    return {
        "scores": probabilities.tolist(), "labels": labels.astype(int).tolist(), "threshold": threshold,
        "expect": {
            "auc": float(metrics.roc_auc_score(labels, probabilities)),
            "ap": float(metrics.average_precision_score(labels, probabilities)),
            "log_loss": float(metrics.log_loss(labels, probabilities, labels=[False, True])),
            "brier": float(metrics.brier_score_loss(labels, probabilities)),
            "confusion": [tp, fp, fn, tn],
            "precision": float(metrics.precision_score(labels, decided, zero_division=np.nan)) if tp + fp else None,
            "recall": float(metrics.recall_score(labels, decided)),
            "accuracy": float(metrics.accuracy_score(labels, decided)),
            "f1": float(metrics.f1_score(labels, decided)),
            "matthews": float(metrics.matthews_corrcoef(labels, decided)) if tp + fp and tn + fn else None,
            "calibration": [[float(p), float(o)] for p, o in zip(predicted, observed)],
        },
    }


def numbers() -> dict:
    count = int(random.integers(1, 40))
    actual, predicted = random.integers(1, 6, count).astype(float), random.random(count) * 5
    return {"actual": actual.tolist(), "predicted": predicted.tolist(), "expect": {
        "mae": float(metrics.mean_absolute_error(actual, predicted)),
        "mse": float(metrics.mean_squared_error(actual, predicted)),
        "rmse": float(metrics.root_mean_squared_error(actual, predicted))}}


def comparison() -> dict:
    count = int(random.integers(2, 13))
    baseline = np.round(random.random(count), 2)
    candidate = np.round(baseline + random.normal(0.1, 0.2, count), 2)
    done = permutation_test((candidate, baseline), lambda a, b: abs(np.mean(a - b)), permutation_type="samples",
                            n_resamples=np.inf, alternative="greater", vectorized=False)
    return {"candidate": candidate.tolist(), "baseline": baseline.tolist(), "expect": float(done.pvalue)}


def correction() -> dict:
    values = np.round(random.random(int(random.integers(1, 9))) ** 2, 3)
    return {"p": values.tolist(), "expect": multipletests(values, method="holm")[1].tolist()}


def power() -> dict:
    difference, deviation = float(random.random() * 0.05 + 0.001), float(random.random() * 0.5 + 0.01)
    significance, wanted = float(random.choice([0.01, 0.05, 0.1])), float(random.choice([0.5, 0.8, 0.95]))
    z = norm.ppf(1 - significance / 2) + norm.ppf(wanted)
    return {"difference": difference, "deviation": deviation, "significance": significance, "power": wanted,
            "expect": {"users": max(2, math.ceil((z * deviation / difference) ** 2)), "at_1000": float(z * deviation / math.sqrt(1000))}}


def shown() -> dict:
    paths = [[str(random.integers(0, 2)) for _ in range(int(random.integers(1, 5)))] for _ in range(int(random.integers(2, 9)))]

    def distance(a: list, b: list) -> float:
        same = 0
        while same < min(len(a), len(b)) and a[same] == b[same]:
            same += 1
        return 1 - same / max(len(a), len(b))

    pairs = list(itertools.combinations(paths, 2))
    items = [int(i) for i in random.permutation(30)[:10]]
    relevant, expected = [[int(i) for i in random.permutation(30)[:12]] for _ in range(2)]
    return {"paths": paths, "items": items, "relevant": relevant, "expected": expected, "expect": {
        "diversity": sum(distance(a, b) for a, b in pairs) / len(pairs),
        "serendipity": len((set(items) & set(relevant)) - set(expected)) / len(items)}}


golden = {
    "script": "Tests/EvaluationTests/golden_classification.py", "tolerance": 1e-9,
    "versions": {name: importlib.metadata.version(name) for name in ("scikit-learn", "scipy", "statsmodels", "numpy")},
    "decisions": [decisions(i) for i in range(40)], "numbers": [numbers() for _ in range(20)],
    "comparisons": [comparison() for _ in range(20)], "corrections": [correction() for _ in range(20)],
    "powers": [power() for _ in range(20)], "shown": [shown() for _ in range(20)],
}
pathlib.Path(__file__).with_name("golden_classification.json").write_text(json.dumps(golden) + "\n")
