"""The sentence encoder on one thread beside ONNX Runtime with the same weights, and how fast it encodes products."""
import json, os, pathlib, shutil

import engine_data
from commands import run
from figures import Figure

QUERIES = pathlib.Path(__file__).parent / "data" / "encoder-queries.txt"
# At most, of ONNX Runtime's time at the same precision.
SHARE = 1.0
MINUTES, SAMPLE = 6, 4000


def measure(settings, figures: list[Figure]) -> None:
    weights = pathlib.Path("var/models/minilm").resolve()
    compare(settings, figures, weights)
    embed(settings, figures, weights)


def compare(settings, figures: list[Figure], weights: pathlib.Path) -> None:
    rounds, repeats = (301, 5) if settings.is_full else (101, 3)
    python = pathlib.Path("var/rivals/venv/bin/python")
    if not python.exists():
        figures.append(Figure("sentence encoder", problem="ONNX Runtime is not installed: run Setup/rivals"))
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    pin = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    script = str(pathlib.Path(__file__).parent / "rivals" / "sentence_encoder.py")
    words = [str(weights), str(QUERIES), str(rounds)]
    # One after the other and again, so that a busy moment of the machine meets both.
    pairs = []
    for _ in range(repeats):
        own = json.loads(run([*pin, settings.bench, "encode", *words], 300).last_line())
        other = json.loads(run([*pin, str(python), script, *words, str(settings.work)], 600).last_line())
        pairs.append((own, other))
    for precision, name in (("int8", "8-bit"), ("float", "single precision")):
        own = best([own[precision] for own, _ in pairs])
        other = best([other[precision]["texts"] for _, other in pairs])
        exact = pairs[0][1]["float"]["texts"]
        check(precision, pairs[0][0][precision], exact)
        tokens = {answer["tokens"] for answer in exact}
        note = pairs[0][1][precision]["variant"]
        if precision == "int8":
            theirs = pairs[0][1]["int8"]["texts"]
            note += f"; least cosine with single precision {least(pairs[0][0]['int8'], exact):.4f}, ONNX Runtime's {least(theirs, exact):.4f}"
        figures.append(Figure(f"sentence of {', '.join(map(str, sorted(tokens)))} tokens, {name}, one thread", own / 1000, "ms",
                              other * SHARE / 1000, False, "ONNX Runtime", other / 1000, note=note))


def best(rounds: list[list[dict]]) -> float:
    """The mean over the texts of the least of each text's medians, in microseconds."""
    return sum(min(answers[text]["microseconds"] for answers in rounds) for text in range(len(rounds[0]))) / len(rounds[0])


def least(left: list[dict], right: list[dict]) -> float:
    return min(sum(a * b for a, b in zip(one["vector"], other["vector"])) for one, other in zip(left, right))


def check(precision: str, own: list[dict], exact: list[dict]) -> None:
    """Vectors must be ONNX Runtime's in single precision: within 1e-4, and by a cosine of .99 in 8 bits."""
    if precision == "float":
        gap = max(abs(a - b) for one, other in zip(own, exact) for a, b in zip(one["vector"], other["vector"]))
        if gap > 1e-4:
            raise RuntimeError(f"vectors differ from ONNX Runtime's by {gap:.1e}")
    elif (cosine := least(own, exact)) < 0.99:
        raise RuntimeError(f"a vector in 8 bits has a cosine of {cosine:.4f} with ONNX Runtime's")


def embed(settings, figures: list[Figure], weights: pathlib.Path) -> None:
    """The words of every product, each encoded by itself although many are equal; a sample of them, or all with `--full`."""
    documents, _ = engine_data.make(settings.journey, settings.work, 1)
    lines = [line.split("\t")[0] for line in documents.read_text().splitlines()]
    step = 1 if settings.is_full else len(lines) // SAMPLE
    sample = settings.work / "encoder-texts.txt"
    sample.write_text("\n".join(lines[::step]) + "\n")
    own = json.loads(run([settings.bench, "embed", str(weights), str(sample)], 1800).last_line())
    note = "" if step == 1 else f"from {own['texts']:,} of them"
    for precision, name in (("int8", "8-bit"), ("float", "single precision")):
        minutes = own[precision] / own["texts"] * len(lines) / 60
        figures.append(Figure(f"{len(lines):,} products as vectors, {name}", minutes, "min", MINUTES, False, note=note))
    figures.append(Figure("vectors of products in 8 bits: mean cosine with single precision", own["mean_cosine"], "", 0.99,
                          note=f"least {own['least_cosine']:.4f}; of the ten nearest {own['nearest_kept']:.3f} stay"))
