"""Writes golden.json: loss and gradients of a small SASRec and a small eSASRec by PyTorch 1.13.1 (Debian python3-torch), double precision.

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


def result(loss, scores=logits, parameters=parameters):
    for parameter in parameters.values():
        parameter.grad = None
    value = loss(scores())
    value.backward()
    return {"loss": value.item(), "gradients": {n: p.grad.flatten().tolist() for n, p in parameters.items()}}


class GatedBlock(torch.nn.Module):
    """LiGR: torch.nn.MultiheadAttention and a SwiGLU, each through a gate of the block's input."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = (torch.nn.LayerNorm(WIDTH, eps=EPSILON) for _ in range(2))
        self.attention = torch.nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.gate1, self.gate2 = (torch.nn.Linear(WIDTH, WIDTH) for _ in range(2))
        self.inner = torch.nn.Linear(WIDTH, 2 * INNER)
        self.outer = torch.nn.Linear(INNER, WIDTH)

    def forward(self, x, mask):
        given = self.norm1(x)
        seen = self.attention(given, given, given, attn_mask=mask, need_weights=False)[0]
        x = x + torch.sigmoid(self.gate1(x)) * seen
        left, right = self.inner(self.norm2(x)).chunk(2, dim=-1)
        return x + torch.sigmoid(self.gate2(x)) * self.outer(F.silu(left) * right)

    def named(self):
        return {
            "attention.norm.weight": self.norm1.weight, "attention.norm.bias": self.norm1.bias,
            "attention.in.weight": self.attention.in_proj_weight, "attention.in.bias": self.attention.in_proj_bias,
            "attention.out.weight": self.attention.out_proj.weight, "attention.out.bias": self.attention.out_proj.bias,
            "attention.gate.weight": self.gate1.weight, "attention.gate.bias": self.gate1.bias,
            "perceptron.norm.weight": self.norm2.weight, "perceptron.norm.bias": self.norm2.bias,
            "perceptron.inner.weight": self.inner.weight, "perceptron.inner.bias": self.inner.bias,
            "perceptron.outer.weight": self.outer.weight, "perceptron.outer.bias": self.outer.bias,
            "perceptron.gate.weight": self.gate2.weight, "perceptron.gate.bias": self.gate2.bias,
        }


gated = [GatedBlock() for _ in range(BLOCKS)]
gated_items, gated_positions = (torch.nn.Parameter(torch.empty(n, WIDTH)) for n in (ITEMS, LENGTH))
gated_norm = torch.nn.LayerNorm(WIDTH, eps=EPSILON)
gated_parameters = {"items": gated_items, "positions": gated_positions}
for number, block in enumerate(gated):
    gated_parameters |= {f"blocks.{number}.{name}": parameter for name, parameter in block.named().items()}
gated_parameters |= {"norm.weight": gated_norm.weight, "norm.bias": gated_norm.bias}
for number, (name, parameter) in enumerate(gated_parameters.items()):
    fill(number, parameter, name.endswith("norm.weight"))


def gated_logits():
    length = INPUTS.shape[1]
    hidden = F.embedding(INPUTS, gated_items) + gated_positions[:length]
    mask = torch.triu(torch.full((length, length), -math.inf), 1)
    for block in gated:
        hidden = block(hidden, mask)
    return gated_norm(hidden).reshape(-1, WIDTH)[PLACES] @ gated_items.T


golden = {
    "logits": logits().flatten().tolist(),
    "all": result(lambda scores: F.cross_entropy(scores, TARGETS)),
    "drawn": result(sampled),
    "cosine": result(lambda scores: F.cross_entropy(scores, TARGETS), cosines),
    "gated": result(lambda scores: F.cross_entropy(scores, TARGETS), gated_logits, gated_parameters),
}
json.dump(golden, sys.stdout)
print()
