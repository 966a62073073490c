"""What every picture is drawn on: palette, type, and SVG that is the same each time."""

from __future__ import annotations

import html
import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from imr_rules._extras import install_command
from imr_rules.errors import InputError, Place, Problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Scheme = Literal["light", "dark"]


class Palette(NamedTuple):
    """The colors of a picture. Each part also differs by place, word or hatching."""

    ink: str
    quiet: str
    rule: str
    paper: str
    attended: str
    authorized: str
    disputed: str
    on_dark: str
    on_light: str
    bands: tuple[str, str, str, str, str]
    important: str


PALETTES = {
    "light": Palette(
        ink="#1b1f24", quiet="#59616d", rule="#d5dae1", paper="#ffffff",
        attended="#2f4b7c", authorized="#a9bcd9", disputed="#e6a24a", on_dark="#ffffff", on_light="#1b1f24",
        bands=("#f3f6f9", "#e8edf3", "#dbe3ec", "#cdd8e4", "#c0cddc"), important="#3f7d4f",
    ),
    "dark": Palette(
        ink="#e8eaed", quiet="#a3acb8", rule="#3a424d", paper="#171a1f",
        attended="#8eaedd", authorized="#46608a", disputed="#e2a352", on_dark="#171a1f", on_light="#171a1f",
        bands=("#1e232a", "#242a33", "#2a323d", "#313b48", "#384453"), important="#7fc48f",
    ),
}  # fmt: skip

FAMILY = "Source Sans 3"
SMALL = 10.5
"""The small size of type."""
HATCH = "////"
"""Fills what is not known exactly."""
_SETTINGS: dict[Any, Any] = {
    "font.family": FAMILY,
    "font.size": 12,
    "svg.hashsalt": "imr-rules",
    "svg.fonttype": "path",
    "hatch.linewidth": 1.1,
    "axes.unicode_minus": False,
    "text.parse_math": False,  # text of a case is never read as markup
}
_LOCK = threading.RLock()
"""The library keeps its settings for the whole process."""


@contextmanager
def drawing() -> Iterator[None]:
    """Hold the library's settings to ours while a picture is drawn and written, one picture at a time.

    Raises:
        InputError: Matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        what = "drawing charts needs Matplotlib, which is not installed"
        raise InputError(Problem("no-matplotlib", what, Place(), install_command("page"))) from None
    with _LOCK, mpl.rc_context(_SETTINGS):
        _know_fonts()
        yield


def canvas(width: int, height: int, palette: Palette) -> tuple[Figure, Axes]:
    """Return a figure of so many pixels with one axes that fills it, without frame or background.

    The axes counts in pixels, from the top left.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0, 0, 1, 1))
    bare(axes)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    return figure, axes


def bare(axes: Axes) -> None:
    """Take frame, ticks and background from an axes."""
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_yticks([])


def _know_fonts() -> None:
    """Tell the library of our fonts, once: its list of fonts is the whole process's."""
    from matplotlib.font_manager import FontEntry, fontManager

    if any(each.name == FAMILY for each in fontManager.ttflist):
        return
    folder = Path(__file__).parent / "fonts"
    for weight, file in ((400, "SourceSans3-Regular.ttf"), (600, "SourceSans3-Semibold.ttf")):
        fontManager.ttflist.append(
            FontEntry(
                fname=str(folder / file),
                name=FAMILY,
                style="normal",
                variant="normal",
                weight=weight,
                stretch="normal",
                size="scalable",
            )
        )


class Box(NamedTuple):
    """Where words stand in a picture, in pixels from its upper left corner."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share more than an edge."""
        return (
            self.left < other.right - 1
            and other.left < self.right - 1
            and self.top < other.bottom - 1
            and other.top < self.bottom - 1
        )


def boxes(figure: Figure) -> list[Box]:
    """Return where every word of a picture stands."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    height = figure.get_figheight() * figure.dpi
    found = []
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            extent = text.get_window_extent(renderer)
            found.append(Box(text.get_text(), extent.x0, height - extent.y1, extent.x1, height - extent.y0))
    return found


def text_width(words: str, size: float, *, weight: int = 400) -> float:
    """Return how wide words are, in pixels; within :func:`drawing`."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    if not words.strip():
        return 0.0
    font: Any = get_font(findfont(FontProperties(family=FAMILY, weight=weight)))
    font.set_size(size, 72)
    font.set_text(words, 0.0)
    return float(font.get_width_height()[0]) / 64 * 1.02  # drawn letters stand on whole pixels


def wrapped(words: str, width: float, size: float, *, weight: int = 400) -> list[str]:
    """Return words on as many lines as they need to stay within a width; a word too long for it is parted."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight=weight) <= width:
            lines[-1] = longer
            continue
        while text_width(word, size, weight=weight) > width and len(word) > 4:
            part = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n < 4 or text_width(word[:n], size, weight=weight) <= width
            )
            lines.append(word[:part])
            word = word[part:]
        lines.append(word)
    return lines or [""]


def to_svg(figure: Figure, alt: str) -> str:
    """Return a figure as SVG, with its description as title; the same figure gives the same text."""
    made = io.StringIO()
    figure.savefig(made, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = made.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', _opening(alt), svg, count=1, flags=re.DOTALL)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r"\s*<style[^>]*>.*?</style>", "", svg, count=1, flags=re.DOTALL)
    return _STYLE.sub(_as_attributes, svg)


_STYLE = re.compile(r' style="([^"]*)"')


def _as_attributes(found: re.Match[str]) -> str:
    """Return a style as attributes, which a page may show whose policy forbids styles."""
    pairs = (each.partition(":") for each in found[1].split(";") if ":" in each)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)


def _opening(alt: str) -> str:
    title = html.escape(alt).replace("\\", r"\\")
    return (
        r'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="\1" '
        rf'role="img" stroke-linejoin="round" stroke-linecap="butt"><title>{title}</title>'
    )
