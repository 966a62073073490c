"""The command line: one command a task, one clear line for a mistake.

Exit status: 0 done, 1 a check found something, 2 bad input, 3 the engine broke a promise of its own and gave no answer,
4 nothing of a batch could be judged, 5 the output could not be written.
"""

from __future__ import annotations

import errno
import gc
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; the entry point of ``imr-rules``."""
    gc.disable()  # what is imported stays until the end: looking through it for garbage finds none, then or at the end
    try:
        _answer()
    except BrokenPipeError:  # the reader of our output went away
        _forget_output()
        sys.exit(0)
    except OSError as error:
        if error.filename is not None or error.errno not in (
            errno.ENOSPC,
            errno.EIO,
            errno.EDQUOT,
            errno.EFBIG,
        ):
            raise
        _forget_output()
        print(f"error: standard output cannot be written: {error.strerror}", file=sys.stderr)
        sys.exit(5)
    finally:
        gc.freeze()
        gc.enable()


def _answer() -> None:
    if sys.argv[1:] == ["--help"] and os.path.basename(sys.argv[0]) == "imr-rules":
        from imr_rules.cli.help import program_help

        print(program_help("imr-rules"), flush=True)
    else:
        from imr_rules.cli.program import run

        run()


def _forget_output() -> None:
    """Let what is still to be written go nowhere, so that the end of the program does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
