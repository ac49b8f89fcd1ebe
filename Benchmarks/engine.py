"""The search engine in-process, without server and without understanding of queries, beside other engines on the same words."""
import json, pathlib, statistics, sys

import engine_data
from commands import run
from figures import Figure, percentile

RIVALS = ("tantivy", "sqlite", "xapian", "bm25s")
WAYS = {"all_words": "all words", "any_word": "any word", "all_words_filtered": "all words in a category",
        "any_word_filtered": "any word in a category"}
# At least, of tantivy's median and 99th percentile; documents a second.
MEDIAN, TAIL, BUILD = 0.8, 1.0, 0.7
BYTES_PER_DOCUMENT = 1024
TURNS = 3


def measure(settings, figures: list[Figure]) -> None:
    """92,331 products."""
    compare(settings, figures, 1, 15 if settings.is_full else 7, RIVALS, 600)
    measure_facets(settings, figures)


def measure_facets(settings, figures: list[Figure]) -> None:
    """Five facets with 300,000 values over a million matches: made-up documents, built in memory."""
    own = json.loads(run([settings.bench, "facets", "1000000", "300000", "21"], 600).last_line())
    if not own["exact"]:
        raise RuntimeError("the counts of a facet do not sum to the matches")
    figures.append(Figure(f"5 facets, {own['values']:,} values, over {own['matches']:,} matches: median", own["median_milliseconds"], "ms", 20, False))


def measure_typing(settings, figures: list[Figure]) -> None:
    """Each keystroke of the queries, with a slip in each, at a million documents."""
    documents, queries = engine_data.make(settings.journey, settings.work, 11)
    own = json.loads(run([settings.bench, "typing", str(documents), str(queries)], 1800).last_line())
    figures += [
        Figure("typing with slips at 1,000,000 documents: p99 of a keystroke", own["p99_microseconds"] / 1000, "ms", 10, False,
               note=f"{own['empty']} of {own['keystrokes']} keystrokes find nothing"),
        Figure("typing with slips at 1,000,000 documents: median", own["median_microseconds"] / 1000, "ms", None, False),
    ]


def measure_millions(settings, figures: list[Figure]) -> None:
    """A million and five millions: the slowest rivals are left out of the larger one."""
    if not settings.is_full:
        figures.append(Figure("engine at 1,000,000 and 5,000,000 documents", note="make bench-full"))
        return
    compare(settings, figures, 11, 5, RIVALS, 3600)
    measure_typing(settings, figures)
    compare(settings, figures, 54, 5, ("tantivy",), 7200)


def compare(settings, figures: list[Figure], copies: int, rounds: int, rivals: tuple[str, ...], timeout: float) -> None:
    documents, queries = engine_data.make(settings.journey, settings.work, copies)
    words = [str(documents), str(queries), str(rounds)]
    script = str(pathlib.Path(__file__).with_name("engine_rivals.py"))
    measure_own = lambda: json.loads(run([settings.bench, *words], timeout).last_line())
    measure_rival = lambda rival: json.loads(run([sys.executable, script, rival, *words], timeout).last_line())
    # Engines take turns with the first rival, so that the pace of a shared machine moves both.
    own, first = [], []
    for _ in range(TURNS):
        own.append(measure_own())
        check(own[-1])
        try:
            first.append(measure_rival(rivals[0]))
        except Exception:  # Its rows say what is wrong, below.
            break
    ours = middle(own)
    for number, rival in enumerate(rivals):
        try:
            other = middle(first) if number == 0 and len(first) == TURNS else measure_rival(rival)
            same_hits(ours, other)
        except Exception as error:  # A rival that is not installed or fails costs its rows alone.
            figures.append(Figure(f"engine, {ours['documents']:,}: {rival}", problem=f"{error}"))
            continue
        # Levels are set against tantivy, which is the fastest of them.
        figures += rows(ours, other, rival, is_level=number == 0)


def middle(runs: list[dict]) -> dict:
    """The median over runs of each query's time, and of what building takes; all else is of the first."""
    result = dict(runs[0])
    for key in ("build_seconds", "build_processor_seconds", "build_resident_mb"):
        result[key] = statistics.median(one[key] for one in runs)
    for way in WAYS:
        result[way] = [answers[0] and answers[0] | {"microseconds": statistics.median(one["microseconds"] for one in answers)}
                       for answers in zip(*(one[way] for one in runs))]
    return result


def check(own: dict) -> None:
    """Every answer must be that of the scan of all matches."""
    answers = [answer for way in WAYS for answer in own[way]]
    if wrong := sum(answer is None or not answer["exact"] for answer in answers):
        raise RuntimeError(f"{wrong} of {len(answers)} answers differ from an exhaustive scan")


def same_hits(own: dict, other: dict) -> None:
    """The same words must find the same number of documents, up to ten."""
    if own["documents"] != other["documents"]:
        raise RuntimeError(f"{other['documents']} documents instead of {own['documents']}")
    for way in WAYS:
        for left, right in zip(own[way], other[way]):
            if right is not None and left["hits"] != right["hits"]:
                raise RuntimeError(f"{way}: {right['hits']} hits instead of {left['hits']}")


def rows(own: dict, other: dict, rival: str, is_level: bool) -> list[Figure]:
    name = f"engine, {own['documents']:,} documents"
    result = []
    for way, label in WAYS.items():
        theirs = [answer["microseconds"] for answer in other[way] if answer]
        if not theirs:
            continue
        ours = [answer["microseconds"] for answer in own[way]]
        small = own["documents"] < 500_000
        for what, value, level in (("median", statistics.median, MEDIAN if small else 1.0), ("p99", lambda times: percentile(times, 0.99), TAIL)):
            result.append(Figure(f"{name}: {label}, {what}", value(ours), "µs", value(theirs) * level if is_level else None, False,
                                 rival, value(theirs), note=f"{value(ours) / value(theirs):.2f} of {rival}'s"))
    speed, theirs = own["documents"] / own["build_seconds"], other["documents"] / other["build_seconds"]
    note = f"{speed / theirs:.2f} of {rival}'s; processor time {own['build_processor_seconds']:.2f} and {other['build_processor_seconds']:.2f} s"
    result.append(Figure(f"{name}: indexed", speed, "/s", theirs * BUILD if is_level else None, True, rival, theirs, note=note))
    if is_level:
        memory = own["build_resident_mb"] * 1024 * 1024 / own["documents"]
        result.append(Figure(f"{name}: most resident while indexing, a document", memory, "bytes", BYTES_PER_DOCUMENT, False, rival,
                             other["build_resident_mb"] * 1024 * 1024 / other["documents"]))
    return result
