"""The command line: one command a task, one clear line for a mistake.

Exit status: 0 done, 1 a check found something, 2 bad input, 3 the engine broke a promise of its own and gave no answer,
4 nothing of a batch could be judged, 5 the output could not be written.
"""

from __future__ import annotations

import gc

__all__ = ["main"]


def main() -> None:
    """Run the command line; the entry point of ``imr-rules``."""
    gc.disable()  # what is imported stays until the end: looking through it for garbage finds none, then or at the end
    try:
        from imr_rules.cli.program import run

        run()
    finally:
        gc.freeze()
        gc.enable()
