"""Import, index and train of the whole year, from exported files and without the display and mailer rows."""
import shutil

from commands import run
from figures import Figure


def measure(settings, figures: list[Figure]) -> None:
    shop = settings.work / "fresh" / "grocery"
    shutil.rmtree(shop.parent, ignore_errors=True)
    shop.parent.mkdir(parents=True)
    souk, total, peak = settings.souk, 0.0, 0.0
    try:
        run([souk, "init", "--shop", str(shop), "--title", "Benchmark", "--currency", "USD", "--demo"], 60)
        steps = {
            "import": ["import", "--shop", str(shop), "--completejourney", str(settings.journey), "--full"],
            "index": ["index", "--shop", str(shop)], "train": ["train", "--shop", str(shop)],
        }
        for name, words in steps.items():
            outcome = run([souk, *words], min(settings.seconds_left(), 600))
            total, peak = total + outcome.seconds, max(peak, outcome.peak_mb)
            figures.append(Figure(f"whole year: {name}", round(outcome.seconds, 1), "s", None, False, note=f"{outcome.peak_mb:.0f} MB"))
        figures.append(Figure("whole year: import + index + train", round(total, 1), "s", 180, False))
        figures.append(Figure("whole year: most resident", round(peak), "MB", 1536, False))
    finally:
        shutil.rmtree(shop.parent, ignore_errors=True)
