"""The sentence encoder in ONNX Runtime on one thread: the same weights in single precision and with dynamic 8-bit quantisation.

    sentence_encoder.py WEIGHTS TEXTS ROUNDS WORK

Exports the model (transformers, torch.onnx) with mean pooling and scaling to length one, lets ONNX Runtime's own tool fuse it
for BERT, and quantises it. Of each precision every variant is timed, and the fastest is printed as one line of JSON. Splitting
texts into tokens is not timed.
"""
import json, pathlib, statistics, sys, time

import numpy
import onnxruntime
import torch
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers import AutoModel, AutoTokenizer


class Sentence(torch.nn.Module):
    """Hidden states, their mean, length one: what Souk's encoder returns."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        hidden = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return torch.nn.functional.normalize(hidden.mean(dim=1), dim=1)


def export(folder: str, work: pathlib.Path) -> dict[str, list[pathlib.Path]]:
    """The files of every variant, by precision; written once."""
    plain, fused = work / "minilm.onnx", work / "minilm-fused.onnx"
    files = {"float": [plain, fused], "int8": [
        source.with_name(f"{source.stem}-int8{kind}.onnx") for source in (plain, fused) for kind in ("", "-channel")]}
    if all(file.exists() for variants in files.values() for file in variants):
        return files
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    example = torch.tensor([[101, 2000, 2001, 102]])
    axes = {"input_ids": {0: "batch", 1: "length"}, "attention_mask": {0: "batch", 1: "length"}}
    torch.onnx.export(Sentence(model), (example, torch.ones_like(example)), str(plain), opset_version=17, dynamo=False,
                      input_names=["input_ids", "attention_mask"], output_names=["vector"], dynamic_axes=axes)
    heads, width = model.config.num_attention_heads, model.config.hidden_size
    optimizer.optimize_model(str(plain), "bert", num_heads=heads, hidden_size=width).save_model_to_file(str(fused))
    for target in files["int8"]:
        source = plain if target.stem.startswith("minilm-int8") else fused
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=target.stem.endswith("channel"),
                         extra_options={"DefaultTensorType": TensorProto.FLOAT})
    return files


def measure(file: pathlib.Path, inputs: list[dict], rounds: int) -> list[dict]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    answers = []
    for feed in inputs:
        vector = session.run(None, feed)[0][0]
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            session.run(None, feed)
            times.append((time.perf_counter() - began) * 1e6)
        answers.append({"tokens": int(feed["input_ids"].shape[1]), "microseconds": statistics.median(times),
                        "vector": [float(value) for value in vector]})
    return answers


def main(folder: str, texts: str, rounds: int, work: pathlib.Path) -> None:
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    inputs = []
    for text in pathlib.Path(texts).read_text().split("\n"):
        if text:
            tokens = numpy.array([tokenizer(text, truncation=True, max_length=256)["input_ids"]], dtype=numpy.int64)
            inputs.append({"input_ids": tokens, "attention_mask": numpy.ones_like(tokens)})
    result = {}
    for precision, files in export(folder, work).items():
        measured = {file.stem: measure(file, inputs, rounds) for file in files}
        speed = {name: sum(answer["microseconds"] for answer in answers) for name, answers in measured.items()}
        best = min(speed, key=speed.get)
        result[precision] = {"variant": best, "microseconds": {n: round(s / len(inputs), 1) for n, s in speed.items()},
                             "texts": measured[best]}
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4]))
