"""Writes golden.json: what PyTorch 1.13.1 (Debian python3-torch) gives for the rules, losses and layers of Torch.

Run: /usr/bin/python3 Tests/TorchTests/golden.py > Tests/TorchTests/golden.json
"""
import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
assert torch.__version__.startswith("1.13."), torch.__version__
START = [[0.5, -1.0, 2.0], [0.25, 1.5, -0.75]]
INPUT = [[1.0, 2.0, -1.0], [0.5, -0.5, 3.0]]
TARGET = [[1.0, 0.0], [0.0, 1.0]]
RULES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.05),
}


def optimised(make):
    weight = torch.tensor(START, requires_grad=True)
    optimiser = make([weight])
    for _ in range(5):
        optimiser.zero_grad()
        F.mse_loss(torch.tensor(INPUT) @ weight.T, torch.tensor(TARGET)).backward()
        optimiser.step()
    return weight.flatten().tolist()


def loss(function, *inputs):
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    value = function(*tensors)
    value.backward()
    return {"value": value.item(), "gradient": tensors[0].grad.flatten().tolist()}


classes = torch.tensor([2, 0])
result = {
    "optimisers": {name: optimised(make) for name, make in RULES.items()},
    "losses": {
        "mse": loss(lambda x: F.mse_loss(x, torch.tensor(INPUT)), START),
        "cross": loss(lambda x: F.cross_entropy(x, classes), START),
        "smoothed": loss(lambda x: F.cross_entropy(x, classes, label_smoothing=0.1), START),
        "binary": loss(lambda x: F.binary_cross_entropy_with_logits(x, (torch.tensor(INPUT) > 0).double()), START),
        "bpr": loss(lambda x: -F.logsigmoid(x - torch.tensor(INPUT)).mean(), START),
    },
}
json.dump(result, __import__("sys").stdout, indent=1)
print()
