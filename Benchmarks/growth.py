#!/usr/bin/env python3
"""Draws how the time of a query grows with the catalogue, beside tantivy: docs/images/growth.svg from var/bench-full.json.

    Benchmarks/growth.py [BENCH.json [OUT.svg]]
"""
import json, pathlib, re, sys

from curves import HEIGHT, WIDTH, Curve, panel, picture
from engine import WAYS

COLOURS = {"Souk": "#0f766e", "tantivy": "#b45309"}
NAME = re.compile(r"engine, ([\d,]+) documents: (.+), (median|p99)$")


def read(path: pathlib.Path) -> dict:
    """Microseconds by way, engine and statistic, as lists of (documents, time)."""
    found: dict = {}
    for step in json.loads(path.read_text())["steps"].values():
        for figure in step["figures"]:
            match = NAME.match(figure["what"])
            if match and figure["rival"] == "tantivy" and figure["value"] is not None:
                documents = int(match[1].replace(",", ""))
                for engine, value in (("Souk", figure["value"]), ("tantivy", figure["rival_value"])):
                    found.setdefault((match[2], engine, match[3]), []).append((documents, value))
    return {key: sorted(values) for key, values in found.items()}


def short(value: float) -> str:
    return f"{value:g} µs" if value < 1000 else f"{value / 1000:g} ms"


def draw(found: dict) -> str:
    panels: list[str] = []
    for number, way in enumerate(WAYS.values()):
        lines = [
            Curve(COLOURS[engine], points, statistic == "p99")
            for (name, engine, statistic), points in sorted(found.items()) if name == way
        ]
        panels += panel(way, lines, short, (number % 2) * WIDTH, (number // 2) * HEIGHT)
    note = "solid: median · dashed: 99th percentile · both scales logarithmic"
    title = "Time of a query by the number of documents, Souk beside tantivy"
    return picture(title, panels, list(COLOURS.items()), note, 2)


def main() -> None:
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "var/bench-full.json")
    target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "docs/images/growth.svg")
    found = read(source)
    if not found:
        sys.exit(f"{source} holds no figures of the engine beside tantivy: run make bench-full")
    target.write_text(draw(found))
    print(target)


if __name__ == "__main__":
    main()
