#!/usr/bin/env python3
"""Writes golden_beta.json beside this file: quantiles and cumulative chances of beta distributions from SciPy.

    pip install scipy==1.17.1 && python golden_beta.py

The version that was used stands in the file. Tolerance: 1e-9.
"""
import importlib.metadata, json, pathlib

from scipy.stats import beta

cases = []
for a in (0.3, 1, 2.5, 17, 900):
    for b in (0.5, 1, 40, 2500):
        parts = [0.001, 0.05, 0.5, 0.95, 0.999]
        points = [float(beta.ppf(p, a, b)) for p in (0.02, 0.4, 0.9)] + [0.5]
        cases.append({"alpha": a, "beta": b, "parts": parts, "quantiles": [float(beta.ppf(p, a, b)) for p in parts],
                      "points": points, "cumulative": [float(beta.cdf(x, a, b)) for x in points]})
versions = {"scipy": importlib.metadata.version("scipy")}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"versions": versions, "cases": cases}))
