"""How well spoken queries are understood: synthetic voices read queries that chose nothing of the model."""
import json

import voice_speech
from commands import run
from figures import Figure

# Every voice in the long run; one of each synthesiser in the short one.
QUICK_VOICES = ["espeak-us", "flite-slt"]


def measure(settings, figures: list[Figure]) -> None:
    if absent := voice_speech.missing():
        raise RuntimeError(f"not installed: {', '.join(absent)}")
    voices = list(voice_speech.VOICES) if settings.is_full else QUICK_VOICES
    texts = voice_speech.queries(settings.shop, "test", 120 if settings.is_full else 40)
    measure_texts(settings, "synthetic queries", texts, voices, figures)
    written = settings.shared / "data/grocery-queries/queries.tsv"
    if written.exists():
        measure_texts(settings, "written queries", voice_speech.typed(written), voices, figures)


def measure_texts(settings, name: str, texts: list[str], voices: list[str], figures: list[Figure]) -> None:
    recordings = voice_speech.record(texts, voices, settings.work / "voice" / name.replace(" ", "-"))
    outcome = run([settings.souk, "evaluate", "voice", "--shop", str(settings.shop), "--recordings", str(recordings)],
                  min(settings.seconds_left(), 3600))
    got = json.loads(outcome.last_line())
    figures.append(Figure(f"{name}, spoken: real time", got["real_time"], "s/s", 1, False, note=f"{got['recordings']} recordings"))
    figures.append(Figure(f"{name}, spoken: most resident with the index", round(outcome.peak_mb, 1), "MB"))
    for condition in ("clean", "noise"):
        for maker in sorted({voice.split("-")[0] for voice in voices}):
            groups = [part for group, part in got["groups"].items() if group.startswith(maker) and group.endswith(condition)]
            figures += summed(f"  {name}, {maker}, {condition}", groups)


def summed(name: str, groups: list[dict]) -> list[Figure]:
    """The figures of groups together: errors over words, the rest weighed by recordings."""
    errors = sum(part["substitutions"] + part["deletions"] + part["insertions"] for part in groups)
    count = sum(part["recordings"] for part in groups)

    def share(key: str) -> float:
        return sum(part[key] * part["recordings"] for part in groups) / count

    return [
        Figure(f"{name}: word error rate", errors / sum(part["words"] for part in groups), "", None, False),
        Figure(f"{name}: sentences right", share("sentences")),
        Figure(f"{name}: right among five alternatives", share("among_alternatives")),
        Figure(f"{name}: first ten as if typed", share("same_results")),
    ]
