#!/usr/bin/env python3
"""Runs the benchmark's steps, prints a table and writes var/bench.json. A step that fails says so, and the rest goes on."""
import argparse, json, os, pathlib, platform, sys, time

import encoder, engine, epochs, events, models, offpolicy, patches, quality, search, server, shop_build, training, vectors, voice
from figures import Figure

BUDGET_SECONDS = 30 * 60
STEPS = {
    "build": shop_build.measure, "quality": quality.measure, "start": server.measure_start, "search": search.measure,
    "engine": engine.measure, "training": training.measure, "millions": engine.measure_millions,
    "encoder": encoder.measure, "vectors": vectors.measure, "meaning": vectors.measure_meaning, "epochs": epochs.measure,
    "recommend": search.measure_recommend, "events": events.measure, "patches": patches.measure,
    "voice": voice.measure, "offpolicy": offpolicy.measure, "models": models.measure, "growth": models.measure_growth,
}


class Settings:
    """What every step gets: where things are and how long it may take."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.souk = str(pathlib.Path(arguments.souk).resolve())
        self.bench = str(pathlib.Path(arguments.souk).resolve().with_name("souk-bench"))
        self.shop = pathlib.Path(arguments.shop)
        self.work = pathlib.Path("var/bench")
        self.journey = pathlib.Path("var/data/completejourney")
        self.shared = pathlib.Path("../shared")
        self.is_full = arguments.full
        self.end = time.monotonic() + (BUDGET_SECONDS if not arguments.full else 12 * 3600)

    def seconds_left(self) -> float:
        return max(1.0, self.end - time.monotonic())


def machine() -> dict:
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    memory = int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal"))) // 1024
    return {"processor": model, "cores": os.cpu_count(), "memory_mb": memory, "system": platform.platform(),
            "python": platform.python_version(), "load_before": os.getloadavg()[0]}


def show(figures: list[Figure]) -> None:
    rows = [("what", "measured", "at least", "beside", "verdict")] + [f.row() for f in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--souk", required=True)
    parser.add_argument("--shop", required=True)
    parser.add_argument("--full", action="store_true", help="more rounds; steps that are done for this program are kept")
    parser.add_argument("--only", default="", help="steps, with commas between")
    arguments = parser.parse_args()
    wanted = [name for name in arguments.only.split(",") if name] or list(STEPS)
    if unknown := set(wanted) - set(STEPS):
        parser.error(f"no such step: {', '.join(sorted(unknown))}; steps: {', '.join(STEPS)}")
    settings = Settings(arguments)
    settings.work.mkdir(parents=True, exist_ok=True)
    out = pathlib.Path("var/bench-full.json" if arguments.full else "var/bench.json")
    program = f"{os.path.getsize(settings.souk)}-{os.path.getmtime(settings.souk)}" if os.path.exists(settings.souk) else "none"
    earlier = json.loads(out.read_text()) if out.exists() else {}
    same = earlier.get("program") == program and (arguments.full or arguments.only)
    report = {"program": program, "machine": machine(), "steps": earlier.get("steps", {}) if same else {}}
    for name in wanted:
        if arguments.full and name in report["steps"] and not arguments.only:
            continue
        print(f"bench: {name}", file=sys.stderr, flush=True)
        began = time.monotonic()
        figures: list[Figure] = []
        try:
            STEPS[name](settings, figures)
        except Exception as error:  # Whatever went wrong belongs into the table, beside what was measured before it.
            figures.append(Figure(name, problem=f"{type(error).__name__}: {error}"))
        report["steps"][name] = {"seconds": round(time.monotonic() - began, 1), "figures": [f.json() for f in figures]}
        partial = out.with_suffix(".partial")
        partial.write_text(json.dumps(report, indent=1) + "\n")
        partial.replace(out)
    figures = [Figure.from_json(f) for name in STEPS for f in report["steps"].get(name, {}).get("figures", [])]
    show(figures)
    print(f"\nwritten to {out}; {report['machine']['processor']}, {report['machine']['cores']} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
