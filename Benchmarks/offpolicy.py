"""Off-policy estimates beside those of obp on Open Bandit's log: the same within 1e-9, or the step fails."""
import json, pathlib

from commands import run
from figures import Figure

TOLERANCE = 1e-9


def measure(settings, figures: list[Figure]) -> None:
    python = pathlib.Path("var/rivals/venv/bin/python")
    if not python.exists():
        figures.append(Figure("off-policy estimates", problem=f"{python} is missing: run Setup/rivals"))
        return
    script = str(pathlib.Path(__file__).with_name("offpolicy_rivals.py"))
    for campaign in ("all", "men", "women"):
        words = [str(python), script, settings.souk, campaign] + ([] if settings.is_full else ["--no-sampling"])
        found = json.loads(run(words, min(settings.seconds_left(), 300)).output)
        ours, theirs = found["souk"], found["obp"]
        figures.append(Figure(
            f"Open Bandit {campaign}: largest difference of an estimate", found["largest_difference"], "", TOLERANCE, False, "obp 0.4.1",
            note=f"clicks a thousand: IPS {1000 * theirs['ips']:.2f}, SNIPS {1000 * theirs['snips']:.2f}, doubly robust {1000 * theirs['dr']:.2f}, "
                 f"on policy {1000 * ours['on_policy']:.2f}"))
