"""Training of models of taste and lists for all users of Amazon Beauty, beside implicit's and NumPy's on the same histories."""
import json, pathlib, sys

from commands import run
from figures import Figure
from quality import verify

# Model, rival, what it is called. Quality must be equal or better; levels are parts of the rival's time.
PAIRS = (("als", "als", "implicit"), ("bpr", "bpr", "implicit"), ("ease", "ease", "NumPy"), ("ease", "ease_cholesky", "SciPy's Cholesky"))
LEVEL = 1.0
LIST_SECONDS = 10


def measure(settings, figures: list[Figure]) -> None:
    data = settings.shared / "data/amazon/Beauty.txt"
    if not data.exists():
        raise RuntimeError(f"{data} is absent: training is not measured")
    for model, rival, label in PAIRS:
        try:
            compare(settings, data, model, rival, label, figures)
        except Exception as error:  # A rival that is not installed or fails costs its rows alone.
            figures.append(Figure(f"training of {model} beside {label}", problem=str(error)))


def compare(settings, data: pathlib.Path, model: str, rival: str, label: str, figures: list[Figure]) -> None:
    """Turn by turn, so that what else the machine does meets both; the shortest time of each counts."""
    out, other = settings.work / f"training-{model}.run", settings.work / f"training-rival-{rival}.run"
    script = str(pathlib.Path(__file__).with_name("training_rivals.py"))
    rounds = (5 if settings.is_full else 3) if not model.startswith("ease") else (3 if settings.is_full else 1)
    ours, theirs = [], []
    for _ in range(rounds):
        lines = run([settings.souk, "evaluate", "sequences", "--model", model, "--data", str(data), "--run", str(out), "--quiet"], 600).output
        times, result = lines.strip().splitlines()[-2:]
        ours.append(json.loads(times) | json.loads(result))
        theirs.append(json.loads(run([sys.executable, script, rival, str(data), str(other)], 900).last_line()))
    note = verify(settings, ours[0], ["sequences", data, out])
    verify(settings, theirs[-1], ["sequences", data, other])
    shortest = {name: (min(r[name] for r in ours), min(r[name] for r in theirs)) for name in ("train_seconds", "list_seconds")}
    train, lists = shortest["train_seconds"], shortest["list_seconds"]
    figures += [
        Figure(f"training {model}: time", train[0], "s", train[1] * LEVEL, False, label, train[1], note=f"{train[0] / train[1]:.2f} of {label}'s"),
        Figure(f"training {model}: NDCG@10", ours[0]["ndcg@10"], "", theirs[-1]["ndcg@10"], True, label, theirs[-1]["ndcg@10"], note=note),
        Figure(f"lists of ten by {model} for {ours[0]['users']:,} users", lists[0], "s", LIST_SECONDS, False, label, lists[1]),
    ]
