"""Writes golden.json: loss and gradients of a small SASRec by PyTorch 1.13.1 (Debian python3-torch), double precision.

Blocks are torch.nn.TransformerEncoderLayer, which shares no code with Souk's. First values are sines, so that both sides can make
them: value i of parameter number n is sin(0.7 i + n) * 0.3, and 1 + that for the scales of normalisations.
Run: /usr/bin/python3 Tests/NeuralModelsTests/golden.py > Tests/NeuralModelsTests/golden.json
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

assert torch.__version__.startswith("1.13."), torch.__version__
torch.set_default_dtype(torch.float64)
ITEMS, WIDTH, HEADS, INNER, BLOCKS, LENGTH = 7, 8, 2, 12, 2, 5
INPUTS = torch.tensor([[1, 4, 2, 6], [3, 5, 0, 0]])
PLACES = torch.tensor([0, 1, 2, 3, 4, 5])
TARGETS = torch.tensor([4, 2, 6, 0, 5, 1])
DRAWN = torch.tensor([2, 5, 3])
EPSILON = 1e-8


def fill(number, tensor, is_scale=False):
    values = torch.tensor([math.sin(0.7 * i + number) * 0.3 for i in range(tensor.numel())])
    with torch.no_grad():
        tensor.copy_(values.reshape(tensor.shape) + (1 if is_scale else 0))


items = torch.nn.Parameter(torch.empty(ITEMS, WIDTH))
positions = torch.nn.Parameter(torch.empty(LENGTH, WIDTH))
blocks = [
    torch.nn.TransformerEncoderLayer(
        WIDTH, HEADS, INNER, dropout=0, activation="gelu", layer_norm_eps=EPSILON, batch_first=True, norm_first=True)
    for _ in range(BLOCKS)
]
norm = torch.nn.LayerNorm(WIDTH, eps=EPSILON)
parameters = {"items": items, "positions": positions}
for number, block in enumerate(blocks):
    parameters |= {
        f"blocks.{number}.{name}": parameter
        for name, parameter in {
            "attention.norm.weight": block.norm1.weight, "attention.norm.bias": block.norm1.bias,
            "attention.in.weight": block.self_attn.in_proj_weight, "attention.in.bias": block.self_attn.in_proj_bias,
            "attention.out.weight": block.self_attn.out_proj.weight, "attention.out.bias": block.self_attn.out_proj.bias,
            "perceptron.norm.weight": block.norm2.weight, "perceptron.norm.bias": block.norm2.bias,
            "perceptron.inner.weight": block.linear1.weight, "perceptron.inner.bias": block.linear1.bias,
            "perceptron.outer.weight": block.linear2.weight, "perceptron.outer.bias": block.linear2.bias,
        }.items()
    }
parameters |= {"norm.weight": norm.weight, "norm.bias": norm.bias}
for number, (name, parameter) in enumerate(parameters.items()):
    fill(number, parameter, name.endswith("norm.weight"))


def states():
    length = INPUTS.shape[1]
    hidden = F.embedding(INPUTS, items) + positions[:length]
    mask = torch.triu(torch.full((length, length), -math.inf), 1)
    for block in blocks:
        hidden = block(hidden, src_mask=mask)
    return norm(hidden).reshape(-1, WIDTH)[PLACES]


def logits():
    return states() @ items.T


def cosines():
    return F.normalize(states(), dim=-1) @ F.normalize(items, dim=-1).T / 0.5


def sampled(scores):
    own = scores.gather(1, TARGETS[:, None])
    others = scores[:, DRAWN] + math.log(ITEMS / len(DRAWN))
    others = others.masked_fill(TARGETS[:, None] == DRAWN, -math.inf)
    return F.cross_entropy(torch.cat([own, others], 1), torch.zeros(len(TARGETS), dtype=torch.long))


def result(loss, scores=logits):
    for parameter in parameters.values():
        parameter.grad = None
    value = loss(scores())
    value.backward()
    return {"loss": value.item(), "gradients": {n: p.grad.flatten().tolist() for n, p in parameters.items()}}


golden = {
    "logits": logits().flatten().tolist(),
    "all": result(lambda scores: F.cross_entropy(scores, TARGETS)),
    "drawn": result(sampled),
    "cosine": result(lambda scores: F.cross_entropy(scores, TARGETS), cosines),
}
json.dump(golden, sys.stdout)
print()
