"""Running ``imr-rules batch`` as a process."""

from __future__ import annotations

import subprocess
import sys


def run(*arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a batch with some arguments and some standard input."""
    command = [sys.executable, "-c", "from imr_rules.cli import main; main()", "batch", *arguments]
    return subprocess.run(command, capture_output=True, input=input, check=False)
