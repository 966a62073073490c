"""How the race is told: tables in Markdown, and a bar for each contestant in SVG."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def tell(
    answer: Mapping[str, Any],
    single: Mapping[str, Any],
    many: Mapping[str, Any],
    share: float,
    grown: Sequence[Any],
) -> str:
    """Return the tables."""
    ours, zen, our_bytes, zen_bytes = single.values()
    lines = [
        f"Measured in one run on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}); "
        f"load at its end {os.getloadavg()[0]:.1f}. Every answer was first held against the reference: "
        f"{'all are right' if answer['correct'] else 'SOME ARE WRONG'}.",
        "",
        "| One item, explained | holds | median | ours by theirs |",
        "|---|---|---|---|",
        f"| {ours.name} | {ours.answer} | {1e6 / ours.rate:,.0f} µs | |",
        f"| {zen.name} | {zen.answer} | {1e6 / zen.rate:,.0f} µs | {answer['single_vs_zen']} (target at most 2.5) |",
        f"| {our_bytes.name} | {our_bytes.answer} | {1e6 / our_bytes.rate:,.0f} µs | |",
        f"| {zen_bytes.name} | {zen_bytes.answer} | {1e6 / zen_bytes.rate:,.0f} µs | {answer['bytes_to_bytes']} (target at most 4) |",
        "",
        "| Many items, one core | holds | items a second | ours by theirs |",
        "|---|---|---|---|",
    ]
    first = many["imr-rules"]
    for each in sorted(many.values(), key=lambda each: -each.rate):
        times = "" if each is first else f"{first.rate / each.rate:,.1f}"
        lines.append(f"| {each.name} | {each.answer} | {each.rate:,.0f} | {times} |")
    lines += [
        "",
        "![Items a second, on a logarithmic scale](race.svg)",
        "",
        "| Figure | measured | target |",
        "|---|---|---|",
        f"| rate with statuses and suggestion, by ZEN's with a table a treatment | {answer['batch_vs_zen']} | at least 50 |",
        f"| the same, by ZEN's fastest form (compiled expressions) | {answer['batch_vs_zen_best']} | |",
        f"| time for statuses, by NumPy's written by hand | {answer['batch_vs_numpy']} | at most 1.5 |",
        f"| rate with ten times the treatments and criteria, by that without | {share:.2f} | at least 0.8 |",
        "",
        "| Rows, Parquet to Parquet, two workers | seconds | items a second | largest process |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {each.rows:,} | {each.seconds:.1f} | {each.rows / each.seconds:,.0f} | {each.megabytes:,.0f} MB |"
        for each in grown
    ]
    return "\n".join(lines) + "\n"


def draw(path: Path, rates: Mapping[str, float]) -> None:
    """Draw a bar for each contestant, on a logarithmic scale from 100 items a second to ten million."""
    height, left, width = 26, 250, 420
    rows = sorted(rates.items(), key=lambda each: -each[1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 110}" height="{height * len(rows) + 20}" '
        'font-family="sans-serif" font-size="13" role="img">',
        "<title>Items judged a second, each contestant, logarithmic scale</title>",
    ]
    for place, (name, rate) in enumerate(rows):
        top = 10 + place * height
        length = max(2.0, width * (math.log10(rate) - 2) / 5)
        color = "#1b6e53" if name.startswith("imr-rules") else "#9aa5a0"
        parts += [
            f'<text x="{left - 8}" y="{top + 15}" text-anchor="end">{name}</text>',
            f'<rect x="{left}" y="{top}" width="{length:.0f}" height="{height - 6}" fill="{color}"/>',
            f'<text x="{left + length + 6:.0f}" y="{top + 15}">{rate:,.0f}</text>',
        ]
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")
