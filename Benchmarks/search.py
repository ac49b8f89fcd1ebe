"""Latency of search and of recommendations over kept-alive HTTP, search beside tantivy in-process."""
import json, statistics, urllib.parse

from client import in_turn, open_loop, query_path
from figures import Figure, percentile
from rival import Tantivy
from server import Server, same_answer

FACETS = "category,brand,size"


def queries(settings) -> list[str]:
    file = settings.shared / "data/grocery-queries/queries.tsv"
    if not file.exists():
        raise RuntimeError(f"{file} is absent: the queries of this benchmark lie there")
    return [line.split("\t")[3] for line in file.read_text().splitlines() if line]


def measure(settings, figures: list[Figure]) -> None:
    texts = queries(settings)
    rounds = 200 if settings.is_full else 20
    with Server(settings.souk, settings.shop, settings.work / "serve.log") as running:
        connection = running.connection()
        paths = [query_path(running.shop, text, per_page="10", facets=FACETS) for text in texts]
        empty = check(connection, paths)
        times = in_turn(connection, paths, rounds)
        rival = Tantivy(settings.journey)
        plain, with_facets = rival.measure(texts, rounds)
        figures += [
            Figure("search over HTTP, 3 facets: median", statistics.median(times), "ms",
                   round(statistics.median(plain) + 1, 3), False, "tantivy top 10 alone", statistics.median(plain),
                   note=f"{empty} of {len(texts)} empty"),
            Figure("search over HTTP, 3 facets: median, same work", statistics.median(times), "ms", None, False,
                   "tantivy top 10 + facets", statistics.median(with_facets)),
            Figure("search over HTTP, 3 facets: p99, one by one", percentile(times, 0.99), "ms", None, False,
                   "tantivy top 10 + facets", percentile(with_facets, 0.99)),
        ]
        loop = open_loop(running.port, running.key, paths, 300, 120 if settings.is_full else 20)
        figures.append(Figure("search over HTTP at 300/s: p99", percentile(loop, 0.99), "ms", 25, False))
        figures.append(Figure("search over HTTP at 300/s: median", statistics.median(loop), "ms", None, False))
        figures.append(Figure("server: most resident after searches", round(running.memory_mb(), 1), "MB", 400, False))


def check(connection, paths: list[str]) -> int:
    """Asks everything twice: the same items must come, and most lists must not be empty. Returns how many are empty."""
    empty = 0
    for path in paths:
        (status, first), (_, second) = connection.get(path), connection.get(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {first[:120]!r}")
        if not same_answer(first, second):
            raise RuntimeError(f"{path}: two answers differ")
        empty += not json.loads(first)["items"]
    if empty > len(paths) // 2:
        raise RuntimeError(f"{empty} of {len(paths)} answers are empty: times would mean nothing")
    return empty


def measure_recommend(settings, figures: list[Figure]) -> None:
    with Server(settings.souk, settings.shop, settings.work / "serve.log") as running:
        if not running.households:
            raise RuntimeError("the server names no households: is the shop a demo shop?")
        step = max(1, len(running.households) // 500)
        users = running.households[::step][:500]
        paths = [f"/v1/shops/{running.shop}/recommend/home?limit=12&user={urllib.parse.quote(user)}" for user in users]
        connection = running.connection()
        empty = check(connection, paths[:50])
        times = in_turn(connection, paths, 20 if settings.is_full else 3)
        note = f"{empty} of 50 empty"
        figures += [
            Figure("recommend home over HTTP: p99, one by one", percentile(times, 0.99), "ms", 15, False, note=note),
            Figure("recommend home over HTTP: median", statistics.median(times), "ms", None, False),
        ]
        loop = open_loop(running.port, running.key, paths, 100, 60 if settings.is_full else 10)
        figures.append(Figure("recommend home over HTTP at 100/s: p99", percentile(loop, 0.99), "ms", 15, False))
        figures.append(Figure("server: most resident after recommending", round(running.memory_mb(), 1), "MB", 400, False))
