#!/usr/bin/env python3
"""Writes golden_ratings.json beside this file: damped means of small seeded ratings, which are synthetic.

    pip install numpy pandas && python golden_ratings.py

b_i = sum(r - mean) / (25 + n_i), then b_u = sum(r - mean - b_i) / (10 + n_u) (Koren, TKDD 2010), by grouping with pandas. Versions
that were used stand in the file.
"""
import importlib.metadata, json, pathlib

import numpy as np
import pandas as pd

random = np.random.default_rng(2009)


def case(users: int, items: int, count: int) -> dict:
    pairs = random.choice(users * items, count, replace=False)
    table = pd.DataFrame({"user": pairs // items, "item": pairs % items, "value": random.integers(1, 6, count)})
    mean = table.value.mean()
    table["rest"] = table.value - mean
    by_item = table.groupby("item").rest.agg(["sum", "count"])
    item = (by_item["sum"] / (25 + by_item["count"])).reindex(range(items), fill_value=0.0)
    table["rest"] -= table.item.map(item)
    by_user = table.groupby("user").rest.agg(["sum", "count"])
    user = (by_user["sum"] / (10 + by_user["count"])).reindex(range(users), fill_value=0.0)
    return {"users": users, "items": items, "ratings": table[["user", "item", "value"]].values.tolist(),
            "mean": float(mean), "item_biases": item.tolist(), "user_biases": user.tolist()}


golden = {
    "script": "Tests/RecommendersTests/golden_ratings.py", "tolerance": 1e-9, "origin": "synthetic",
    "versions": {name: importlib.metadata.version(name) for name in ("numpy", "pandas")},
    "cases": [case(int(random.integers(2, 12)), int(random.integers(2, 12)), int(random.integers(1, 4))) for _ in range(4)]
    + [case(30, 20, 240)],
}
pathlib.Path(__file__).with_name("golden_ratings.json").write_text(json.dumps(golden) + "\n")
