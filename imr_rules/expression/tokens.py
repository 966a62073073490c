"""The words and signs of an expression, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct


class ExpressionFault(Exception):
    """An expression that cannot be read: what, at which offset in its text, and what to do."""

    def __init__(self, what: str, offset: int, hint: str | None = None, code: str = "expression") -> None:
        super().__init__(what)
        self.what, self.offset, self.hint, self.code = what, offset, hint, code


_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<op><=|>=|==|!=|[<>()\[\],+*/=-]|&&|\|\||!)|(?P<bad>\S))"
)
_WORDS = {"and", "or", "not", "in", "true", "false"}
_INSTEAD = {
    "=": "compare with `==`",
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "/": "there is no division: multiply the other side",
}


class Token(Struct, frozen=True):
    """A word or sign: its kind, its letters, and the offset it stands at."""

    kind: str
    text: str
    offset: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and signs of ``text``, and then its end.

    Raises:
        ExpressionFault: for what no expression contains.
    """
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        assert match is not None and match.lastgroup is not None
        offset, found = match.start(match.lastgroup), match.group(match.lastgroup)
        if match.lastgroup == "bad" or found in _INSTEAD:
            raise ExpressionFault("this cannot be read", offset, _INSTEAD.get(found))
        if match.lastgroup == "number" and "." in found:
            raise ExpressionFault("numbers are whole", offset, "use a smaller unit")
        kind = found if found in _WORDS or match.lastgroup == "op" else match.lastgroup
        yield Token(kind, found, offset)
        position = match.end()
    yield Token("end", "", len(text))
