"""The nearest of 92,331 vectors in-process, with and without a filter, beside a scan in single precision."""
import json, pathlib, random

import engine_data
from commands import run
from figures import Figure

RECALL, MEDIAN = 0.98, 1.5
ADDED = 8


def texts(settings) -> tuple[pathlib.Path, pathlib.Path]:
    """A text of its own for every product, and queries: many products have the same words, so each gets two words of others."""
    documents, queries = engine_data.make(settings.journey, settings.work, 1)
    lines = [line.split("\t")[0] for line in documents.read_text().splitlines()]
    vocabulary = sorted({word for line in lines for word in line.split() if word.isalpha() and len(word) > 3})
    chance, seen, made = random.Random(1), set(), []
    for line in lines:
        text = line
        while text in seen:
            text = f"{' '.join(chance.sample(vocabulary, 2))} {line}"
        seen.add(text)
        made.append(text)
    own, asked = settings.work / "vector-texts.txt", settings.work / "vector-queries.txt"
    own.write_text("\n".join(made) + "\n")
    words = sorted({line.split("\t")[0] for line in queries.read_text().splitlines()})
    asked.write_text("\n".join(words[:200]) + "\n")
    return own, asked


def measure(settings, figures: list[Figure]) -> None:
    own, asked = texts(settings)
    rounds = 15 if settings.is_full else 7
    weights, vectors = pathlib.Path("var/models/minilm").resolve(), settings.work / "vectors.safetensors"
    got = json.loads(run([settings.bench, "vectors", str(weights), str(own), str(asked), str(vectors), str(rounds)], 1800).last_line())
    for name, way in (("nearest", ""), ("nearest_filtered", ", a filter of 1 %"), ("nearest_half", ", a filter of 50 %"), ("scan", ", by a scan")):
        what = f"ten nearest of {got['vectors']:,} vectors{way}"
        level = None if name == "scan" else MEDIAN
        figures += [
            Figure(f"{what}: median", got[name]["median_microseconds"] / 1000, "ms", level, False),
            Figure(f"{what}: recall@10", got[name]["recall"], "", RECALL),
        ]
    figures.append(Figure("preparing these vectors", got["build_seconds"], "s", None, False))


def newest(folder: pathlib.Path) -> pathlib.Path:
    return max((path for path in folder.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))


def measure_meaning(settings, figures: list[Figure]) -> None:
    """What meaning adds to a search in-process, and to the judged queries, with a paired test."""
    data = settings.shared / "data/grocery-queries"
    lines = [line.split("\t")[3] for line in (data / "queries.tsv").read_text().splitlines()]
    asked = settings.work / "meaning-queries.txt"
    asked.write_text("\n".join(lines) + "\n")
    folders = [str(newest(settings.shop / "index")), str(newest(settings.shop / "models/meaning"))]
    got = json.loads(run([settings.bench, "meaning", *folders, str(asked)], 300).last_line())
    figures += [
        Figure("meaning adds to a search in-process: median", got["added_median_milliseconds"], "ms", ADDED, False),
        Figure("meaning adds to a search in-process: p99", got["added_p99_milliseconds"], "ms", ADDED, False,
               note=f"words alone {got['median_milliseconds']:.2f} ms"),
    ]
    words = [settings.souk, "evaluate", "search", "--shop", str(settings.shop), "--queries", str(data / "queries.tsv"),
             "--qrels", str(data / "qrels.txt"), "--run"]
    plain = str(settings.work / "words.run")
    run([*words, plain, "--no-meaning"], 240)
    both = json.loads(run([*words, str(settings.work / "meaning.run"), "--compare", plain], 240).last_line())
    other = both["compared"]
    figures.append(Figure(
        "grocery queries, NDCG@10: words and meaning", both["ndcg@10"], "", None, True, "words alone", other["ndcg@10"],
        note=f"difference {other['difference']:+.4f} ({other['lower']:+.4f} to {other['upper']:+.4f}), p {other['p_value']:.3f}; "
             f"{other['better']} queries better, {other['worse']} worse"))
