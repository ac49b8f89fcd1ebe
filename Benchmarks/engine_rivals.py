#!/usr/bin/env python3
"""Other engines on the same words as souk-bench, each in a process of its own. Nothing is stemmed or left out by any of them.

    Benchmarks/engine_rivals.py NAME DOCUMENTS QUERIES ROUNDS      NAME: tantivy, sqlite, xapian or bm25s

Prints one JSON object like souk-bench's. Building is timed from documents in memory to an index that answers; reading the file is
not timed. Each query's time is the median of its rounds.
"""
import itertools, json, resource, statistics, sys, time

LIMIT = 10
BATCH = 16384


class Tantivy:
    """One text field with frequencies, one field of whole values; two threads build. Its fastest way to ask: no count of matches."""

    def __init__(self) -> None:
        import tantivy
        self.library = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("group", tokenizer_name="raw", index_option="basic")
        self.index = tantivy.Index(builder.build())
        self.writer = self.index.writer(500_000_000, 2)

    def prepare(self, rows):
        return [self.library.Document(text=text, group=group) for text, group in rows]

    def add(self, batch) -> None:
        for document in batch:
            self.writer.add_document(document)

    def finish(self) -> None:
        self.writer.commit()
        self.writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def plan(self, words, group, every):
        query, occur, schema = self.library.Query, self.library.Occur, self.index.schema
        how = occur.Must if every else occur.Should
        found = query.boolean_query([(how, query.term_query(schema, "text", word, "freq")) for word in words])
        if group is not None:
            wanted = query.const_score_query(query.term_query(schema, "group", group, "basic"), 0.0)
            found = query.boolean_query([(occur.Must, found), (occur.Must, wanted)])
        return found

    def run(self, plan) -> int:
        return len(self.searcher.search(plan, LIMIT, count=False).hits)


class SQLite:
    """FTS5 in memory, one column for words and one for the category."""

    def __init__(self) -> None:
        import sqlite3
        self.base = sqlite3.connect(":memory:", isolation_level=None)
        self.base.execute("CREATE VIRTUAL TABLE documents USING fts5(text, kind, content='', tokenize='ascii')")
        self.base.execute("BEGIN")
        self.count = 0

    def prepare(self, rows):
        return [(text, value(group)) for text, group in rows]

    def add(self, batch) -> None:
        self.base.executemany("INSERT INTO documents(text, kind) VALUES (?, ?)", batch)

    def finish(self) -> None:
        self.base.execute("INSERT INTO documents(documents) VALUES ('optimize')")
        self.base.execute("COMMIT")

    def plan(self, words, group, every):
        text = (" AND " if every else " OR ").join(f'"{word}"' for word in words)
        return f"text : ({text})" + (f" AND kind : {value(group)}" if group is not None else "")

    def run(self, plan) -> int:
        return len(self.base.execute("SELECT rowid FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?", (plan, LIMIT)).fetchall())


class Xapian:
    """Debian's Xapian in memory, BM25; the category is a boolean term that filters."""

    def __init__(self) -> None:
        sys.path.append("/usr/lib/python3/dist-packages")
        import xapian
        self.library = xapian
        self.base = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)

    def prepare(self, rows):
        return [(text.split(), value(group)) for text, group in rows]

    def add(self, batch) -> None:
        for words, group in batch:
            document = self.library.Document()
            for word in words:
                document.add_term(word)
            document.add_boolean_term("G" + group)
            self.base.add_document(document)

    def finish(self) -> None:
        self.base.commit()
        self.enquire = self.library.Enquire(self.base)

    def plan(self, words, group, every):
        query = self.library.Query
        found = query(query.OP_AND if every else query.OP_OR, words)
        return query(query.OP_FILTER, found, query("G" + value(group))) if group is not None else found

    def run(self, plan) -> int:
        self.enquire.set_query(plan)
        return self.enquire.get_mset(0, LIMIT).size()


class BM25S:
    """Any word alone: it scores every document, and knows neither demanded words nor filters."""

    def __init__(self) -> None:
        import bm25s
        self.library, self.rows = bm25s, []

    def prepare(self, rows):
        return [text.split() for text, _ in rows]

    def add(self, batch) -> None:
        self.rows += batch

    def finish(self) -> None:
        self.index = self.library.BM25()
        self.index.index(self.rows, show_progress=False)
        self.rows = []

    def plan(self, words, group, every):
        return None if every or group is not None else [words]

    def run(self, plan) -> int:
        _, scores = self.index.retrieve(plan, k=LIMIT, show_progress=False, n_threads=0)
        return int((scores[0] > 0).sum())


ENGINES = {"tantivy": Tantivy, "sqlite": SQLite, "xapian": Xapian, "bm25s": BM25S}
WAYS = {"all_words": (True, False), "any_word": (False, False), "all_words_filtered": (True, True), "any_word_filtered": (False, True)}


def value(group: str) -> str:
    """A category as one word."""
    return "x" + group.encode().hex()


def lines(path: str):
    with open(path) as file:
        for line in file:
            text, group = line.rstrip("\n").split("\t")
            yield text, group


def build(engine, documents: str) -> tuple[float, float, int]:
    """Seconds on the clock and of processors, and how many documents there are."""
    wall, processor, count = 0.0, 0.0, 0
    rows = lines(documents)
    while batch := list(itertools.islice(rows, BATCH)):
        count += len(batch)
        prepared = engine.prepare(batch)
        began = time.perf_counter(), time.process_time()
        engine.add(prepared)
        wall, processor = wall + time.perf_counter() - began[0], processor + time.process_time() - began[1]
    began = time.perf_counter(), time.process_time()
    engine.finish()
    return wall + time.perf_counter() - began[0], processor + time.process_time() - began[1], count


def measure(engine, words: list[str], group: str | None, every: bool, rounds: int) -> dict | None:
    plan = engine.plan(words, group, every)
    if plan is None:
        return None
    times, hits = [], 0
    for _ in range(rounds):
        began = time.perf_counter()
        hits = engine.run(plan)
        times.append((time.perf_counter() - began) * 1e6)
    return {"microseconds": statistics.median(times), "hits": hits}


def main() -> None:
    name, documents, queries, rounds = sys.argv[1:5]
    engine = ENGINES[name]()
    wall, processor, count = build(engine, documents)
    answer = {"documents": count, "build_seconds": wall, "build_processor_seconds": processor,
              "build_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    for way, (every, filters) in WAYS.items():
        answer[way] = [measure(engine, text.split(), group if filters else None, every, int(rounds)) for text, group in lines(queries)]
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
