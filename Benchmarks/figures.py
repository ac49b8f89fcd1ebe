"""One measured figure, with what it should reach and what it stands beside."""
from __future__ import annotations

import dataclasses


@dataclasses.dataclass
class Figure:
    what: str
    value: float | None = None
    unit: str = ""
    target: float | None = None
    higher_is_better: bool = True
    rival: str = ""
    rival_value: float | None = None
    problem: str = ""
    note: str = ""

    def json(self) -> dict:
        return dataclasses.asdict(self) | {"verdict": self.verdict()}

    @staticmethod
    def from_json(data: dict) -> Figure:
        return Figure(**{field.name: data[field.name] for field in dataclasses.fields(Figure)})

    def reaches(self, level: float) -> bool:
        return self.value >= level if self.higher_is_better else self.value <= level

    def verdict(self) -> str:
        if self.problem:
            return f"failed: {self.problem}"
        words = []
        if self.target is not None:
            words.append("met" if self.reaches(self.target) else "MISSED")
        if self.rival_value is not None:
            words.append("ahead" if self.reaches(self.rival_value) else "behind")
        return ", ".join(words + ([self.note] if self.note else []))

    def row(self) -> tuple[str, ...]:
        level = ""
        if self.target is not None:
            level = ("≥ " if self.higher_is_better else "≤ ") + text(self.target, self.unit)
        beside = f"{self.rival} {text(self.rival_value, self.unit)}" if self.rival_value is not None else self.rival
        return self.what, text(self.value, self.unit), level, beside, self.verdict()


def text(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if float(value).is_integer():
        number = f"{int(value):,}"
    elif abs(value) >= 100:
        number = f"{value:,.0f}"
    else:
        number = f"{value:.4f}" if abs(value) < 1 else f"{value:.2f}"
    return f"{number} {unit}".strip()


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
