"""Golden values of the content-based model, by the formulas of its doc comment in plain Python 3 (no packages).

    python3 golden_content.py > golden_content.json
"""
import json
import math

HALF_LIFE, GAMMA, SIGMA = 60.0, 0.5, 0.5
K1, B = 1.2, 0.75
ITEMS = [  # title, category path, brand class
    ("red apple", ["food", "fruit"], "national"), ("green apple", ["food", "fruit"], "private"),
    ("red apple juice", ["food", "drinks"], "national"), ("orange juice", ["food", "drinks"], "private"),
    ("steel pan", ["home", "kitchen"], "national"), ("small steel steel pot", ["home", "kitchen"], "private"),
    ("red sock", ["wear"], "national"), ("blue sock", ["wear"], ""), ("", [], ""), ("pear", ["food", "fruit"], ""),
]
# household: (item, days before the moment of training)
LOG = [[(0, 3), (2, 10)], [(0, 1), (1, 30)], [(4, 5)], [(6, 2), (0, 70)]]


def features(item):
    title, path, brand = ITEMS[item]
    found = {}
    for word in title.split():
        found[("word", word)] = found.get(("word", word), 0) + 1
    for depth in range(len(path)):
        found[("category", " > ".join(path[:depth + 1]))] = 1
    if brand:
        found[("class", brand)] = 1
    return found


rows = [features(i) for i in range(len(ITEMS))]
n = len(rows)
df = {}
for row in rows:
    for f in row:
        df[f] = df.get(f, 0) + 1
lengths = [sum(c for f, c in row.items() if f[0] == "word") for row in rows]
mean = max(1, sum(lengths) / n)
vectors = []
for row, length in zip(rows, lengths):
    v = {}
    for f, c in row.items():
        if df[f] > max(1000, 0.2 * n):
            continue
        part = c * (K1 + 1) / (c + K1 * (1 - B + B * length / mean)) if f[0] == "word" else 1
        v[f] = math.log(1 + (n - df[f] + 0.5) / (df[f] + 0.5)) * part
    norm = math.sqrt(sum(x * x for x in v.values()))
    vectors.append({f: x / norm for f, x in v.items()} if norm else {})
sales = [0.0] * n
for household in LOG:
    for item, age in household:
        sales[item] += 2 ** (-age / 14)
total = sum(sales)
crowd = {}
for item, count in enumerate(sales):
    for f, x in vectors[item].items():
        crowd[f] = crowd.get(f, 0) + x * count / total
cases = []
for household in LOG:
    weights = [(item, 2 ** (-age / HALF_LIFE)) for item, age in household]
    whole = sum(w for _, w in weights)
    p = {}
    for item, w in weights:
        for f, x in vectors[item].items():
            p[f] = p.get(f, 0) + x * w / whole
    p = {f: x - GAMMA * crowd.get(f, 0) for f, x in p.items()}
    p = {f: x for f, x in p.items() if x > 0}
    norm = math.sqrt(sum(x * x for x in p.values()))
    scores = [sum(x * p.get(f, 0) for f, x in v.items()) / norm * (1 + s) ** SIGMA for v, s in zip(vectors, sales)]
    cases.append([[i, s] for i, s in enumerate(scores) if s > 0])
print(json.dumps({"tolerance": 1e-5, "items": ITEMS, "log": LOG, "scores": cases}))
