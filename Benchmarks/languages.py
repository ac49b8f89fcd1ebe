#!/usr/bin/env python3
"""Writes the judgements of the queries in other languages, from patterns over the catalogue's categories and types.

languages.py PRODUCTS.tsv QRELS_FILE

Queries and patterns stand in `data/`; they were written before any result was looked at.
"""
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent / "data"


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def main() -> None:
    patterns = {
        concept: (re.compile(full), None if related == "-" else re.compile(related))
        for concept, full, related in rows("languages-concepts.tsv")
    }
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        products = [
            (row["product_id"], "|".join([row["department"], row["product_category"], row["product_type"]]))
            for row in csv.DictReader(file, delimiter="\t")
        ]
    graded: dict[str, list[tuple[str, int]]] = {}
    for concept, (full, related) in patterns.items():
        graded[concept] = [
            (product, 3 if full.search(path) else 1)
            for product, path in products
            if full.search(path) or related and related.search(path)
        ]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        for query, *_ in rows("languages-queries.tsv"):
            for product, grade in graded[query.split(".")[1]]:
                print(query, 0, product, grade, file=file)


if __name__ == "__main__":
    main()
