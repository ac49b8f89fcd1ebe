#!/usr/bin/env python3
"""Speaks seeded queries of a shop with synthetic voices, and writes WAV files with a list for `souk evaluate voice`.

voice_speech.py SHOP FOLDER --part dev|test [--count N] [--voices NAME,…] [--queries FILE]

Voices are those of espeak-ng (formants) and flite (recorded sounds put together); each recording comes clean and with noise 15 dB
below the voice. All of it is synthetic. With --queries, a TREC file's English queries are spoken instead of the catalogue's.
"""
import argparse
import json
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import tempfile
import wave

import numpy

# Queries of the development part choose the language model; those of the test part are spoken once.
SEEDS = {"dev": 1, "test": 2}
VOICES = {
    "espeak-us": ["espeak-ng", "-v", "en-us", "-s", "155", "-w"], "espeak-f3": ["espeak-ng", "-v", "en-us+f3", "-s", "145", "-w"],
    "espeak-gb": ["espeak-ng", "-v", "en-gb", "-s", "155", "-w"], "flite-slt": ["flite", "-voice", "slt", "-o"],
    "flite-rms": ["flite", "-voice", "rms", "-o"], "flite-kal": ["flite", "-voice", "kal16", "-o"],
    "flite-awb": ["flite", "-voice", "awb", "-o"],
}
NOISE_DECIBELS = 15
PAUSE_SECONDS = 0.3
MOST = 200


def missing() -> list[str]:
    return [program for program in ("espeak-ng", "flite") if not shutil.which(program)]


def phrases(shop: pathlib.Path) -> list[list[str]]:
    """What lies between commas and slashes of categories and titles, in words of letters alone, without what stands in brackets."""
    with sqlite3.connect(f"file:{shop}/shop.sqlite?mode=ro", uri=True) as store:
        rows = store.execute("SELECT title, product_type FROM item WHERE withdrawn = 0").fetchall()
    texts = {text for title, types in rows for text in [re.sub(r"\(.*?\)", "", title), *json.loads(types or "[]")[1:]]}
    parts = {tuple(part.lower().split()) for text in texts for part in re.split(r"[,/&]", text)}
    return [list(part) for part in sorted(parts) if part and all(re.fullmatch(r"[a-z]{3,}", word) for word in part)]


def query(parts: list[list[str]], source: random.Random) -> str:
    """A phrase of at most four words, a piece of one, or a word of one before the last word of another."""
    words = source.choice(parts)
    kind = source.random()
    if kind < 0.5:
        return " ".join(words[:4])
    if kind < 0.8:
        start = source.randrange(len(words))
        return " ".join(words[start:start + source.randint(1, 3)])
    return f"{source.choice(source.choice(parts))} {words[-1]}"


def queries(shop: pathlib.Path, part: str, count: int) -> list[str]:
    """`count` different queries; those of the test part are none of the development part's."""
    parts = phrases(shop)
    taken: set[str] = set()
    for name, seed in SEEDS.items():
        source = random.Random(seed)
        chosen: list[str] = []
        # All that the other part may ever hold is left out.
        while len(chosen) < (count if name == part else MOST):
            text = query(parts, source)
            if text not in taken:
                taken.add(text)
                chosen.append(text)
        if name == part:
            return chosen
    raise ValueError(part)


def typed(path: pathlib.Path) -> list[str]:
    """The English queries of a list, without those that are about slips of typing."""
    rows = [line.split("\t") for line in path.read_text().splitlines() if line]
    return [row[3] for row in rows if row[2] == "en" and row[1] != "typo"]


def spoken(text: str, voice: str) -> tuple[numpy.ndarray, int]:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = VOICES[voice] + [file.name]
        command += [text] if command[0] == "espeak-ng" else ["-t", text]
        subprocess.run(command, check=True, capture_output=True)
        with wave.open(file.name) as sound:
            samples = numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)
            rate = sound.getframerate()
    pause = numpy.zeros(int(PAUSE_SECONDS * rate))
    return numpy.concatenate([pause, samples, pause]), rate


def noise(count: int, source: numpy.random.Generator) -> numpy.ndarray:
    """Pink noise of a mean square of one: as much of it in every octave, much like a room's."""
    spectrum = numpy.fft.rfft(source.standard_normal(count))
    spectrum[1:] /= numpy.sqrt(numpy.arange(1, len(spectrum)))
    spectrum[0] = 0
    made = numpy.fft.irfft(spectrum, count)
    return made / numpy.sqrt(numpy.mean(made**2))


def write(path: pathlib.Path, samples: numpy.ndarray, rate: int) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(numpy.clip(numpy.round(samples), -32768, 32767).astype("<i2").tobytes())


def record(texts: list[str], voices: list[str], folder: pathlib.Path) -> pathlib.Path:
    """Speaks every text with every voice, clean and with noise; returns the list."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, text in enumerate(texts):
        for place, voice in enumerate(voices):
            samples, rate = spoken(text, voice)
            # Recorded no louder than by a person who holds a phone at arm's length.
            samples *= 6000 / max(1.0, numpy.abs(samples).max())
            level = numpy.sqrt(numpy.mean(samples[samples != 0] ** 2)) * 10 ** (-NOISE_DECIBELS / 20)
            made = noise(len(samples), numpy.random.default_rng([number, place]))
            quiet = noise(len(samples), numpy.random.default_rng([number, place, 1]))
            for name, sound in (("clean", samples + 3 * quiet), ("noise", samples + level * made)):
                file = f"{number:03}-{voice}-{name}.wav"
                write(folder / file, sound, rate)
                lines.append(f"{file}\t{text}\t{voice} {name}\n")
    target = folder / "list.tsv"
    target.write_text("".join(lines))
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shop", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--part", choices=list(SEEDS), default="dev")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--voices", default=",".join(VOICES))
    parser.add_argument("--queries", type=pathlib.Path)
    arguments = parser.parse_args()
    if missing():
        parser.error(f"not installed: {', '.join(missing())}")
    texts = typed(arguments.queries) if arguments.queries else queries(arguments.shop, arguments.part, arguments.count)
    print(record(texts, arguments.voices.split(","), arguments.folder))


if __name__ == "__main__":
    main()
