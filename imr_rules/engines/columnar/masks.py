"""Truths of many rows: an array, one a row, or one plain ``bool`` where every row agrees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

Mask = Any
"""An array of truths, or one ``bool`` for all rows."""


def both(one: Mask, other: Mask) -> Mask:
    """Return ``one and other``."""
    if one is True or other is False:
        return other
    if one is False or other is True:
        return one
    return one & other


def either(one: Mask, other: Mask) -> Mask:
    """Return ``one or other``."""
    if one is False or other is True:
        return other
    if one is True or other is False:
        return one
    return one | other


def negated(mask: Mask) -> Mask:
    """Return ``not mask``."""
    if mask is True or mask is False:
        return not mask
    return ~mask


def mask(found: Any) -> Mask:
    """Return what a comparison gave as a mask: one of plain numbers gives a plain ``bool``."""
    return found if isinstance(found, np.ndarray) else bool(found)


class Masks:
    """Masks as an :class:`~imr_rules.engines.algebra.Algebra`."""

    true: Mask = True
    false: Mask = False
    negated = staticmethod(negated)

    @staticmethod
    def every(terms: Iterable[Mask]) -> Mask:
        """Return ``and`` of some masks."""
        found: Mask = True
        for term in terms:
            found = both(found, term)
            if found is False:
                break
        return found

    @staticmethod
    def some(terms: Iterable[Mask]) -> Mask:
        """Return ``or`` of some masks."""
        found: Mask = False
        for term in terms:
            found = either(found, term)
            if found is True:
                break
        return found

    @staticmethod
    def plain(term: Mask) -> Mask:
        """Return one ``bool`` where every row agrees."""
        if isinstance(term, bool):
            return term
        if term.all():
            return True
        return term if term.any() else False
