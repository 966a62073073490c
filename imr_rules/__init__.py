"""imr-rules: does the MTUS support upholding or overturning the denial of a requested treatment?

>>> from imr_rules import Case, Rulebook, screen
>>> rulebook = Rulebook.load()
>>> screening = screen(Case.from_file("fixtures/determinations/seed-cbt-relaxation.yaml"), rulebook)
>>> screening.items[0].suggestion
'uphold'
"""

from imr_rules._version import __version__
from imr_rules.case import Case
from imr_rules.rulebook import Rulebook
from imr_rules.screening import Screening, screen, screen_many, to_frame, what_if

__all__ = ["Case", "Rulebook", "Screening", "__version__", "screen", "screen_many", "to_frame", "what_if"]
