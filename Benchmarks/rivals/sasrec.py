"""Epochs of SASRec in PyTorch: the model, batches, loss and optimiser of `souk-train sasrec` with its shipped settings.

    sasrec.py DATA EPOCHS THREADS eager|compiled

DATA: lines `user item item …`; the last item of each is left out, as in Souk's second run. Prints one line of JSON: the seconds and
the mean training loss of each epoch. Attention is PyTorch's fused one, Adam its fused one.
"""
import json, math, random, sys, time

import torch
from torch import nn
from torch.nn import functional

WIDTH, BLOCKS, HEADS, INNER, LENGTH, TEMPERATURE = 64, 2, 2, 256, 50, 0.07
INPUT_DROPOUT, DROPOUT, POSITIONS, NEGATIVES, RATE = 0.5, 0.2, 512, 2048, 0.001


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention_norm, self.perceptron_norm = nn.LayerNorm(WIDTH, eps=1e-8), nn.LayerNorm(WIDTH, eps=1e-8)
        self.joined, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        for layer in (self.joined, self.out, self.inner, self.outer):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
        for part in self.joined.weight.data.split(WIDTH):
            nn.init.xavier_uniform_(part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, _ = x.shape
        query, key, value = self.joined(self.attention_norm(x)).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(
            query, key, value, is_causal=True, dropout_p=DROPOUT if self.training else 0.0)
        x = x + functional.dropout(self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH)), DROPOUT, self.training)
        hidden = functional.gelu(self.inner(self.perceptron_norm(x)))
        return x + functional.dropout(self.outer(hidden), DROPOUT, self.training)


class SASRec(nn.Module):
    def __init__(self, items: int, known: int) -> None:
        super().__init__()
        self.items = nn.Parameter(torch.randn(items, WIDTH) * 0.02)
        self.positions = nn.Parameter(torch.randn(LENGTH, WIDTH) * 0.02)
        self.blocks = nn.ModuleList([Block() for _ in range(BLOCKS)])
        self.norm = nn.LayerNorm(WIDTH, eps=1e-8)
        self.share = math.log(known / NEGATIVES)

    def forward(self, inputs, places, targets, drawn) -> torch.Tensor:
        x = functional.embedding(inputs, self.items) + self.positions[: inputs.shape[1]]
        x = functional.dropout(x, INPUT_DROPOUT, self.training)
        for block in self.blocks:
            x = block(x)
        states = functional.normalize(self.norm(x), dim=2).reshape(-1, WIDTH)[places] / TEMPERATURE
        own = (states * functional.normalize(functional.embedding(targets, self.items), dim=1)).sum(1, keepdim=True)
        others = states @ functional.normalize(functional.embedding(drawn, self.items), dim=1).T + self.share
        others = others.masked_fill(targets[:, None] == drawn, -math.inf)
        return (torch.logsumexp(torch.cat([own, others], 1), 1, keepdim=True) - own).mean()


def read(path: str) -> list[list[int]]:
    numbers: dict[str, int] = {}
    histories = []
    for line in open(path):
        items = line.split()[1:]
        histories.append([numbers.setdefault(item, len(numbers)) for item in items])
    return [history[:-1] for history in histories]


def batches(histories: list[list[int]], chance: random.Random) -> list[tuple[torch.Tensor, ...]]:
    """People of like length together, at most POSITIONS places with padding."""
    order = [history[-(LENGTH + 1):] for history in histories if len(history) >= 2]
    chance.shuffle(order)
    order.sort(key=len)
    groups, current = [], []
    for history in order:
        if current and (len(current) + 1) * (len(history) - 1) > POSITIONS:
            groups.append(current)
            current = []
        current.append(history)
    groups.append(current)
    chance.shuffle(groups)
    return groups


def tensors(group: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    width = max(map(len, group)) - 1
    inputs = [history[:-1] + [0] * (width + 1 - len(history)) for history in group]
    places = [row * width + column for row, history in enumerate(group) for column in range(len(history) - 1)]
    targets = [item for history in group for item in history[1:]]
    return torch.tensor(inputs), torch.tensor(places), torch.tensor(targets)


def main(path: str, epochs: int, threads: int, mode: str) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    histories = read(path)
    known = torch.tensor(sorted({item for history in histories for item in history}))
    model = SASRec(int(known.max()) + 1, len(known)).train()
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    step = torch.compile(model, dynamic=True) if mode == "compiled" else model
    chance = random.Random(1)
    result = []
    for _ in range(epochs):
        began = time.perf_counter()
        groups, total = batches(histories, chance), 0.0
        for group in groups:
            drawn = known[torch.randint(len(known), (NEGATIVES,))]
            optimiser.zero_grad(set_to_none=True)
            loss = step(*tensors(group), drawn)
            loss.backward()
            optimiser.step()
            total += loss.item()
        result.append({"seconds": time.perf_counter() - began, "loss": total / len(groups), "steps": len(groups)})
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
