"""How fast determination letters are read, as rates and shares within one run.

    python benchmarks/letters.py [FOLDER] [--rounds N]

FOLDER holds PDF letters; without it, small letters are written for the purpose. The target is 1,000 letters a
minute on one core. The process that holds PDFium and the one that reads the text take turns, so that both
together use one core; the share of each is shown, and the rate of opening a process for every file beside it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from imr_rules.letters import Letter, read_letter, read_letters, read_text  # noqa: E402
from imr_rules.letters.pdf import PdfReader  # noqa: E402

TARGET = 1000  # letters a minute


def written(folder: Path, count: int) -> list[Path]:
    from tests.letters.written import ALL, write_pdf

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
        rates, shares, alone = [], [], []
        for _ in range(options.rounds):
            began, busy = time.perf_counter(), time.process_time()
            read = sum(isinstance(letter, Letter) for letter in read_letters(paths))
            took, ours = time.perf_counter() - began, time.process_time() - busy
            rates.append(60 * len(paths) / took)
            shares.append(ours / took)
            with PdfReader() as reader:
                pages = [reader.pages(path) for path in paths]
            began = time.perf_counter()
            for text in pages:
                read_text(text)
            alone.append((time.perf_counter() - began) / took)
        few = paths[: min(20, len(paths))]
        began = time.perf_counter()
        for path in few:
            read_letter(path)
        single = 60 * len(few) / (time.perf_counter() - began)
    rate = statistics.median(rates)
    print(f"{len(paths)} letters, {read} read, {options.rounds} rounds")
    print(f"  one after another: {rate:,.0f} a minute, {rate / TARGET:.1f} times the target of {TARGET:,}")
    print(
        f"  of that time, in this process {statistics.median(shares):.0%}; reading the text alone {statistics.median(alone):.0%}"
    )
    print(f"  a process for every file: {single:,.0f} a minute, {single / rate:.2f} of the rate above")


if __name__ == "__main__":
    main()
