"""Quality by `souk evaluate`, each figure checked against an independent scorer, beside the levels to beat."""
import json, pathlib, subprocess, sys

from commands import run
from figures import Figure


def measure(settings, figures: list[Figure]) -> None:
    data = settings.shared / "data"
    if not data.exists():
        raise RuntimeError(f"{data} is absent: quality is not measured")
    for task in (search, baskets, sequences):
        try:
            task(settings, data, figures)
        except Exception as error:
            figures.append(Figure(f"quality of {task.__name__}", problem=str(error)))


def search(settings, data: pathlib.Path, figures: list[Figure]) -> None:
    queries, qrels = data / "grocery-queries/queries.tsv", data / "grocery-queries/qrels.txt"
    out = settings.work / "search.run"
    got = evaluate(settings, ["search", "--shop", settings.shop, "--queries", queries, "--qrels", qrels, "--run", out])
    note = verify(settings, got, ["search", queries, qrels, out])
    figures += [
        Figure("grocery queries: NDCG@10", got["ndcg@10"], "", 0.76, True, "BM25 .505, MiniLM .545, both", 0.575, note=note),
        Figure("grocery queries: without a result", got["zero_results"], "", 8, False, "BM25 with stemming", 16),
    ]
    figures += [Figure(f"  group {name}: NDCG@10", value) for name, value in got["groups"].items()]


def baskets(settings, data: pathlib.Path, figures: list[Figure]) -> None:
    truth = data / "baskets-truth-2017-11-01.tsv"
    out, new = settings.work / "baskets.run", settings.work / "baskets-new.run"
    got = evaluate(settings, ["baskets", "--shop", settings.shop, "--cut", "2017-11-01", "--users", truth, "--run", out, "--run-new", new])
    note = verify(settings, got, ["baskets", truth, out, new])
    figures += [
        Figure("next basket: NDCG@10", got["ndcg@10"], "", 0.213, True, "LightGBM LambdaMART", 0.2055, note=note),
        Figure("next basket: Recall@10", got["recall@10"], "", 0.151, True, "LightGBM LambdaMART", 0.1460),
        Figure("next basket: Recall@10 of new items", got["recall_new@10"], "", 0.026, True, "decayed + neighbours", 0.0199),
    ]


def sequences(settings, data: pathlib.Path, figures: list[Figure]) -> None:
    file = data / "amazon/Beauty.txt"
    for model in ("pctm", None):
        out = settings.work / f"beauty-{model or 'default'}.run"
        words = ["sequences", "--data", file, "--run", out] + (["--model", model] if model else [])
        got = evaluate(settings, words)
        note = verify(settings, got, ["sequences", file, out])
        name = f"Beauty next item, {model or 'shipped default'}"
        figures += [
            Figure(f"{name}: NDCG@10", got["ndcg@10"], "", 0.0620 if model else 0.0634, True, "published PCTM", 0.0634, note=note),
            Figure(f"{name}: Recall@10", got["recall@10"], "", None if model else 0.0996, True, "published PCTM", 0.0996),
        ]


def evaluate(settings, words: list) -> dict:
    outcome = run([settings.souk, "evaluate", *map(str, words)], min(settings.seconds_left(), 3600 if settings.is_full else 240))
    return json.loads(outcome.last_line())


def verify(settings, got: dict, words: list) -> str:
    """Scores the run once more with the independent scorer; raises where a figure differs by more than 1e-9."""
    scorer = settings.shared / "tools/score.py"
    if not scorer.exists():
        return "not verified: no scorer"
    done = subprocess.run([sys.executable, scorer, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the scorer refuses the run: {(done.stderr or done.stdout).strip()[-200:]}")
    for key, value in json.loads(done.stdout).items():
        if not agree(value, got.get(key)):
            raise RuntimeError(f"{key}: souk says {got.get(key)}, the scorer {value}")
    return "verified"


def agree(left, right) -> bool:
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(agree(left[k], right[k]) for k in left)
    return isinstance(right, (int, float)) and abs(left - right) <= 1e-9
