#!/usr/bin/env python3
"""Writes golden_reranking.json beside this file: how far lists are from people's shares of categories.

    pip install numpy==2.4.6 scipy==1.17.1 && python golden_reranking.py

The Kullback-Leibler divergence of smoothed shares (Steck, RecSys 2018, with 0.01 of the target mixed in) comes from
scipy.stats.entropy; a purchase loses half its weight in 90 days. Versions that were used stand in the file. Tolerance: 1e-9.
"""
import importlib.metadata, json, pathlib

import numpy as np
from scipy.stats import entropy

random = np.random.default_rng(20180923)


def case(number: int) -> dict:
    groups = 6
    history = [[int(random.integers(0, groups)), float(np.round(random.uniform(0.5, 400), 3))] for _ in range(int(random.integers(1, 40)))]
    shown = [int(g) for g in random.integers(0, groups, int(random.integers(1, 11)))]
    weights = np.zeros(groups)
    for group, days in history:
        weights[group] += 2 ** (-days / 90)
    target, seen = weights / weights.sum(), np.bincount(shown, minlength=groups) / len(shown)
    mixed = 0.99 * seen + 0.01 * target
    had = target > 0
    # entropy() would scale both to one; what the person never bought counts in the shares of the list all the same.
    scale = np.log(mixed[had].sum())
    return {"history": history, "shown": shown, "expect": float(entropy(target[had], mixed[had]) - scale)}


golden = {"script": "Tests/RecommendersTests/golden_reranking.py", "tolerance": 1e-9,
          "versions": {name: importlib.metadata.version(name) for name in ("numpy", "scipy")}, "divergences": [case(i) for i in range(20)]}
pathlib.Path(__file__).with_name("golden_reranking.json").write_text(json.dumps(golden) + "\n")
