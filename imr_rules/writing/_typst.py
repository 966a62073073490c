"""Setting a document with Typst: a template of ours, and data that is never read as markup."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Protocol

from imr_rules.errors import InputError, Place, Problem

__all__ = ["Picture", "typeset"]


class Picture(Protocol):
    """A picture for a document, as :mod:`imr_rules.writing.charts` draws it."""

    @property
    def title(self) -> str:
        """Return its heading."""

    @property
    def alt(self) -> str:
        """Return what it shows, in words."""

    @property
    def svg(self) -> str:
        """Return the picture."""


def typeset(package: str, template: str, data: Any) -> bytes:
    """Return a document as PDF, tagged for screen readers (PDF/UA-1); the same data gives the same bytes.

    Args:
        package, template: where the template lies; it reads the data from ``sys.inputs.data``.
        data: plain data.

    Raises:
        InputError: Typst is not installed.
    """
    try:
        import typst
    except ImportError:
        what = "writing PDF needs Typst, which is not installed"
        hint = "pip install 'imr-rules[page]', or ask for markdown"
        raise InputError(Problem("no-typst", what, Place(), hint)) from None

    made: bytes = typst.compile(
        resources.files(package).joinpath(template).read_bytes(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    return made
