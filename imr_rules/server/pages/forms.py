"""What a form sent, read within limits."""

from __future__ import annotations

from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from imr_rules.errors import Problem, TooLargeError, UnreadableError

__all__ = ["MOST_FIELDS", "Form", "read_form"]

MOST_FIELDS = 3_000


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


async def read_form(request: Request, most: int) -> Form:
    """Return the form of a request.

    Raises:
        TooLargeError: it is larger than ``most`` bytes, or does not say how large it is.
        UnreadableError: it is not a form.
    """
    declared = request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > most:
        raise TooLargeError(Problem("too-large", f"what was sent is larger than {most:,} bytes"))
    try:
        sent = await request.form(max_files=20, max_fields=MOST_FIELDS, max_part_size=most)
    except HTTPException:
        raise UnreadableError(Problem("not-a-form", "what was sent is not a form that can be read")) from None
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    try:
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                if content:
                    files[name] = (value.filename or "", content)
            elif "\x00" not in value:
                fields.setdefault(name, []).append(value)
    finally:
        await sent.close()
    return Form(fields, files)
