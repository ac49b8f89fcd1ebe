#!/usr/bin/env python3
"""Writes golden.json beside this file: what slow, plain formulas say about small seeded data.

    pip install numpy scipy && python golden.py

PCTM is written out from its definition (Petrov et al., RecSys 2026) with dictionaries and full logarithms; the
log-likelihood ratio comes from scipy.stats.chi2_contingency, what a person's habits explain from scipy.stats.hypergeom. Versions that were used stand in the file.
"""
import importlib.metadata, json, math, pathlib
from itertools import combinations

import numpy as np
from scipy.stats import chi2_contingency, hypergeom

random = np.random.default_rng(20171101)


def pctm() -> dict:
    items, window, power, tau, decay, weight = 30, 4, 0.7, 40.0, 0.6, -0.04
    sequences = [random.integers(0, items - 3, random.integers(1, 12)).tolist() for _ in range(60)]
    count, total = {}, 0
    for sequence in sequences:
        for item in sequence:
            count[item], total = count.get(item, 0) + 1, total + 1
    known = sorted(count)
    causal: dict[tuple[int, int], float] = {}
    for sequence in sequences:
        for place, before in enumerate(sequence):
            for distance in range(1, window + 1):
                if place + distance < len(sequence) and sequence[place + distance] != before:
                    pair = (before, sequence[place + distance])
                    causal[pair] = causal.get(pair, 0) + distance ** -power

    def score(item: int, history: list[int]) -> float:
        value = weight * math.log(count[item] / total)
        for steps, before in enumerate(reversed(history)):
            out = sum(value for (source, _), value in causal.items() if source == before)
            value += decay ** steps * math.log((causal.get((before, item), 0) + tau / len(known)) / (out + tau))
        return value

    cases = []
    for history in sequences[:12]:
        scores = {item: score(item, history) for item in known if item not in history}
        cases.append({"history": history, "items": list(scores), "scores": list(scores.values())})
    return {"items": items, "window": window, "power": power, "tau": tau, "decay": decay, "popularity": weight,
            "sequences": sequences, "cases": cases}


def ratios() -> list[dict]:
    rows = []
    while len(rows) < 40:
        total = int(random.integers(50, 5000))
        first, second = (int(random.integers(1, total)) for _ in range(2))
        low, high = max(0, first + second - total), min(first, second)
        both = int(random.integers(low, high + 1))
        table = np.array([[both, first - both], [second - both, total - first - second + both]])
        if (table.sum(0) == 0).any() or (table.sum(1) == 0).any():
            continue
        value = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        rows.append({"both": both, "first": first, "second": second, "total": total, "ratio": float(value)})
    return rows


def together() -> dict:
    items, people = 25, 20
    baskets = []
    for number in range(300):
        basket = set(random.integers(0, items, random.integers(1, 6)).tolist())
        # Four people buy 20 and 21 nearly always, each by itself: together by habit alone.
        if number % people < 4:
            basket |= {item for item in (20, 21) if random.random() < 0.75}
        if basket & {1, 2} and random.random() < 0.7:
            basket |= {1, 2}
        if 7 in basket and random.random() < 0.5:
            basket.add(8)
        baskets.append(sorted(basket))
    total, single, pairs = len(baskets), {}, {}
    for basket in baskets:
        for item in basket:
            single[item] = single.get(item, 0) + 1
        for pair in combinations(basket, 2):
            pairs[pair] = pairs.get(pair, 0) + 1
    kept, dropped = [], 0
    for (a, b), both in sorted(pairs.items()):
        lift = both * total / (single[a] * single[b])
        table = np.array([[both, single[a] - both], [single[b] - both, total - single[a] - single[b] + both]])
        ratio = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        buyers = {number % people for number, basket in enumerate(baskets) if a in basket and b in basket}
        if both < 4 or len(buyers) < 3 or lift <= 1 or ratio < 10.83:
            continue
        # Cochran, Mantel and Haenszel, a stratum for each person.
        own = [baskets[person::people] for person in range(people)]
        strata = [hypergeom(len(mine), sum(a in basket for basket in mine), sum(b in basket for basket in mine)) for mine in own]
        expected, variance = sum(each.mean() for each in strata), sum(each.var() for each in strata)
        if both <= expected or max(0, both - expected - 0.5) ** 2 / variance < 10.83:
            dropped += 1
            continue
        kept.append({"pair": [a, b], "weight": math.log(lift) * len(buyers) / (len(buyers) + 10)})
    assert dropped > 0
    return {"baskets": baskets, "people": people, "pairs": kept}


golden = {
    "script": "Tests/RecommendersTests/golden.py", "tolerance": 1e-5,
    "versions": {name: importlib.metadata.version(name) for name in ("numpy", "scipy")},
    "pctm": pctm(), "ratios": ratios(), "together": together(),
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
