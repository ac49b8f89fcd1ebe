"""Curves over a catalogue's size as SVG, both scales logarithmic."""
import dataclasses, math
from collections.abc import Callable

WIDTH, HEIGHT, LEFT, TOP = 400, 250, 62, 40
STYLE = "text{font:13px sans-serif;fill:#44403c}.title{font-weight:600;font-size:15px;fill:#1c1917}.grid{stroke:#e7e5e4}"


@dataclasses.dataclass
class Curve:
    colour: str
    points: list[tuple[float, float]]
    is_dashed: bool = False


def count(value: float) -> str:
    return f"{value / 1e6:.0f} M" if value >= 500_000 else f"{value / 1000:.0f} k"


def panel(title: str, curves: list[Curve], unit: Callable[[float], str], left: float, top: float) -> list[str]:
    sizes = [size for curve in curves for size, _ in curve.points]
    values = [value for curve in curves for _, value in curve.points]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(min(sizes)), math.log10(max(sizes))
    def x(size: float) -> float:
        return left + LEFT + (math.log10(size) - first) / max(1e-9, last - first) * (WIDTH - LEFT - 20)
    def y(value: float) -> float:
        return top + HEIGHT - 34 - (math.log10(value) - low) / max(1, high - low) * (HEIGHT - 34 - TOP)
    out = [f'<text x="{left + LEFT}" y="{top + 24}" class="title">{title}</text>']
    for power in range(low, high + 1):
        height = y(10 ** power)
        out.append(f'<path d="M{left + LEFT} {height:.1f}H{left + WIDTH - 20}" class="grid"/><text x="{left + LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{unit(10.0 ** power)}</text>')
    for size in sorted(set(sizes)):
        out.append(f'<text x="{x(size):.1f}" y="{top + HEIGHT - 12}" text-anchor="middle">{count(size)}</text>')
    for curve in curves:
        path = "L".join(f"{x(size):.1f} {y(value):.1f}" for size, value in curve.points)
        dash = ' stroke-dasharray="5 4"' if curve.is_dashed else ""
        out.append(f'<path d="M{path}" fill="none" stroke="{curve.colour}" stroke-width="2.5"{dash}/>')
        out += [f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3.5" fill="{curve.colour}"/>' for size, value in curve.points]
    return out


def picture(title: str, panels: list[str], legend: list[tuple[str, str]], note: str, rows: int) -> str:
    """Two panels a row, with a legend of colours and a note below."""
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {rows * HEIGHT + 40}" role="img">',
           f"<title>{title}</title>", f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>', *panels]
    for number, (name, colour) in enumerate(legend):
        left = LEFT + number * 110
        out.append(f'<path d="M{left} {rows * HEIGHT + 18}h24" stroke="{colour}" stroke-width="2.5"/><text x="{left + 30}" y="{rows * HEIGHT + 22}">{name}</text>')
    out.append(f'<text x="{LEFT + 20 + 110 * len(legend)}" y="{rows * HEIGHT + 22}">{note}</text></svg>')
    return "\n".join(out) + "\n"
