"""The home shelf in-process with a shop's models, and how time and memory grow with a made-up catalogue and log.

    models.py BENCH.json [OUT.svg]     draws the growth that `make bench-full` measured (docs/images/models.svg)
"""
import json, pathlib, re, sys

from commands import run
from curves import HEIGHT, WIDTH, Curve, panel, picture
from figures import Figure

MEDIAN, P99, MODELS_MB = 2, 10, 150
# Items and events; all but the first two are measured by `make bench-full` alone.
SIZES = ((10_000, 200_000), (30_000, 600_000), (100_000, 2_000_000), (300_000, 6_000_000), (1_000_000, 20_000_000))
PEOPLE = 500
GROWTH = (("train", "s", "train_seconds"), ("most resident in training", "MB", "train_peak_mb"),
          ("files of the models", "MB", "model_file_mb"), ("home, median", "ms", "median_ms"), ("home, p99", "ms", "p99_ms"))


def measure(settings, figures: list[Figure]) -> None:
    got = json.loads(run([settings.bench, "recommend", str(settings.shop), "2500"], 600).last_line())
    note = f"{got['people']} people, nothing kept between answers"
    figures += [
        Figure("home in-process, all members: median", got["median_ms"], "ms", MEDIAN, False, note=note),
        Figure("home in-process, all members: p99", got["p99_ms"], "ms", P99, False, note=note),
        Figure("models of the shop: resident", got["models_mb"], "MB", MODELS_MB, False),
    ]


def measure_growth(settings, figures: list[Figure]) -> None:
    for items, events in SIZES[:None if settings.is_full else 2]:
        got = json.loads(run([settings.bench, "models", str(items), str(events), str(PEOPLE)], 5400).last_line())
        for name, unit, key in GROWTH:
            figures.append(Figure(f"models, {items:,} items, {events:,} events: {name}", got[key], unit, None, False))


NAME = re.compile(r"models, ([\d,]+) items, [\d,]+ events: (.+)$")
PANELS = {
    "seconds of training": {"train": "#0f766e"},
    "MB, in training and as files": {"most resident in training": "#b45309", "files of the models": "#0f766e"},
    "home, ms": {"home, median": "#0f766e", "home, p99": "#b45309"},
}


def main() -> None:
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "docs/images/models.svg")
    found: dict[str, list[tuple[float, float]]] = {}
    for step in json.loads(source.read_text())["steps"].values():
        for figure in step["figures"]:
            if (match := NAME.match(figure["what"])) and figure["value"] is not None:
                found.setdefault(match[2], []).append((int(match[1].replace(",", "")), figure["value"]))
    if not found:
        sys.exit(f"{source} holds no figures of models by the number of items: run make bench-full")
    panels: list[str] = []
    for number, (title, colours) in enumerate(PANELS.items()):
        curves = [Curve(colour, sorted(found[name])) for name, colour in colours.items()]
        panels += panel(title, curves, lambda value: f"{value:g}", (number % 2) * WIDTH, (number // 2) * HEIGHT)
    note = "by items, with 20 events an item; green: median or files, brown: p99 or training; both scales logarithmic"
    target.write_text(picture("Models by the number of items", panels, [], note, 2))
    print(target)


if __name__ == "__main__":
    main()
