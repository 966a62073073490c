"""A command that is killed at random points and started again until it ends."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["killed_until_done"]


def killed_until_done(
    command: Sequence[str], work: Path, times: int, chance: random.Random, units: int
) -> int:
    """Run a batch, killed ``times`` times at most, each time when 1 to ``units`` more units are done.

    Args:
        command: the batch.
        work: the directory of its unfinished units.
        times: how often to kill it.
        chance: says when.
        units: the most that it may do between two kills.

    Returns:
        how often it was killed.
    """
    kills = 0
    while True:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        enough = len(list(work.glob("*.done"))) + chance.randint(1, units)
        while kills < times and process.poll() is None:
            if len(list(work.glob("*.done"))) >= enough:
                process.send_signal(signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.001)
        _, errors = process.communicate(timeout=100)
        if process.returncode == 0:
            return kills
        assert process.returncode == -signal.SIGKILL, errors.decode()
