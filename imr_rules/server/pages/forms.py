"""What a form sent, read within limits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_form
from starlette.requests import Request

from imr_rules.errors import Problem, TooLargeError, UnreadableError
from imr_rules.server.api.common import computed, read_body, service_of

MOST_FIELDS = 3_000
MOST_FILES = 20


class Form(NamedTuple):
    """The fields of a form by name, in the order sent, and its files."""

    fields: dict[str, list[str]]
    files: dict[str, tuple[str, bytes]]

    def text(self, name: str) -> str | None:
        """Return a field without the space around it; None where it is not there or empty."""
        values = self.fields.get(name)
        said = values[0].replace("\r\n", "\n").strip() if values else ""
        return said or None

    def beginning(self, prefix: str) -> dict[str, str]:
        """Return the fields whose name begins so, by the rest of it; empty ones too."""
        return {
            name.removeprefix(prefix): values[0].replace("\r\n", "\n").strip()
            for name, values in self.fields.items()
            if name.startswith(prefix)
        }


def whole_number(text: str) -> int | None:
    """Return the number that a text of at most nine digits is, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def choices(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return words of a rulebook as they are offered for choice: value and words, in order."""
    return tuple((each, each.replace("_", " ")) for each in sorted(words))


_RANGE = re.compile(r"(\d{1,6})\s*(?:-|–|to)\s*(\d{1,6})")
_LEAST = re.compile(r"(?:at least|>=|≥)\s*(\d{1,6})|(\d{1,6})\s*(?:\+|or more)", re.IGNORECASE)
_MOST = re.compile(r"(?:at most|up to|<=|≤)\s*(\d{1,6})|(\d{1,6})\s*or (?:fewer|less)", re.IGNORECASE)


def count_in(text: str) -> dict[str, Any] | None:
    """Return a count as a case states it: ``12``, ``4 to 6``, ``at least 4``, ``10 or fewer``; None for what is none."""
    text = text.strip()
    number = whole_number(text)
    if number is not None and number <= 999_999:
        return {"value": number}
    if found := _RANGE.fullmatch(text):
        return {"at_least": int(found[1]), "at_most": int(found[2])}
    if found := _LEAST.fullmatch(text):
        return {"at_least": int(found[1] or found[2])}
    if found := _MOST.fullmatch(text):
        return {"at_most": int(found[1] or found[2])}
    return None


async def read_form(request: Request, most: int) -> Form:
    """Return the form of a request.

    Raises:
        TooLargeError: it is larger than ``most`` bytes, or does not say how large it is.
        TooSlowError: it did not come in time.
        UnreadableError: it is not a form.
    """
    if not request.headers.get("content-length", "").isdecimal():
        raise TooLargeError(Problem("too-large", f"what was sent is larger than {most:,} bytes"))
    kind = request.headers.get("content-type", "")
    body = await read_body(request, most)
    return await computed(service_of(request), len(body), parsed, body, kind)


def parsed(body: bytes, kind: str) -> Form:
    """Return the form that a body is.

    Raises:
        UnreadableError: it is not one, or has more than :data:`MOST_FIELDS` fields or :data:`MOST_FILES` files.
    """
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    count = 0

    def add(name: str, value: str) -> None:
        nonlocal count
        count += 1
        if count > MOST_FIELDS:
            raise ValueError
        if "\x00" not in value:
            fields.setdefault(name, []).append(value)

    def on_field(field: Any) -> None:
        add((field.field_name or b"").decode(), (field.value or b"").decode())

    def on_file(file: Any) -> None:
        if len(files) >= MOST_FILES:
            raise ValueError
        file.file_object.seek(0)
        content = file.file_object.read()
        if content:
            files[(file.field_name or b"").decode()] = ((file.file_name or b"").decode(), content)

    try:
        if kind.partition(";")[0].strip().lower() == "multipart/form-data":
            parse_form({"Content-Type": kind.encode("latin-1")}, BytesIO(body), on_field, on_file)
        else:
            for name, value in parse_qsl(
                body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS
            ):
                add(name, value)
    except (ValueError, FormParserError):
        raise UnreadableError(Problem("not-a-form", "what was sent is not a form that can be read")) from None
    return Form(fields, files)
