r"""Text made plain, once, before anything reads it: one kind of dash, space, quote, digit and fraction.

>>> plain("2\u00bd hours\u00a0/ day, 3\u00d7/week for 4\u20136 weeks \u201cat home\u201d")
'2.5 hours / day, 3x/week for 4-6 weeks "at home"'
"""

from __future__ import annotations

import re
import unicodedata

_DASHES = frozenset(
    "\u2043\u2212\u02d7\u2796\uff0d"
)  # written as dashes, though not of Unicode's category for them
_TYPOGRAPHIC = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u00d7\u2715\u2716\u2a2f", "x"),
    "\u2044": "/",
    "\u2215": "/",
    "\u2022": "*",
}
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,5}|#[xX][0-9A-Fa-f]{1,4});")
_WHOLE_AND_FRACTION = re.compile(r"(?<![\d.])(\d{1,4}) ?([\u00bc-\u00be\u2150-\u215e])")


class _PlainCharacters(dict[int, str]):
    """What stands for each character beyond ASCII; worked out when asked, so that no table of Unicode is kept."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code < 128:
            return character
        if character in _TYPOGRAPHIC:
            return _TYPOGRAPHIC[character]
        category = unicodedata.category(character)
        if category == "Pd" or character in _DASHES:
            return "-"
        if category == "Cf":
            return ""  # zero-width spaces and joiners, soft hyphens, marks of direction
        if category in ("Zs", "Zl", "Zp"):
            return " " if category == "Zs" else "\n"
        if category == "No" and (fraction := _decimal(character)):
            return fraction
        if category == "Nd":
            return str(unicodedata.digit(character))
        return unicodedata.normalize("NFKC", character)


_PLAIN = _PlainCharacters()


def _decimal(character: str) -> str:
    """Return a fraction of one character as a decimal number ("0.5"), or nothing where it is none."""
    value = unicodedata.numeric(character, 0.0)
    return f"{value:.3f}".rstrip("0") if 0 < value < 1 else ""


def plain(text: str) -> str:
    """Return ``text`` with typography taken out of it; line breaks and everything in ASCII stay as they are.

    Dashes of every kind become ``-``, spaces of every width a space, quotation marks and primes ``'`` or ``"``,
    the sign of multiplication ``x``, digits of every script and width 0 to 9, fractions decimals ("2\u00bd" is 2.5),
    ligatures their letters; what has no width goes. The entities of HTML become what they stand for. Offsets into
    the result are offsets into the result: make a text plain first, then find places in it.
    """
    if "&" in text and _ENTITY.search(text):
        from html import unescape  # its table of names takes time, and few lines have any

        text = unescape(text)
    if text.isascii():
        return text
    text = _WHOLE_AND_FRACTION.sub(lambda match: match[1] + _decimal(match[2])[1:], text)
    return text.translate(_PLAIN)
