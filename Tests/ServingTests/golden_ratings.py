#!/usr/bin/env python3
"""Writes golden_ratings.json beside this file: what reference implementations say about the spread of seeded ratings.

    pip install statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.1.1 && python golden_ratings.py

Versions that were used stand in the file. Variances within and between items come from the tables of statsmodels' nested
analysis of variance (anova_lm of a linear model), the coefficient of the expected sum of squares from matrices: the trace of
Z'(I - P)Z with P the projection on categories. The spread of categories and their mean come from
statsmodels.stats.meta_analysis.combine_effects (DerSimonian and Laird). Tolerance: 1e-9, relative.
"""
import importlib.metadata, json, pathlib

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.meta_analysis import combine_effects

random = np.random.default_rng(20171101)


def case(categories: int, spread: float) -> dict:
    rows = []
    for category in range(categories):
        level = 3.5 + random.normal(0, 0.4)
        for item in range(int(random.integers(4, 9))):
            own = level + random.normal(0, spread)
            for _ in range(int(random.integers(1, 12))):
                stars = int(np.clip(np.round(own + random.normal(0, 1)), 1, 5))
                rows.append((f"c{category:02}", f"c{category:02}-{item:02}", stars))
    data = pd.DataFrame(rows, columns=["category", "item", "stars"])
    full = smf.ols("stars ~ C(item)", data).fit()
    table = anova_lm(smf.ols("stars ~ C(category)", data).fit(), full)
    within = full.ssr / full.df_resid
    between_squares, freedom = table["ss_diff"][1], table["df_diff"][1]
    z = pd.get_dummies(data["item"]).to_numpy(float)
    x = pd.get_dummies(data["category"]).to_numpy(float)
    projection = x @ np.linalg.inv(x.T @ x) @ x.T
    coefficient = np.trace(z.T @ (np.eye(len(data)) - projection) @ z)
    between = max(0.0, (between_squares - freedom * within) / coefficient)
    strength = within / between if between * 1000 > within else 1000.0
    means, variances = [], []
    for _, group in data.groupby("category"):
        # Generalised least squares of a mean under the covariance of its ratings.
        own = group["item"].to_numpy()
        covariance = within * np.eye(len(own)) + within / strength * (own[:, None] == own[None, :])
        inverse = np.linalg.inv(covariance)
        ones = np.ones(len(own))
        variances.append(1 / (ones @ inverse @ ones))
        means.append(variances[-1] * (ones @ inverse @ group["stars"].to_numpy(float)))
    means, variances = np.array(means), np.array(variances)
    combined = combine_effects(means, variances, method_re="dl")
    gamma = max(0.0, float(combined.tau2))
    weights = 1 / (variances + gamma)
    shop = float((weights * means).sum() / weights.sum())
    shrunk = shop + gamma / (gamma + variances) * (means - shop)
    items = []
    for name, group in data.groupby("item"):
        stars = group["stars"].to_numpy(float)
        category = int(name[1:3])
        items.append({"category": category, "stars": [int(s) for s in stars],
                      "expect": float((stars.sum() + strength * shrunk[category]) / (len(stars) + strength))})
    return {"items": items, "within": float(within), "between": float(between), "strength": float(strength),
            "categories": gamma, "shop": shop, "category_means": shrunk.tolist()}


cases = [case(int(random.integers(4, 12)), spread) for spread in (0.0, 0.2, 0.5, 0.8) for _ in range(3)]
versions = {name: importlib.metadata.version(name) for name in ("statsmodels", "scipy", "numpy", "pandas")}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"versions": versions, "cases": cases}))
