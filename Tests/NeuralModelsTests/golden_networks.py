"""Writes golden_networks.json: outputs, loss and gradients of small networks by PyTorch 1.13.1 (Debian python3-torch), double precision:
BERT4Rec, GRU4Rec, the two towers, the convolutional network, the phrases' encoder-decoder and the cross-encoder.

Layers are torch.nn's (TransformerEncoderLayer, TransformerDecoderLayer, GRU, Conv2d, BatchNorm2d), the towers are loops over places: nothing
shares code with Souk's. First values are sines, so that both sides can make them: value i of parameter number n is sin(0.7 i + n) * 0.3, and 1 +
that for the scales of normalisations. Numbers are rounded to seven digits.
Run: /usr/bin/python3 Tests/NeuralModelsTests/golden_networks.py > Tests/NeuralModelsTests/golden_networks.json
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

assert torch.__version__.startswith("1.13."), torch.__version__
torch.set_default_dtype(torch.float64)
EPSILON = 1e-8


def filled(shapes):
    """Parameters by name, in order, with first values; a name that ends with `norm.weight` is a scale."""
    result = {}
    for number, (name, shape) in enumerate(shapes):
        values = torch.tensor([math.sin(0.7 * i + number) * 0.3 for i in range(math.prod(shape))]).reshape(shape)
        result[name] = (values + (1 if name.lower().endswith("norm.weight") else 0)).requires_grad_()
    return result


def dense(name, inputs, outputs):
    return [(name + ".weight", (outputs, inputs)), (name + ".bias", (outputs,))]


def norm(name, width):
    return [(name + ".weight", (width,)), (name + ".bias", (width,))]


def numbers(tensor):
    return [float(f"{value:.7g}") for value in tensor.flatten().tolist()]


def result(parameters, output, loss):
    loss.backward()
    gradients = {name: numbers(parameter.grad) for name, parameter in parameters.items()}
    return {"output": numbers(output), "loss": loss.item(), "gradients": gradients}


def functional(module, values):
    """The module as a function with these parameters in place of its own."""
    return lambda *arguments, **options: torch.nn.utils.stateless.functional_call(module, values, arguments, options)


def plain_block(name, width, inner):
    return (norm(name + ".attention.norm", width) + dense(name + ".attention.in", width, 3 * width) + dense(name + ".attention.out", width, width)
            + norm(name + ".perceptron.norm", width) + dense(name + ".perceptron.inner", width, inner) + dense(name + ".perceptron.outer", inner, width))


def encoder_block(p, name, width, heads, inner):
    module = torch.nn.TransformerEncoderLayer(width, heads, inner, 0, "gelu", EPSILON, batch_first=True, norm_first=True)
    names = {"norm1": "attention.norm", "norm2": "perceptron.norm", "linear1": "perceptron.inner", "linear2": "perceptron.outer"}
    values = {f"{own}.{kind}": p[f"{name}.{other}.{kind}"] for own, other in names.items() for kind in ("weight", "bias")}
    values |= {f"self_attn.in_proj_{kind}": p[f"{name}.attention.in.{kind}"] for kind in ("weight", "bias")}
    values |= {f"self_attn.out_proj.{kind}": p[f"{name}.attention.out.{kind}"] for kind in ("weight", "bias")}
    return functional(module, values)


def normalised(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[name + ".weight"], p[name + ".bias"], EPSILON)


# Seven items; 7 hides one, 8 fills up.
ITEMS, WIDTH, HEADS, INNER, LENGTH = 7, 8, 2, 12, 5


def bert4rec():
    p = filled([("items", (ITEMS + 2, WIDTH)), ("positions", (LENGTH, WIDTH))] + plain_block("blocks.0", WIDTH, INNER)
               + plain_block("blocks.1", WIDTH, INNER) + norm("norm", WIDTH))
    inputs = torch.tensor([[1, 7, 2, 7], [7, 5, 8, 8]])
    hidden = F.embedding(inputs, p["items"]) + p["positions"][:4]
    for name in ("blocks.0", "blocks.1"):
        hidden = encoder_block(p, name, WIDTH, HEADS, INNER)(hidden, src_key_padding_mask=inputs == 8)
    states = normalised(p, "norm", hidden).reshape(-1, WIDTH)[torch.tensor([1, 3, 4])]
    scores = states @ p["items"][:ITEMS].T
    return result(p, scores, F.cross_entropy(scores, torch.tensor([4, 6, 0])))


INPUTS = torch.tensor([[1, 4, 2, 6], [3, 5, 0, 0]])
PLACES = torch.tensor([0, 1, 2, 3, 4, 5])
TARGETS = torch.tensor([4, 2, 6, 0, 5, 1])


def gru4rec():
    shapes = [("items", (ITEMS, WIDTH))]
    for number in (0, 1):
        shapes += dense(f"layers.{number}.input", WIDTH, 3 * WIDTH) + dense(f"layers.{number}.hidden", WIDTH, 3 * WIDTH)
    p = filled(shapes)
    module = torch.nn.GRU(WIDTH, WIDTH, 2, batch_first=True)
    for name in list(p)[1:]:
        _, number, part, kind = name.split(".")
        own = getattr(module, f"{kind}_{'ih' if part == 'input' else 'hh'}_l{number}")
        own.data.copy_(p[name].detach())
        p[name] = own
    states = module(F.embedding(INPUTS, p["items"]))[0]
    scores = states.reshape(-1, WIDTH)[PLACES] @ p["items"].T
    return result(p, scores, F.cross_entropy(scores, TARGETS))


def two_tower():
    """Cosines / 0.5 against drawn items and the batch's own, lessened by the logarithm of how often each is to be expected."""
    p = filled([("items", (ITEMS, WIDTH))] + norm("user.norm", 3 * WIDTH) + dense("user.inner", 3 * WIDTH, INNER)
               + [("user.counts", (14, INNER))] + dense("user.outer", INNER, WIDTH))
    states = []
    for row, place in [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]:
        seen = [p["items"][item] for item in INPUTS[row][:place + 1]]
        weights = [0.7 ** (place - k) for k in range(place + 1)]
        fading = sum(w * v for w, v in zip(weights, seen)) / sum(weights)
        means = torch.cat([sum(seen) / len(seen), fading, seen[-1]])
        hidden = normalised(p, "user.norm", means) @ p["user.inner.weight"].T + p["user.inner.bias"]
        hidden = F.gelu(hidden + p["user.counts"][int(math.log2(place + 1))])
        states.append(F.normalize(hidden @ p["user.outer.weight"].T + p["user.outer.bias"], dim=0) / 0.5)
    states, items = torch.stack(states), F.normalize(p["items"], dim=1)
    others = torch.tensor([4, 2, 6, 0, 5, 1, 3, 2])
    expected = torch.tensor([0.5 + 0.25 * k for k in range(8)])
    own = (states * items[TARGETS]).sum(1, keepdim=True)
    rest = (states @ items[others].T - expected.log()).masked_fill(TARGETS[:, None] == others, -math.inf)
    loss = F.cross_entropy(torch.cat([own, rest], 1), torch.zeros(6, dtype=torch.long))
    return result(p, states @ items.T, loss)


def cnn():
    widths = [2, 3, 4]

    def convolution(name, inputs, outputs):
        return [(name + ".weight", (outputs, inputs, 3, 3))] + norm(name + ".norm", outputs)

    shapes = convolution("full", 1, widths[0]) + convolution("half", widths[0], widths[1])
    shapes += convolution("half.residual", widths[1], widths[1]) + convolution("half.residual.second", widths[1], widths[1])
    shapes += convolution("quarter", widths[1], widths[2])
    shapes += convolution("quarter.residual", widths[2], widths[2]) + convolution("quarter.residual.second", widths[2], widths[2])
    p = filled(shapes + dense("classes", widths[2], 3))
    statistics = {}

    def convolved(name, x):
        x = F.conv2d(x, p[name + ".weight"], padding=1)
        module = torch.nn.BatchNorm2d(x.shape[1])
        x = functional(module, {kind: p[f"{name}.norm.{kind}"] for kind in ("weight", "bias")})(x)
        statistics[name + ".norm.running_mean"] = numbers(module.running_mean)
        statistics[name + ".norm.running_var"] = numbers(module.running_var)
        return x

    def residual(name, x):
        return F.relu(x + convolved(name + ".second", F.relu(convolved(name, x))))

    pixels = torch.tensor([(i * 37) % 256 for i in range(3 * 64)], dtype=torch.float64).reshape(3, 1, 8, 8)
    x = F.max_pool2d(F.relu(convolved("full", (pixels / 255 - 0.2860) / 0.3530)), 2)
    x = F.max_pool2d(residual("half.residual", F.relu(convolved("half", x))), 2)
    x = residual("quarter.residual", F.relu(convolved("quarter", x))).mean((2, 3))
    scores = x @ p["classes.weight"].T + p["classes.bias"]
    golden = result(p, scores, F.cross_entropy(scores, torch.tensor([2, 0, 1]), label_smoothing=0.05))
    return golden | {"statistics": statistics}


def rewriter():
    letters, length = 9, 6
    p = filled(
        [("letters", (letters, WIDTH)), ("positions", (length, WIDTH)), ("source.positions", (length, WIDTH))]
        + plain_block("encoder.0", WIDTH, INNER) + norm("source.norm", WIDTH)
        + norm("decoder.0.attention.norm", WIDTH) + dense("decoder.0.attention.in", WIDTH, 3 * WIDTH) + dense("decoder.0.attention.out", WIDTH, WIDTH)
        + norm("decoder.0.cross.norm", WIDTH) + dense("decoder.0.cross.query", WIDTH, WIDTH) + dense("decoder.0.cross.memory", WIDTH, 2 * WIDTH)
        + dense("decoder.0.cross.out", WIDTH, WIDTH)
        + norm("decoder.0.perceptron.norm", WIDTH) + dense("decoder.0.perceptron.inner", WIDTH, INNER) + dense("decoder.0.perceptron.outer", INNER, WIDTH)
        + norm("norm", WIDTH) + dense("output", WIDTH, letters))
    source = torch.tensor([[4, 6, 5, 8], [7, 4, 0, 0]])
    target = torch.tensor([[1, 4, 5, 8], [1, 7, 0, 0]])
    wanted = torch.tensor([4, 5, 8, 2, 7, 2, 0, 0])
    memory = F.embedding(source, p["letters"]) + p["source.positions"][:4]
    memory = normalised(p, "source.norm", encoder_block(p, "encoder.0", WIDTH, HEADS, INNER)(memory, src_key_padding_mask=source == 0))
    module = torch.nn.TransformerDecoderLayer(WIDTH, HEADS, INNER, 0, "gelu", EPSILON, batch_first=True, norm_first=True)
    name, values = "decoder.0", {}
    for kind in ("weight", "bias"):
        for own, other in {"norm1": "attention.norm", "norm2": "cross.norm", "norm3": "perceptron.norm", "linear1": "perceptron.inner",
                           "linear2": "perceptron.outer", "self_attn.out_proj": "attention.out", "multihead_attn.out_proj": "cross.out"}.items():
            values[f"{own}.{kind}"] = p[f"{name}.{other}.{kind}"]
        values[f"self_attn.in_proj_{kind}"] = p[f"{name}.attention.in.{kind}"]
        values[f"multihead_attn.in_proj_{kind}"] = torch.cat([p[f"{name}.cross.query.{kind}"], p[f"{name}.cross.memory.{kind}"]])
    causal = torch.triu(torch.full((4, 4), -math.inf), 1)
    hidden = functional(module, values)(
        F.embedding(target, p["letters"]) + p["positions"][:4], memory, tgt_mask=causal, memory_key_padding_mask=source == 0)
    scores = normalised(p, "norm", hidden) @ p["output.weight"].T + p["output.bias"]
    loss = F.cross_entropy(scores.reshape(-1, letters), wanted, ignore_index=0)
    return result(p, scores, loss)


def cross_encoder():
    """A list of three texts after one query, of which the first is the answer; BERT normalises behind each part."""
    width, inner, vocabulary, positions = 16, 24, 10, 16
    shapes = [("embeddings.word_embeddings.weight", (vocabulary, width)), ("embeddings.position_embeddings.weight", (positions, width)),
              ("embeddings.token_type_embeddings.weight", (2, width))] + norm("embeddings.LayerNorm", width)
    for number in (0, 1):
        name = f"encoder.layer.{number}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes += dense(f"{name}.attention.{part}", width, width)
        shapes += norm(f"{name}.attention.output.LayerNorm", width) + dense(f"{name}.intermediate.dense", width, inner)
        shapes += dense(f"{name}.output.dense", inner, width) + norm(f"{name}.output.LayerNorm", width)
    p = filled(shapes + dense("classifier", width, 1))
    pairs = [([2, 4, 5, 3, 6, 7, 3], 4), ([2, 4, 5, 3, 8, 3], 4), ([2, 4, 5, 3, 7, 9, 6, 3], 4)]
    longest = max(len(tokens) for tokens, _ in pairs)
    ids = torch.tensor([tokens + [0] * (longest - len(tokens)) for tokens, _ in pairs])
    types = torch.tensor([[int(k >= first and k < len(tokens)) for k in range(longest)] for tokens, first in pairs])
    is_padding = torch.tensor([[k >= len(tokens) for k in range(longest)] for tokens, _ in pairs])
    hidden = F.embedding(ids, p["embeddings.word_embeddings.weight"]) + p["embeddings.position_embeddings.weight"][:longest]
    hidden = hidden + F.embedding(types, p["embeddings.token_type_embeddings.weight"])
    hidden = F.layer_norm(hidden, (width,), p["embeddings.LayerNorm.weight"], p["embeddings.LayerNorm.bias"], 1e-12)
    for number in (0, 1):
        name = f"encoder.layer.{number}"
        module = torch.nn.TransformerEncoderLayer(width, 2, inner, 0, "gelu", 1e-12, batch_first=True)
        values = {}
        for kind in ("weight", "bias"):
            for own, other in {"norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm", "linear1": "intermediate.dense",
                               "linear2": "output.dense", "self_attn.out_proj": "attention.output.dense"}.items():
                values[f"{own}.{kind}"] = p[f"{name}.{other}.{kind}"]
            values[f"self_attn.in_proj_{kind}"] = torch.cat([p[f"{name}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")])
        hidden = functional(module, values)(hidden, src_key_padding_mask=is_padding)
    scores = (hidden[:, 0] @ p["classifier.weight"].T + p["classifier.bias"])[:, 0]
    return result(p, scores, F.cross_entropy(scores[None], torch.tensor([0])))


golden = {network.__name__: network() for network in (bert4rec, gru4rec, two_tower, cnn, rewriter, cross_encoder)}
json.dump(golden, sys.stdout, separators=(",", ":"))
print()
