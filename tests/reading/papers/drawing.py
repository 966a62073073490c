"""Draws papers for tests: forms with fields, flat pages, scans. All persons and numbers on them are canaries."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = letter


@dataclass
class Sheet:
    """A page being drawn, from the top down.

    Attributes:
        fillable: values become form fields instead of text.
        size: of the letters, in points. font: of printed words. hand: of values.
        late: values that are drawn after all labels, as a flattened form has them.
    """

    fillable: bool = False
    size: float = 9
    font: str = "Helvetica"
    hand: str = "Times-Roman"
    late: bool = False
    field_names: str = "Text"
    y: float = HEIGHT - 50
    _buffer: io.BytesIO = field(default_factory=io.BytesIO)
    _later: list[tuple[float, float, str, float]] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.canvas = Canvas(self._buffer, pagesize=letter)

    def bytes(self) -> bytes:
        self._flush()
        self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()

    def _flush(self) -> None:
        self.canvas.setFont(self.hand, self.size)
        for x, y, words, size in self._later:
            self.canvas.setFont(self.hand, size)
            self.canvas.drawString(x, y, words)
        self._later = []

    def new_page(self) -> None:
        self._flush()
        self.canvas.showPage()
        self.y = HEIGHT - 50

    def print(
        self, x: float, words: str, *, bold: bool = False, size: float | None = None, y: float | None = None
    ) -> float:
        """Print words; return where they end."""
        at = self.size if size is None else size
        font = f"{self.font}-Bold" if bold else self.font
        self.canvas.setFont(font, at)
        self.canvas.drawString(x, self.y if y is None else y, words)
        return x + float(stringWidth(words, font, at))

    def value(
        self,
        x: float,
        words: str,
        width: float = 120,
        *,
        height: float = 12,
        y: float | None = None,
        lines: bool = False,
    ) -> None:
        """Write a value: a form field, or words."""
        at = self.y if y is None else y
        self._number += 1
        if self.fillable:
            self.canvas.acroForm.textfield(
                name=f"{self.field_names}{self._number}", value=words, x=x, y=at - 3 if not lines else at + 9 - height, width=width, height=height,
                fontSize=self.size - 1, borderWidth=0, fieldFlags="multiline" if lines else "", forceBorder=False,
            )  # fmt: skip
            return
        rows = wrapped(words, self.hand, self.size, width) if lines else [words]
        for row in rows:
            if self.late:
                self._later.append((x, at, row, self.size))
            else:
                self.canvas.setFont(self.hand, self.size)
                self.canvas.drawString(x, at, row)
            at -= self.size + 1

    def label(self, x: float, label: str, value: str, width: float = 150) -> None:
        self.value(self.print(x, label) + 4, value, width)

    def tick(
        self,
        x: float,
        words: str,
        on: bool,
        style: str = "cross",
        *,
        y: float | None = None,
        behind: bool = False,
    ) -> float:
        """Draw a box with its words, ticked or not; return where it ends."""
        at = self.y if y is None else y
        self._number += 1
        box = x
        if behind:
            box = self.print(x, words, y=at) + 4
        if self.fillable:
            self.canvas.acroForm.checkbox(
                name=f"Check{self._number}", checked=on, x=box, y=at - 1, size=9, borderWidth=1
            )
        elif style == "glyph":
            self.print(box - 2, "[X]" if on else "[ ]", y=at)
        else:
            self.canvas.setLineWidth(0.8)
            self.canvas.rect(box, at - 1, 8.5, 8.5, fill=0)
            if on and style == "cross":
                self.canvas.line(box + 1, at, box + 7.5, at + 6.5)
                self.canvas.line(box + 1, at + 6.5, box + 7.5, at)
            elif on and style == "full":
                self.canvas.rect(box + 2, at + 1, 4.5, 4.5, fill=1)
            elif on and style == "pen":
                self.canvas.setLineWidth(1.2)
                self.canvas.line(box + 1, at + 3, box + 3, at)
                self.canvas.line(box + 3, at, box + 12, at + 10)
        return self.print(box + 12, "" if behind else words, y=at) + 16

    def down(self, points: float | None = None) -> None:
        self.y -= self.size + 4 if points is None else points

    def paragraph(
        self, words: str, x: float = 54, width: float = 500, *, bold: bool = False, after: float = 6
    ) -> None:
        font = f"{self.font}-Bold" if bold else self.font
        for row in wrapped(words, font, self.size, width):
            if self.y < 60:
                self.new_page()
            self.canvas.setFont(font, self.size)
            self.canvas.drawString(x, self.y, row)
            self.y -= self.size + 2
        self.y -= after

    def pair(self, label: str, value: str, x: float = 54, at: float = 190, width: float = 360) -> None:
        """A label and its value in two columns."""
        self.print(x, label, bold=True)
        for row in wrapped(value, self.font, self.size, width):
            self.print(at, row)
            self.y -= self.size + 2
        self.y -= 4

    def table(
        self, headings: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], *, x: float = 40, ruled: bool = True,
        pad: float = 6, fields: bool = False, centered: bool = False,
    ) -> None:  # fmt: skip
        """A table whose cells wrap."""

        def row(cells: Sequence[str], bold: bool) -> None:
            font = f"{self.font}-Bold" if bold else (self.hand if fields else self.font)
            parts = [
                [
                    line
                    for piece in cell.split("\n")
                    for line in wrapped(piece, font, self.size - 1, width - 8)
                ]
                for cell, width in zip(cells, widths, strict=True)
            ]
            tall = max(map(len, parts)) * (self.size + 1) + pad
            top = self.y + self.size
            if top - tall < 50:
                self.new_page()
                top = self.y + self.size
            left = x
            for cell, part, width in zip(cells, parts, widths, strict=True):
                if ruled:
                    self.canvas.setLineWidth(0.6)
                    self.canvas.rect(left, top - tall, width, tall, fill=0)
                if fields and self.fillable and not bold:
                    self.value(left + 2, cell, width - 4, height=tall - 2, y=top - 10, lines=True)
                else:
                    for number, line in enumerate(part):
                        at = top - self.size - pad / 4 - number * (self.size + 1)
                        start = left + 3
                        if centered and not bold and len(line) < 14:
                            start = left + (width - stringWidth(line, font, self.size - 1)) / 2
                        if fields and self.late and not bold:
                            self._later.append((start, at, line, self.size - 1))
                        else:
                            self.canvas.setFont(font, self.size - 1)
                            self.canvas.drawString(start, at, line)
                left += width
            self.y -= tall

        row(headings, bold=True)
        for cells in rows:
            row(cells, bold=False)
        self.y -= 8


def wrapped(words: str, font: str, size: float, width: float) -> list[str]:
    rows: list[str] = []
    row = ""
    for word in words.split(" "):
        longer = f"{row} {word}".strip()
        if row and stringWidth(longer, font, size) > width:
            rows.append(row)
            row = word
        else:
            row = longer
    return [*rows, row]


def scan(
    pdf: bytes,
    *,
    dpi: int = 200,
    skew: float = 0.6,
    turn: int = 0,
    fax: bool = False,
    noise: float = 4.0,
    seed: int = 1,
) -> bytes:
    """Print and scan a paper: pages that are nothing but pictures."""
    chance = np.random.default_rng(seed)
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        for page in document:
            image = page.render(scale=dpi / 72, grayscale=True, may_draw_forms=True).to_pil().convert("L")
            image = image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255).filter(
                ImageFilter.GaussianBlur(0.5)
            )
            gray = np.asarray(image).astype(float) + chance.normal(0, noise, (image.height, image.width))
            if fax:
                gray = np.where(gray < 150, 0.0, 255.0)
                specks = chance.random(gray.shape) < 0.0004
                gray[specks] = 0
            image = Image.fromarray(gray.clip(0, 255).astype(np.uint8))
            if turn:
                image = image.rotate(-turn, expand=True)
            pages.append(image.convert("1") if fax else image)
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return out.getvalue()


def pick(seed: int) -> random.Random:
    return random.Random(seed)
