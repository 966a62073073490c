"""Running ``imr-rules batch`` with streams of bytes."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from unittest import mock


def run(*arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a batch with some arguments and some standard input, in this process; processes are tried in ``test_files``."""
    from imr_rules.cli import main

    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, encoding="utf-8", write_through=True) for each in written)
    command = ["imr-rules", "batch", *arguments]
    status = 0
    with (
        mock.patch.object(sys, "argv", command),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(input), encoding="utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    return subprocess.CompletedProcess(command, status, written[0].getvalue(), written[1].getvalue())
