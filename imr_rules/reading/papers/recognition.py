"""Text recognition of pages that are pictures: by the program Tesseract, from memory to memory.

The pixels are our own, drawn by PDFium in its confined process, never the file's embedded image. Tesseract runs
as a process of its own that may write no file, with bounded memory and time; a page it fails on is a page that
could not be read, and is said to be.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from statistics import median

import numpy as np
from PIL import Image

from imr_rules.reading.papers.ink import Picture, clean, skew, turned
from imr_rules.reading.papers.page import Box, Word

_DPI = 300
_MEMORY = 1024 * 1024 * 1024
_SECONDS = 30
_TALLEST = 60
"""Points; a taller word is a pen stroke or a logo."""
_SURE = 70
"""Mean confidence, in percent, above which a page stands upright; a page that lies on its side gives 20 to 50."""


def available() -> bool:
    """Whether Tesseract is installed."""
    return shutil.which("tesseract") is not None


def recognize(picture: Picture, dpi: float) -> tuple[list[Word], Picture]:
    """Return the words of a scanned page and the page put right: upright and level.

    Where a page reads badly as it lies, it is tried on its other sides, and the best reading stands.
    """
    best: tuple[float, list[Word], Picture] = (-1.0, [], picture)
    for quarter in (0, 180, 90, 270):
        upright = turned(picture, quarter)
        level = turned(clean(upright), skew(upright))
        words = _words(level, dpi)
        # a side on which few words are found, and those surely, is no better than one full of them
        sure = sum(word.confidence or 0 for word in words if (word.confidence or 0) > 50)
        lies = _lie_on_their_side(words)
        if sure > best[0] and not lies:
            best = (sure, words, level)
        if len(words) >= 10 and mean(words) >= _SURE and not lies:
            break
    return best[1], best[2]


def _lie_on_their_side(words: list[Word]) -> bool:
    """Whether long words are higher than wide: Tesseract reads lines that run up or down a page as well."""
    long = [word.box for word in words if len(word.text) >= 5]
    return sum(box.height > box.right - box.left for box in long) > len(long) / 2


def mean(words: list[Word]) -> int:
    """Return the mean confidence of words, weighed by their length, in percent."""
    letters = sum(len(word.text) for word in words)
    return round(sum((word.confidence or 0) * len(word.text) for word in words) / letters) if letters else 0


def _words(picture: Picture, dpi: float) -> list[Word]:
    scale = _DPI / dpi
    image = Image.fromarray(picture)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    head = f"P5 {image.width} {image.height} 255\n".encode()
    table = _run(head + np.asarray(image).tobytes())
    point, tall = _DPI / 72, image.height
    found: list[tuple[tuple[str, ...], str, int, Box]] = []
    for row in table.splitlines()[1:]:
        level, *cells = row.split("\t", 11)
        text = cells[-1].strip()
        if level == "5" and text:
            x, y, w, h = (int(each) for each in cells[5:9])
            box = Box(x / point, (tall - y - h) / point, (x + w) / point, (tall - y) / point)
            found.append((tuple(cells[1:4]), text, round(float(cells[9])), box))
    heights: dict[tuple[str, ...], list[float]] = {}
    for line, _, _, box in found:
        heights.setdefault(line, []).append(box.height)
    words = []
    for line, text, confidence, box in found:
        # a dash is as high as its line, so that it stays on it
        missing = max(0.0, median(heights[line]) - box.height) / 2
        words.append(
            Word(text, Box(box.left, box.bottom - missing, box.right, box.top + missing), confidence)
        )
    return [word for word in words if word.box.height < _TALLEST]


def _run(picture: bytes) -> str:
    """Return what Tesseract makes of a picture; nothing where it fails or takes too long."""
    process = subprocess.Popen(
        ["tesseract", "stdin", "stdout", "-l", "eng", "--dpi", str(_DPI), "--psm", "3", "tsv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    try:
        _confine(process.pid)
        told, _ = process.communicate(picture, timeout=_SECONDS)
    except (subprocess.TimeoutExpired, OSError):
        process.kill()
        process.communicate()
        return ""
    return told.decode("utf-8", "replace") if process.returncode == 0 else ""


def _confine(pid: int) -> None:
    try:
        import resource

        for what, most in (
            (resource.RLIMIT_AS, _MEMORY),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.prlimit(pid, what, (most, most))
    except (
        ImportError,
        AttributeError,
        ValueError,
        OSError,
    ):  # not on this platform: the time limit still holds
        return
