"""Draws how long each contender takes, in units of npyo's time, as SVG."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

Row = tuple[str, dict[str, float]]
"""A case, and the time of each contender."""

ROW, RIGHT, TOP, BOTTOM = 24, 30, 64, 44
WIDTH = 860
FONT = 'font-family="system-ui, sans-serif" font-size="13"'
COLOURS = ["#0b6e4f", "#c8553d", "#3d5a80", "#8e6c8a", "#6c757d", "#d4a017"]
"""The first is npyo's; they can be told apart by those who do not see red and green apart."""
SHAPES = ["line", "circle", "square", "diamond", "triangle", "cross"]


def draw(title: str, contenders: list[str], rows: list[Row]) -> str:
    """A dot for each contender but the first, whose time is the unit, on a logarithmic axis."""
    base = contenders[0]
    left = 30 + 7 * max(len(name) for name, _ in rows)
    ratios = {
        (name, contender): time / times[base]
        for name, times in rows
        for contender, time in times.items()
        if contender != base and time > 0 < times[base]
    }
    low = min([0.5, *ratios.values()])
    high = max([4.0, *ratios.values()])
    first, last = math.floor(math.log2(low)), math.ceil(math.log2(high))
    plot = WIDTH - left - RIGHT
    height = TOP + ROW * len(rows) + BOTTOM

    def x(ratio: float) -> float:
        return left + plot * (math.log2(ratio) - first) / (last - first)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT}>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="17" font-weight="600">{escape(title)}</text>',
    ]
    used = [c for c in contenders[1:] if any(key[1] == c for key in ratios)]
    place = float(left)
    for contender in [base, *used]:
        number = contenders.index(contender)
        parts.append(mark(number, place + 6, 44))
        parts.append(f'<text x="{place + 18:.0f}" y="48">{escape(contender)}</text>')
        place += 34 + 7.4 * len(contender)
    bottom = TOP + ROW * len(rows)
    step = max(1, math.ceil((last - first) / 9))
    for power in range(first, last + 1):
        if (power - first) % step and power:
            continue
        at = x(2.0**power)
        colour, width = (COLOURS[0], 2) if power == 0 else ("#dddddd", 1)
        parts.append(
            f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{bottom}" stroke="{colour}" '
            f'stroke-width="{width}"/>'
        )
        label = f"{2**power}" if power >= 0 else f"1/{2**-power}"
        parts.append(f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
    parts.append(
        f'<text x="{left + plot / 2:.0f}" y="{bottom + 37}" text-anchor="middle" fill="#555555">'
        f"time in units of {escape(base)}'s; right of the line is slower</text>"
    )
    for index, (name, times) in enumerate(rows):
        y = TOP + ROW * (index + 0.5)
        parts.append(
            f'<text x="{left - 12}" y="{y + 4:.0f}" text-anchor="end">{escape(name)}</text>'
        )
        for contender in times:
            if (name, contender) in ratios:
                parts.append(mark(contenders.index(contender), x(ratios[name, contender]), y))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def mark(number: int, x: float, y: float) -> str:
    """The sign of a contender."""
    colour, shape = COLOURS[number], SHAPES[number]
    if shape == "line":
        return (
            f'<line x1="{x:.1f}" y1="{y - 7:.1f}" x2="{x:.1f}" y2="{y + 7:.1f}" '
            f'stroke="{colour}" stroke-width="3"/>'
        )
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'
    corners = {
        "square": [(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)],
        "diamond": [(0, -6), (6, 0), (0, 6), (-6, 0)],
        "triangle": [(0, -6), (5.5, 4.5), (-5.5, 4.5)],
        "cross": [(-6, -2), (-2, -2), (-2, -6), (2, -6), (2, -2), (6, -2)]
        + [(6, 2), (2, 2), (2, 6), (-2, 6), (-2, 2), (-6, 2)],
    }[shape]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" fill="{colour}"/>'
