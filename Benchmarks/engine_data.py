"""Documents and queries for the comparison in-process: the demo catalogue's own words, a category each.

Larger catalogues are the same products again, a third of whose words are changed in each copy: a word gets a number behind it,
which depends on the word and the copy alone, so that every run on every machine makes the same files.
"""
import csv, pathlib, random, re, zlib

WORD = re.compile(r"[a-z0-9]+")
FIELDS = ("product_type", "product_category", "department", "brand", "package_size")


def products(journey: pathlib.Path) -> list[tuple[list[str], str]]:
    rows = []
    with open(journey / "products.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            words = WORD.findall(" ".join(row[name] for name in FIELDS).lower())
            # The category's words are among the document's, so that an engine that also searches categories finds no more.
            rows.append((words, " ".join(WORD.findall(row["product_category"].lower())) or "none"))
    return rows


def changed(words: list[str], copy: int) -> list[str]:
    return [f"{word}{copy % 50}" if zlib.crc32(f"{word} {copy}".encode()) % 3 == 0 else word for word in words]


def make(journey: pathlib.Path, folder: pathlib.Path, copies: int, queries: int = 300) -> tuple[pathlib.Path, pathlib.Path]:
    """Writes lines `words TAB category`: the documents, and queries of one to four words of one product with its category."""
    rows = products(journey)
    documents, asked = folder / f"catalogue-{copies}.tsv", folder / "queries.tsv"
    if not documents.exists():
        partial = documents.with_suffix(".partial")
        with open(partial, "w") as file:
            for copy in range(copies):
                for words, category in rows:
                    text, group = (changed(words, copy), changed(category.split(), copy)) if copy else (words, [category])
                    print(" ".join(text), " ".join(group), sep="\t", file=file)
        partial.replace(documents)
    chance = random.Random(1)
    with open(asked, "w") as file:
        for _ in range(queries):
            words, category = chance.choice([row for row in (chance.choice(rows),) if row[0]] or rows[:1])
            count = min(len(words), chance.choice([1, 1, 2, 2, 2, 3, 3, 4]))
            print(" ".join(chance.sample(words, count)), category, sep="\t", file=file)
    return documents, asked
