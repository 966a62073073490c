"""Commands, run in this process."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from unittest import mock

from imr_rules.cli import main


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def digest(self) -> str:
        """The digest of the rulebook that an answer in JSON names."""
        found: str = json.loads(self.out)["rulebook"]["digest"]
        return found


def run(*arguments: object, cwd: Path | None = None) -> Ran:
    """Run ``imr-rules`` with some arguments; in a directory, where one is given."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.object(sys, "argv", ["imr-rules", *map(str, arguments)]),
        contextlib.redirect_stdout(_Utf8(out)),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Ran(status, out.getvalue(), err.getvalue())


class _Utf8(io.TextIOBase):
    """A stream that says it writes UTF-8, as a terminal does."""

    encoding = "utf-8"

    def __init__(self, into: io.StringIO) -> None:
        self._into = into

    def write(self, text: str) -> int:
        return self._into.write(text)
