"""imr-rules: does the MTUS support upholding or overturning the denial of a requested treatment?

>>> from imr_rules import Case, Rulebook, screen
>>> rulebook = Rulebook.load()
>>> screening = screen(Case.from_file("fixtures/determinations/seed-cbt-relaxation.yaml"), rulebook)
>>> screening.items[0].suggestion
'uphold'
"""

from importlib import import_module
from typing import TYPE_CHECKING

from imr_rules._version import __version__

if TYPE_CHECKING:
    from imr_rules.case import Case
    from imr_rules.rulebook import Rulebook
    from imr_rules.screening import Screening, screen, screen_many, to_frame, what_if

__all__ = ["Case", "Rulebook", "Screening", "__version__", "screen", "screen_many", "to_frame", "what_if"]

# Imported when they are first asked for, so that what needs none of them, such as a command's help, need not wait.
_ROOMS = {"Case": "case", "Rulebook": "rulebook"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'imr_rules' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"imr_rules.{_ROOMS.get(name, 'screening')}"), name)
    return found
