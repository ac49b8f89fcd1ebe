"""Writes golden_tabular.json: logits, loss and gradients of small DeepFM, DCN-v2, DIN and MMoE by PyTorch 1.13.1 (Debian
python3-torch), double precision.

Written from the papers' sums, example by example and pair by pair, so that it shares no arrangement with Souk's. First values are
sines, so that both sides can make them: value i of parameter number n is sin(0.7 i + n) * 0.3.
Run: /usr/bin/python3 Tests/NeuralModelsTests/golden_tabular.py > Tests/NeuralModelsTests/golden_tabular.json
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

assert torch.__version__.startswith("1.13."), torch.__version__
torch.set_default_dtype(torch.float64)
INPUTS, FIELDS, ROWS, WIDTH, BATCH = 3, 8, 20, 2, 3
HIDDEN = [5, 4]
DEEP = INPUTS + FIELDS * WIDTH
NUMBERS = torch.tensor([[math.cos(1.3 * (r * INPUTS + c)) for c in range(INPUTS)] for r in range(BATCH)])
ROW = torch.tensor([[(3 * f + 5 * r) % ROWS for f in range(FIELDS)] for r in range(BATCH)])
# Item, type and category of what was bought; the histories have 4, 2 and 0 items.
LENGTHS = [4, 2, 0]
HISTORY = torch.tensor([[[(7 * r + 3 * j + 2 * f) % ROWS for f in range(3)] for j in range(4)] for r in range(BATCH)])
LABELS = torch.tensor([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])


def parameters(shapes):
    result = {}
    for number, (name, shape) in enumerate(shapes):
        count = math.prod(shape)
        values = torch.tensor([math.sin(0.7 * i + number) * 0.3 for i in range(count)]).reshape(shape)
        result[name] = values.requires_grad_()
    return result


def dense(name, inputs, outputs, bias=True):
    return [(name + ".weight", (outputs, inputs))] + ([(name + ".bias", (outputs,))] if bias else [])


def deep_shapes(inputs, prelu=False):
    shapes = []
    for number, units in enumerate(HIDDEN, 1):
        shapes += dense(f"deep.{number}", inputs, units)
        shapes += [(f"deep.{number}.prelu.weight", (units,))] if prelu else []
        inputs = units
    return shapes


def apply(p, name, x):
    return p[name + ".weight"] @ x + p.get(name + ".bias", 0)


def deep(p, x, prelu=False):
    for number in range(1, len(HIDDEN) + 1):
        x = apply(p, f"deep.{number}", x)
        x = torch.where(x > 0, x, p[f"deep.{number}.prelu.weight"] * x) if prelu else torch.clamp(x, min=0)
    return x


def deepfm(p):
    logits = []
    for r in range(BATCH):
        vectors = [NUMBERS[r, c] * p["numbers"][c] for c in range(INPUTS)] + [p["fields"][i] for i in ROW[r]]
        linear = apply(p, "number_weights", NUMBERS[r]) + sum(p["field_weights"][i] for i in ROW[r])
        pairs = sum(
            torch.dot(vectors[i], vectors[j]) for i in range(len(vectors)) for j in range(i + 1, len(vectors)))
        logits.append(linear + pairs + apply(p, "top", deep(p, torch.cat(vectors))))
    return torch.stack(logits)


def joined(p, r):
    return torch.cat([NUMBERS[r]] + [p["fields"][i] for i in ROW[r]])


def cross(p, rank):
    logits = []
    for r in range(BATCH):
        first = x = joined(p, r)
        for number in (1, 2):
            name = f"cross.{number}"
            change = apply(p, name, x) if rank == 0 else apply(p, name + ".u", apply(p, name + ".v", x))
            x = torch.stack([first[i] * change[i] + x[i] for i in range(len(x))])
        logits.append(apply(p, "top", torch.cat([x, deep(p, first)])))
    return torch.stack(logits)


def interest(p):
    logits = []
    for r in range(BATCH):
        asked = torch.cat([p["fields"][i] for i in ROW[r][:3]])
        total = torch.zeros(3 * WIDTH)
        for j in range(LENGTHS[r]):
            bought = torch.cat([p["fields"][i] for i in HISTORY[r, j]])
            s = apply(p, "attention", torch.cat([bought, asked, bought - asked, bought * asked]))
            s = torch.where(s > 0, s, p["attention.prelu.weight"] * s)
            total = total + apply(p, "attention.top", s) * bought
        logits.append(apply(p, "top", deep(p, torch.cat([joined(p, r), total]), prelu=True)))
    return torch.stack(logits)


EXPERTS, UNITS, TOWER = 3, 4, 5


def mixture(p):
    logits = []
    for r in range(BATCH):
        x = joined(p, r)
        experts = [
            F.relu(p["experts.weight"][i * UNITS:(i + 1) * UNITS] @ x + p["experts.bias"][i * UNITS:(i + 1) * UNITS])
            for i in range(EXPERTS)]
        answers = []
        for k in (1, 2):
            gate = torch.exp(apply(p, f"gates.{k}", x))
            mixed = sum(gate[i] / gate.sum() * experts[i] for i in range(EXPERTS))
            answers.append(apply(p, f"towers.{k}.top", F.relu(apply(p, f"towers.{k}.1", mixed))))
        logits.append(torch.cat(answers))
    return torch.stack(logits)


fields = [("fields", (ROWS, WIDTH))]
ITEM = 3 * WIDTH
ALL = (INPUTS + FIELDS) * WIDTH
networks = {
    "deepfm": (
        deepfm,
        [("field_weights", (ROWS, 1))] + fields + dense("number_weights", INPUTS, 1) + [("numbers", (INPUTS, WIDTH))]
        + deep_shapes(ALL) + dense("top", HIDDEN[-1], 1)),
    "dcn": (
        lambda p: cross(p, 0),
        fields + dense("cross.1", DEEP, DEEP) + dense("cross.2", DEEP, DEEP) + deep_shapes(DEEP)
        + dense("top", DEEP + HIDDEN[-1], 1)),
    "dcn-narrow": (
        lambda p: cross(p, 2),
        fields + [s for n in (1, 2) for s in dense(f"cross.{n}.v", DEEP, 2, False) + dense(f"cross.{n}.u", 2, DEEP)]
        + deep_shapes(DEEP) + dense("top", DEEP + HIDDEN[-1], 1)),
    "din": (
        interest,
        fields + dense("attention", 4 * ITEM, 6) + [("attention.prelu.weight", (6,))] + dense("attention.top", 6, 1)
        + deep_shapes(DEEP + ITEM, True) + dense("top", HIDDEN[-1], 1)),
    "mmoe": (
        mixture,
        fields + dense("experts", DEEP, EXPERTS * UNITS)
        + [s for k in (1, 2) for s in dense(f"gates.{k}", DEEP, EXPERTS, False) + dense(f"towers.{k}.1", UNITS, TOWER)
           + dense(f"towers.{k}.top", TOWER, 1)]),
}
golden = {}
for name, (network, shapes) in networks.items():
    p = parameters(shapes)
    logits = network(p)
    loss = F.binary_cross_entropy_with_logits(logits, LABELS[:, :logits.shape[1]])
    loss.backward()
    golden[name] = {
        "logits": logits.flatten().tolist(), "loss": loss.item(),
        "gradients": {n: v.grad.flatten().tolist() for n, v in p.items()}}
json.dump(golden, sys.stdout)
print()
