#!/usr/bin/env python3
"""Measures how well slips of typing are forgiven.

slips.py SOUK SHOP [--seed N] [--count N]

Draws words of the catalogue's titles, frequent ones more often, makes one slip in each (two in a quarter of
the words of eight letters and more) and searches for both. `overlap@10` is the mean share of the ten items that the word
itself finds first which the slip finds among its first ten; `same first` the share of slips with the same first item.
The last line is one JSON object.
"""
import argparse
import collections
import json
import math
import pathlib
import random
import re
import sqlite3
import subprocess
import tempfile

KEYS = {}
for y, row in enumerate(["qwertyuiop", "asdfghjkl", "zxcvbnm"]):
    for x, key in enumerate(row):
        KEYS[key] = (x + y / 2, y)
NEAR = {a: [b for b in KEYS if b != a and math.dist(KEYS[a], KEYS[b]) < 1.3] for a in KEYS}


def slip(word: str, random_: random.Random) -> str:
    """One slip of a kind that people make, seldom at the first letter."""
    place = random_.randrange(1, len(word)) if random_.random() < 0.95 else 0
    letter, kind = word[place], random_.random()
    if kind < 0.28:
        return word[:place] + word[place + 1:]
    if kind < 0.40:
        return word[:place] + letter + word[place:]
    if kind < 0.48:
        return word[:place] + random_.choice(NEAR[letter]) + word[place:]
    if kind < 0.66:
        return word[:place] + random_.choice(NEAR[letter]) + word[place + 1:]
    if kind < 0.80:
        vowels = [i for i, c in enumerate(word) if c in "aeiou"] or [place]
        place = random_.choice(vowels)
        return word[:place] + random_.choice("aeiou") + word[place + 1:]
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2:]


def words(shop: str) -> dict[str, int]:
    counts: collections.Counter[str] = collections.Counter()
    store = sqlite3.connect(f"file:{shop}/shop.sqlite?mode=ro", uri=True)
    for (title,) in store.execute("SELECT title FROM item"):
        counts.update(set(re.findall(r"[a-z]+", title.lower())))
    return {word: count for word, count in counts.items() if len(word) >= 5 and count >= 20}


def run(souk: str, shop: str, queries: list[str]) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / name for name in ("queries", "qrels", "run")]
        lines = (f"s{i}\tslip\ten\t{query}\n" for i, query in enumerate(queries))
        files[0].write_text("".join(lines), "utf-8")
        files[1].write_text("s0 0 none 1\n")
        subprocess.run([souk, "evaluate", "search", "--shop", shop, "--queries", files[0], "--qrels", files[1],
                        "--run", files[2], "--quiet"], check=True, stdout=subprocess.DEVNULL)
        found: list[list[str]] = [[] for _ in queries]
        for line in files[2].read_text("utf-8").splitlines():
            query, _, item, *_ = line.split()
            found[int(query[1:])].append(item)
    return [items[:10] for items in found]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("souk")
    parser.add_argument("shop")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--misses", action="store_true", help="print slips that find little of it")
    options = parser.parse_args()
    random_ = random.Random(options.seed)
    counts = words(options.shop)
    pairs = []
    names, weights = zip(*sorted((word, count ** 0.5) for word, count in counts.items()))
    while len(pairs) < options.count:
        word = random_.choices(names, weights)[0]
        typed = slip(word, random_)
        if len(word) >= 8 and random_.random() < 0.25:
            typed = slip(typed, random_)
        if typed not in counts and typed != word:
            pairs.append((word, typed))
    meant = run(options.souk, options.shop, [word for word, _ in pairs])
    found = run(options.souk, options.shop, [typed for _, typed in pairs])
    kept = [(pair, a, b) for pair, a, b in zip(pairs, meant, found) if a]
    overlaps = [len(set(a) & set(b)) / len(a) for _, a, b in kept]
    if options.misses:
        for (pair, _, b), overlap in zip(kept, overlaps):
            if overlap < 0.5:
                print(*pair, f"{overlap:.1f}", len(b))
    print(json.dumps({
        "slips": len(kept), "overlap@10": round(sum(overlaps) / len(kept), 4),
        "same first": round(sum(a[0] in b[:1] for _, a, b in kept) / len(kept), 4),
        "nothing": round(sum(not b for *_, b in kept) / len(kept), 4),
    }))


if __name__ == "__main__":
    main()
