"""The picture of the confusion table: suggestions against outcomes, darker where more items are."""

from __future__ import annotations

from imr_rules.agreement.figures import OUTCOMES, SUGGESTIONS, Figures
from imr_rules.writing.charts.canvas import PALETTES, Scheme, canvas, drawing, to_svg
from imr_rules.writing.document import Figure
from imr_rules.writing.words import SUGGESTION_WORDS

_WIDTH, _HEIGHT, _LEFT, _TOP = 460, 250, 120, 44


def alt(found: Figures) -> str:
    """Return the table in words."""
    rows = (
        f"{SUGGESTION_WORDS[suggested]}: "
        + ", ".join(f"{found.confusion[suggested, outcome]} were {outcome}" for outcome in OUTCOMES)
        for suggested in SUGGESTIONS
    )
    return f"Suggestions against outcomes. {'; '.join(rows)}."


def confusion_figure(found: Figures) -> Figure:
    """Return the table as a picture for a report, for light and dark screens.

    Raises:
        InputError: Matplotlib is not installed.
    """
    title = "Items by suggestion and outcome; the share is of the outcome"
    return Figure(title, alt(found), draw_confusion(found), draw_confusion(found, "dark"))


def draw_confusion(found: Figures, scheme: Scheme = "light") -> str:
    """Return the table as SVG: a row a suggestion, a column an outcome, its count and share in each cell.

    The share is of the outcome's column, so that the rarer outcome is seen as well as the common one.

    Raises:
        InputError: Matplotlib is not installed.
    """
    with drawing():
        from matplotlib.colors import LinearSegmentedColormap

        palette = PALETTES[scheme]
        figure, axes = canvas(_WIDTH, _HEIGHT, palette)
        columns = {
            outcome: sum(found.confusion[each, outcome] for each in SUGGESTIONS) for outcome in OUTCOMES
        }
        shares = [
            [found.confusion[each, outcome] / (columns[outcome] or 1) for outcome in OUTCOMES]
            for each in SUGGESTIONS
        ]
        wide, tall = (_WIDTH - _LEFT - 4) / len(OUTCOMES), (_HEIGHT - _TOP - 4) / len(SUGGESTIONS)
        axes.pcolormesh(
            [_LEFT + number * wide for number in range(len(OUTCOMES) + 1)],
            [_TOP + number * tall for number in range(len(SUGGESTIONS) + 1)],
            shares,
            cmap=LinearSegmentedColormap.from_list("counts", [palette.bands[0], palette.attended]),
            vmin=0,
            vmax=1,
            edgecolor=palette.paper,
            linewidth=2,
        )
        for column, outcome in enumerate(OUTCOMES):
            middle = _LEFT + (column + 0.5) * wide
            axes.text(
                middle, _TOP - 14, f"was {outcome}", size=12, weight=600, color=palette.ink, ha="center"
            )
            for row, suggested in enumerate(SUGGESTIONS):
                count, part = found.confusion[suggested, outcome], shares[row][column]
                ink = palette.on_dark if part > 0.55 else palette.ink
                center = _TOP + (row + 0.5) * tall
                axes.text(
                    middle, center, str(count), size=17, weight=600, color=ink, ha="center", va="center"
                )
                axes.text(middle, center + 20, f"{part:.0%}", size=10.5, color=ink, ha="center", va="center")
        for row, suggested in enumerate(SUGGESTIONS):
            axes.text(
                _LEFT - 10, _TOP + (row + 0.5) * tall, SUGGESTION_WORDS[suggested], size=12, color=palette.ink,
                ha="right", va="center",
            )  # fmt: skip
        return to_svg(figure, alt(found))
