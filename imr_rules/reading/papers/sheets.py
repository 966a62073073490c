"""The pages of a file, as they look.

Drawn text and form fields where a page has them, text recognition where it is a picture. PDFium reads the file in
its confined process, one page at a time.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from imr_rules.reading.letters.pdf import PdfReader
from imr_rules.reading.papers import recognition
from imr_rules.reading.papers.ink import Picture, rules, squares
from imr_rules.reading.papers.page import Box, Carrier, Page, Tick, Word

_DPI = 200
_PIXELS = 25_000_000
_FEWEST = 3
"""Words; a page of a form or report with fewer holds nothing but a stamp or a page number."""


def read_pages(path: Path, reader: PdfReader) -> Iterator[Page]:
    """Yield the pages of the PDF at ``path``: their words; their pictures are looked at where they have none.

    Raises:
        LetterError: it cannot be read within the reader's limits; the problem's code says why.
    """
    number, count = 1, 1
    while number <= count:
        answer = reader.page(path, number, dpi=0, pixels=_PIXELS)
        count = int(answer["count"])
        yield with_ink(path, number, reader) if len(answer["words"]) < _FEWEST else _page(number, answer)
        number += 1


_PITCH, _STEP = 12.0, 6.0
"""Points from line to line, and from letter to letter, of a typed page."""


def typed_pages(pages: Iterable[str]) -> Iterator[Page]:
    """Yield the pages of a text file as if they were typed: each letter has its place, so columns and gaps stay."""
    for number, text in enumerate(pages, 1):
        lines = text.expandtabs().split("\n")
        height = max(792.0, (len(lines) + 4) * _PITCH)
        words = [
            Word(
                found[0],
                Box(found.start() * _STEP, top - _PITCH + 2, found.end() * _STEP, top),
            )
            for top, line in ((height - (at + 2) * _PITCH, line) for at, line in enumerate(lines))
            for found in re.finditer(r"\S+", line)
        ]
        width = max(612.0, max((word.box.right for word in words), default=0.0))
        yield Page(number, width, height, "text" if words else "nothing", tuple(words))


def with_ink(path: Path, number: int, reader: PdfReader) -> Page:
    """Return a page with its ruled lines and drawn boxes; its words by text recognition where it is a picture.

    Raises:
        LetterError: as :func:`read_pages`.
    """
    return _page(number, reader.page(path, number, dpi=_DPI, pixels=_PIXELS))


def _page(number: int, answer: dict[str, Any]) -> Page:
    width, height, dpi = float(answer["width"]), float(answer["height"]), float(answer.get("dpi") or 0)
    words = [Word(text, Box(*box)) for text, *box in answer["words"]]
    ticks = []
    filled = False
    for field, (kind, value, checked, *place) in enumerate(answer["fields"]):
        if kind == "button":
            ticks.append(Tick(Box(*place), checked))
        else:
            filled = filled or bool(value.strip())
            words += _laid_out(field, value, Box(*place))
    carrier: Carrier = "fields" if filled or ticks else "text"
    if not dpi:
        return Page(number, width, height, carrier, tuple(words), tuple(ticks))
    raw = np.frombuffer(base64.b64decode(answer["gray"]), dtype=np.uint8)
    picture: Picture = raw.reshape(-1, int(answer["columns"]))
    if len(words) < _FEWEST:
        words, carrier = [], "nothing"
        if picture.min() < 128 and recognition.available():
            words, picture = recognition.recognize(picture, dpi)
            if len(words) >= _FEWEST:
                carrier = "scan"
                width, height = picture.shape[1] * 72 / dpi, picture.shape[0] * 72 / dpi
    upright, across = rules(picture, dpi)
    return Page(
        number,
        width,
        height,
        carrier,
        tuple(words),
        tuple(ticks),
        upright,
        across,
        squares(picture, dpi),
    )


def _laid_out(field: int, value: str, box: Box) -> Iterator[Word]:
    """Yield the words of a field's value at places within its box: PDFium does not tell where it draws them."""
    lines = [line.split() for line in value.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    if not lines:
        return
    letters = max(sum(map(len, line)) + len(line) for line in lines)
    step = min(5.0, (box.right - box.left) / letters)
    tall = min(10.0, box.height / len(lines))
    top = box.top if len(lines) > 1 or box.height > 24 else box.middle + tall / 2
    for line in lines:
        left = box.left
        for word in line:
            right = left + step * len(word)
            yield Word(word, Box(left, top - tall, right, top), field=field)
            left = right + step
        top -= tall
