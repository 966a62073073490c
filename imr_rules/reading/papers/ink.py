"""What the pixels of a page tell that its words do not: how it lies, ruled lines, boxes and their ticks.

A picture is an array of gray values, a byte a pixel, rows from the top. Works on drawn pages and on scans alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from imr_rules.reading.papers.page import Box, Tick

Picture = NDArray[np.uint8]
_DARK = 140


def clean(picture: Picture) -> Picture:
    """Take out specks of up to three pixels, and soften a picture in two tones, which a fax is."""
    dark = picture < _DARK
    near = _sums(dark, 5)
    picture = np.where(dark & (near <= 3), np.uint8(255), picture)
    halftones = int(((picture > 60) & (picture < 195)).sum()) / max(1, int(dark.sum()))
    if halftones < 0.3:
        picture = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(0.8)))
    return picture


def _sums(dark: NDArray[np.bool_], size: int) -> NDArray[np.int32]:
    """Return how many pixels around each are dark, in a square of ``size``."""
    half = size // 2
    total = (
        np.pad(dark, ((half + 1, half), (half + 1, half))).cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
    )
    return total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]  # type: ignore[no-any-return]


def skew(picture: Picture) -> float:
    """Return by how many degrees the lines of a page rise to the right, within 6 degrees."""
    down, across = np.nonzero(picture[::2, ::2] < _DARK)
    if len(down) < 200:
        return 0.0
    if len(down) > 60_000:
        some = np.linspace(0, len(down) - 1, 60_000).astype(int)
        down, across = down[some], across[some]

    def sharpness(degrees: float) -> float:
        rows = (down + across * np.tan(np.radians(degrees))).astype(int)
        filled: Any = np.bincount(rows - rows.min())
        return float((filled.astype(float) ** 2).sum())

    best = max(np.arange(-6, 6.01, 0.5), key=sharpness)
    best = max(np.arange(best - 0.5, best + 0.51, 0.1), key=sharpness)
    return round(float(best), 2)


def turned(picture: Picture, degrees: float) -> Picture:
    """Return the picture turned clockwise, its size kept for small angles."""
    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(picture, -round(degrees / 90)))
    image = Image.fromarray(picture).rotate(-degrees, Image.Resampling.BILINEAR, fillcolor=255)
    return np.asarray(image)


_Runs = list[tuple[int, int, int]]


def _runs(dark: NDArray[np.bool_], shortest: int, longest: int | None = None) -> _Runs:
    """Return the dark stretches of each row: row, first column, column after the last."""
    framed = np.pad(dark, ((0, 0), (1, 1)))  # each row begins and ends light: its edges come in pairs
    edges = np.flatnonzero(framed[:, 1:] != framed[:, :-1])
    rows, starts = np.divmod(edges[::2], dark.shape[1] + 1)
    ends = edges[1::2] % (dark.shape[1] + 1)
    kept = ends - starts >= shortest
    if longest is not None:
        kept &= ends - starts <= longest
    return list(zip(rows[kept].tolist(), starts[kept].tolist(), ends[kept].tolist(), strict=True))


_THICKEST = 3.0
"""Points; what is thicker is a filled area."""


def rules(picture: Picture, dpi: float) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """Return the ruled lines, upright and across: at least 14 and 40 points long, at most 3 points thick."""
    point = dpi / 72
    height = picture.shape[0]
    dark = picture < 160
    upright = _lines(_runs(dark.T, round(14 * point)), round(_THICKEST * point))
    across = _lines(_runs(dark, round(40 * point)), round(_THICKEST * point))
    return (
        tuple(
            Box(x0 / point, (height - y1) / point, x1 / point, (height - y0) / point)
            for x0, x1, y0, y1 in upright
        ),
        tuple(
            Box(x0 / point, (height - y1) / point, x1 / point, (height - y0) / point)
            for y0, y1, x0, x1 in across
        ),
    )


def _lines(runs: _Runs, thickest: int) -> list[tuple[int, int, int, int]]:
    """Join runs that lie next to one another: first and last row, first and last column; thick ones left out."""
    open_: list[list[int]] = []
    done: list[list[int]] = []
    for row, start, end in runs:
        still: list[list[int]] = []
        for each in open_:
            (still if each[1] >= row - 2 else done).append(each)
        open_ = still
        for each in open_:
            if each[2] - 3 <= end and start <= each[3] + 3:
                each[1], each[2], each[3] = row + 1, min(each[2], start), max(each[3], end)
                break
        else:
            open_.append([row, row + 1, start, end])
    return [(a, b, c, d) for a, b, c, d in done + open_ if b - a <= thickest]


def _framed(dark: NDArray[np.bool_], x0: int, y0: int, x1: int, y1: int) -> bool:
    """Whether a square has its other three sides, and nothing at once under it."""
    return (
        _share(dark[y1 - 2 : y1 + 1, x0:x1].any(0)) > 0.85
        and _share(dark[y0:y1, max(0, x0 - 1) : x0 + 2].any(1)) > 0.85
        and _share(dark[y0:y1, x1 - 2 : x1 + 1].any(1)) > 0.85
        and _share(dark[y1 + 2, x0:x1]) < 0.6
    )


def _share(dark: NDArray[np.bool_] | np.bool_) -> float:
    """Return how much of some dots is dark."""
    return np.count_nonzero(dark) / dark.size


_SMALLEST, _LARGEST = 6.0, 15.0


def squares(picture: Picture, dpi: float) -> tuple[Tick, ...]:
    """Return the small drawn squares of a page, and whether there is ink in the middle of each."""
    point = dpi / 72
    height = picture.shape[0]
    dark = picture < 160
    bridged = dark.copy()
    bridged[:, 1:-1] |= dark[:, :-2] & dark[:, 2:]
    found: list[tuple[int, int, int, int]] = []
    low, high = round(_SMALLEST * point), round(_LARGEST * point)
    for row, start, end in _runs(bridged, low, high):
        if any(x0 - 3 <= start and end <= x1 + 3 and y0 - 3 <= row <= y1 + 3 for x0, y0, x1, y1 in found):
            continue
        if row > 2 and _share(dark[row - 2, start:end]) > 0.4:
            continue  # not an upper edge
        square = next(
            (
                (x0, row, x1, row + tall)
                # a stroke that leaves the box makes its upper edge seem longer
                for x0, x1 in (
                    (start + a, end - b)
                    for trim in range((end - start) // 3)
                    for a, b in {(0, trim), (trim, 0)}
                )
                for tall in range(max(low, round(0.85 * (x1 - x0))), min(high, round(1.2 * (x1 - x0))) + 1)
                if x1 - x0 >= low and row + tall + 3 < height and _framed(dark, x0, row, x1, row + tall)
            ),
            None,
        )
        if square is not None:
            found.append(square)
    ticks = []
    for x0, y0, x1, y1 in found:
        margin = round(0.25 * (x1 - x0))
        inside = dark[y0 + margin : y1 - margin, x0 + margin : x1 - margin]
        box = Box(x0 / point, (height - y1) / point, x1 / point, (height - y0) / point)
        ticks.append(Tick(box, bool(inside.size and inside.mean() > 0.08)))
    return tuple(ticks)
