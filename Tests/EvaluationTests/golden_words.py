"""Writes golden_words.json: word errors of pairs of sentences by jiwer 4.0.0 (pip install jiwer==4.0.0)."""
import json, pathlib, random

import jiwer

WORDS = "whole wheat bread white crumbs milk soda two percent".split()


def main() -> None:
    source = random.Random(7)
    pairs = [("white bread", ""), ("a b c", "a b c"), ("a b c d", "b c d e"), ("a b", "c d e f"), ("milk", "milk milk milk")]
    for _ in range(40):
        said = source.choices(WORDS, k=source.randint(1, 7))
        heard = [w for w in said if source.random() > 0.2]
        for _ in range(source.randint(0, 3)):
            heard.insert(source.randint(0, len(heard)), source.choice(WORDS))
        pairs.append((" ".join(said), " ".join(heard)))
    cases = [{"said": said, "heard": heard, "wer": jiwer.wer(said, heard)} for said, heard in pairs]
    total = jiwer.wer([said for said, _ in pairs], [heard for _, heard in pairs])
    pathlib.Path(__file__).with_name("golden_words.json").write_text(json.dumps({"cases": cases, "total": total}, indent=0))


main()
