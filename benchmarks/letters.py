"""How fast determination letters are read, as rates and shares within one run.

    python -m benchmarks.letters [FOLDER] [--rounds N]

FOLDER holds PDF letters; without it, small letters are written for the purpose. The target is 1,000 letters a
minute on one core. The process that holds PDFium and the one that reads the text take turns, so that both together
use one core: a minute here is a minute of processor time of both, whatever else the machine does. The share of each
is shown, and the rate of opening a process for every file beside it.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from imr_rules.reading.letters import Letter, read_letter, read_letters
from imr_rules.rulebook import Rulebook

TARGET = 1000  # letters a minute


def written(folder: Path, count: int) -> list[Path]:
    from tests.reading.letters.written import ALL, write_pdf

    texts = list(ALL.values())
    return [write_pdf(folder / f"{number}.pdf", texts[number % len(texts)]) for number in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        paths = sorted(options.folder.glob("*.pdf")) if options.folder else written(Path(temporary), 100)
        if not paths:
            sys.exit(f"no PDF letters in {options.folder}")
        vocabulary = Rulebook.load().vocabulary
        rates, shares = [], []
        for _ in range(options.rounds):
            before, ours = processor_time(), time.process_time()
            read = sum(isinstance(letter, Letter) for letter in read_letters(paths, vocabulary))
            took = processor_time() - before
            rates.append(60 * len(paths) / took)
            shares.append((time.process_time() - ours) / took)
        few = paths[: min(20, len(paths))]
        before = processor_time()
        for path in few:
            read_letter(path, vocabulary)
        single = 60 * len(few) / (processor_time() - before)
    rate = statistics.median(rates)
    print(f"{len(paths)} letters, {read} read, {options.rounds} rounds")
    print(f"  one after another: {rate:,.0f} a minute, {rate / TARGET:.1f} times the target of {TARGET:,}")
    print(f"  of that time, reading the text {statistics.median(shares):.0%}; the rest is PDFium's")
    print(f"  a process for every file: {single:,.0f} a minute, {single / rate:.2f} of the rate above")


def processor_time() -> float:
    """Return the seconds that this process and those it has waited for have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
