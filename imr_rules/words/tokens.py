"""A text as words, numbers and signs, each with its place.

Hyphens that join words ("h-wave", "30-day", "Robaxin-750") part two words and are no sign of their own; those
between numbers are. Spinal levels, dates, codes and abbreviations with dots or slashes ("P.T.", "s/p") are one word.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<word>[a-zA-Z]{2,}+(?![\w.']))"  # most of any text; the rest of the alternatives are for what remains
    r"|(?P<number>\d{1,4}+(?![\d.,/-]))"
    r"|(?P<date>(?<![\d./-])(?:\d{1,2}(?P<parted>[/-])\d{1,2}(?P=parted)(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}[/-](?:19|20)\d{2})"
    r"(?![\d/%-]|\.\d| ?mg))"
    r"|(?P<code>(?<![^\W_])[A-Z]\d{4}(?![^\W_]))"
    r"|(?P<level>(?<![^\W_])(?i:c[1-8]|t1[0-2]|t[1-9]|l[1-6]|s[1-5])"
    r"(?:[-/](?i:[cls]?[1-8]|t?1[0-2]|t[1-9])(?![\d%]))*(?![^\W_]|%|\.\d|[- ]?(?i:mg|ml|tesla)))"
    r"|(?P<figures>\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)"
    r"|(?P<short>(?<![^\W_])(?i:[a-z](?:\.[a-z])+\b\.?|(?:[clt]/s|s/p|y/o|d/t|r/o|f/u|h/o|b/l|w/o)(?![^\W_])|w/(?=[^\W\d_]|\s))"
    r"|[^\W\d_]+(?:'[^\W\d_]+)?)"
    r"|(?P<sign>[^\s\w]|_)"
)
_KINDS = {"figures": "number", "short": "word", "parted": "date"}


class Token(NamedTuple):
    """A word in small letters, a number as written, or a sign, with its place in the text.

    Attributes:
        kind: ``word``, ``number``, ``sign``, ``level``, ``date`` or ``code``.
        text: small letters; "P.T." is ``pt``.
        start, end: the characters it covers.
        joined: it follows the token before it without a space, or with nothing but a hyphen.
    """

    kind: str
    text: str
    start: int
    end: int
    joined: bool


def tokens_of(text: str) -> list[Token]:
    """Return the words, numbers and signs of a plain text, in order; time grows with its length."""
    found: list[Token] = []
    last = -1
    hyphen = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        kind = _KINDS.get(kind, kind)
        start, end = match.span()
        written = match.group()
        if kind == "sign":
            if written == "-" and start == last and found[-1].kind != "sign":
                after = text[end : end + 1]
                if after.isalpha() or (after.isdigit() and found[-1].kind == "word"):
                    hyphen = True
                    continue
            found.append(Token("sign", written, start, end, start == last))
        else:
            if kind == "word":
                written = written.lower()
                if written[-1] == "x" and len(written) > 1 and text[end : end + 1].isdigit():
                    found.append(Token("word", written[:-1], start, end - 1, hyphen or start == last))
                    written, start, last = "x", end - 1, end - 1  # "ESIx2"
                if "." in written:
                    written = written.replace(".", "")
            elif kind == "level":
                written = written.upper()
            found.append(Token(kind, written, start, end, hyphen or start == last))
        last, hyphen = end, False
    return found


def words_of(phrase: str) -> list[str]:
    """Return the tokens of a phrase as they are compared: small letters, without the hyphens that join words."""
    if (
        phrase.isascii() and phrase.replace(" ", "").isalpha()
    ):  # most names of treatments; thousands are read at a start
        return phrase.lower().split()
    return [token.text.lower() for token in tokens_of(phrase)]
