#!/usr/bin/env python3
"""Draws how the time of a query grows with the catalogue, beside tantivy: docs/images/growth.svg from var/bench-full.json.

    Benchmarks/growth.py [BENCH.json [OUT.svg]]
"""
import json, math, pathlib, re, sys

from engine import WAYS

WIDTH, HEIGHT, LEFT, TOP = 400, 250, 62, 40
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


def panel(found: dict, way: str, left: float, top: float) -> list[str]:
    lines = {key: values for key, values in found.items() if key[0] == way}
    documents = [document for values in lines.values() for document, _ in values]
    times = [time for values in lines.values() for _, time in values]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    first, last = math.log10(min(documents)), math.log10(max(documents))
    def x(document: float) -> float:
        return left + LEFT + (math.log10(document) - first) / max(1e-9, last - first) * (WIDTH - LEFT - 20)
    def y(time: float) -> float:
        return top + HEIGHT - 34 - (math.log10(time) - low) / max(1, high - low) * (HEIGHT - 34 - TOP)
    out = [f'<text x="{left + LEFT}" y="{top + 24}" class="title">{way}</text>']
    for power in range(low, high + 1):
        height = y(10 ** power)
        out.append(f'<path d="M{left + LEFT} {height:.1f}H{left + WIDTH - 20}" class="grid"/><text x="{left + LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{short(10 ** power)}</text>')
    for document in sorted(set(documents)):
        label = f"{document / 1e6:.0f} M" if document >= 500_000 else f"{document / 1000:.0f} k"
        out.append(f'<text x="{x(document):.1f}" y="{top + HEIGHT - 12}" text-anchor="middle">{label}</text>')
    for (_, engine, statistic), values in sorted(lines.items()):
        path = "L".join(f"{x(document):.1f} {y(time):.1f}" for document, time in values)
        dash = ' stroke-dasharray="5 4"' if statistic == "p99" else ""
        out.append(f'<path d="M{path}" fill="none" stroke="{COLOURS[engine]}" stroke-width="2.5"{dash}/>')
        out += [f'<circle cx="{x(document):.1f}" cy="{y(time):.1f}" r="3.5" fill="{COLOURS[engine]}"/>' for document, time in values]
    return out


def draw(found: dict) -> str:
    style = "text{font:13px sans-serif;fill:#44403c}.title{font-weight:600;font-size:15px;fill:#1c1917}.grid{stroke:#e7e5e4}"
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {2 * HEIGHT + 40}" role="img">',
           "<title>Time of a query by the number of documents, Souk beside tantivy</title>",
           f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>']
    for number, way in enumerate(WAYS.values()):
        out += panel(found, way, (number % 2) * WIDTH, (number // 2) * HEIGHT)
    for number, (engine, colour) in enumerate(COLOURS.items()):
        left = LEFT + number * 110
        out.append(f'<path d="M{left} {2 * HEIGHT + 18}h24" stroke="{colour}" stroke-width="2.5"/><text x="{left + 30}" y="{2 * HEIGHT + 22}">{engine}</text>')
    out.append(f'<text x="{LEFT + 240}" y="{2 * HEIGHT + 22}">solid: median · dashed: 99th percentile · both scales logarithmic</text></svg>')
    return "\n".join(out) + "\n"


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
