"""Drawing the three pictures, one module each; what they show was worked out before."""

from imr_rules.writing.charts.drawing.bars import draw_bars
from imr_rules.writing.charts.drawing.series import draw_series
from imr_rules.writing.charts.drawing.timeline import draw_events

__all__ = ["draw_bars", "draw_events", "draw_series"]
