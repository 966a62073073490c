"""The text of a PDF file, page by page, with bounded memory and time.

PDFium reads the file in a process of its own (:mod:`imr_rules.reading.letters._pdf_worker`). A file that crashes it,
fills its memory or keeps it busy costs that process and one clear error; the rest of a batch goes on with a
fresh one. One process serves many files, because starting it (about a tenth of a second) costs more than
reading a letter (about a hundredth).
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

from msgspec import Struct

from imr_rules._extras import install_command
from imr_rules.errors import LetterError, Place, Problem


class Limits(Struct, frozen=True):
    """What one letter may cost. Of the letters seen, the longest has ten pages and 27,000 characters.

    Attributes:
        file_bytes: size of the file. pages: number of pages.
        characters: text in all. seconds: time to get the text out of a PDF.
        memory_bytes: address space of the process that reads PDFs.
    """

    file_bytes: int = 32 * 1024 * 1024
    pages: int = 60
    characters: int = 250_000
    seconds: float = 20.0
    memory_bytes: int = 1024 * 1024 * 1024


_WORKER = Path(__file__).with_name("_pdf_worker.py")


def letter_error(path: Path | str, code: str, what: str, hint: str | None = None) -> LetterError:
    """Return an error about one letter, naming its file and nothing of its text."""
    return LetterError(Problem(code, what, Place(file=str(path)), hint))


def _explain(path: Path, answer: dict[str, object], limits: Limits) -> LetterError:
    code = str(answer.get("error"))
    what, hint = {
        "encrypted": ("the PDF is encrypted", "save a copy without a password"),
        "not-a-pdf": ("this is not a PDF that can be opened", "it may be truncated; download it again"),
        "too-many-pages": (
            f"the PDF has {answer.get('count')} pages; a letter has at most {limits.pages}",
            "split the file into one letter each",
        ),
        "broken-page": (f"page {answer.get('page')} of the PDF cannot be read", "download it again"),
        "too-much-text": (f"the PDF holds more than {limits.characters} characters", "this is not a letter"),
        "too-much-memory": ("reading the PDF takes too much memory", "it may be damaged or hostile"),
        "no-pypdfium2": (
            "reading PDF files needs pypdfium2",
            f"install it with: {install_command('letters')}",
        ),
    }.get(code, ("the PDF cannot be read", "it may be damaged"))
    return letter_error(path, code, what, hint)


class PdfReader:
    """Reads PDFs in a confined process; use it as a context manager, one file after another.

    The process starts with the first file and is replaced when it dies or is killed. Not for several threads.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __enter__(self) -> PdfReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if it runs. The reader can be used again afterwards."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

    def pages(self, path: Path) -> list[str]:
        """Return the text of each page of the PDF at ``path``, as PDFium gives it.

        Raises:
            LetterError: it cannot be read within the limits; the problem's code says why.
        """
        request = {"path": str(path), "pages": self.limits.pages, "characters": self.limits.characters}
        answer = self._ask(path, json.dumps(request))
        pages = answer.get("pages")
        if isinstance(pages, list) and all(isinstance(page, str) for page in pages):
            return pages
        raise _explain(path, answer, self.limits)

    def page(self, path: Path, number: int, *, dpi: int, pixels: int) -> dict[str, Any]:
        """Return one page of the PDF at ``path`` as it looks: its words, fields and picture.

        See the process for the answer's keys. ``pixels`` bounds the picture, by a coarser ``dpi`` where need be.

        Raises:
            LetterError: as :meth:`pages`.
        """
        request = {
            "path": str(path), "page": number, "dpi": dpi, "pixels": pixels,
            "pages": self.limits.pages, "characters": self.limits.characters,
        }  # fmt: skip
        answer = self._ask(path, json.dumps(request))
        if "error" in answer:
            raise _explain(path, answer, self.limits)
        return answer

    def _ask(self, path: Path, request: str) -> dict[str, object]:
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
            line = self._answers.get(timeout=self.limits.seconds)
        except queue.Empty:
            self.close()
            raise letter_error(
                path,
                "too-slow",
                f"the PDF took more than {self.limits.seconds:g} seconds to read",
                "it may be damaged or hostile",
            ) from None
        except OSError:
            line = ""
        if not line:
            self.close()
            if find_spec("pypdfium2") is None:
                return {"error": "no-pypdfium2"}
            return {"error": "crashed"}
        answer = json.loads(line)
        return answer if isinstance(answer, dict) else {"error": "failed"}

    def _started(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        # -P: the worker's own folder stays off its path, so that no module of ours hides one of Python's
        command = [
            sys.executable,
            "-P",
            str(_WORKER),
            str(self.limits.memory_bytes),
        ]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self._process = process
        self._answers = queue.SimpleQueue()
        threading.Thread(target=_forward, args=(process, self._answers), daemon=True).start()
        return process


def _forward(process: subprocess.Popen[str], answers: queue.SimpleQueue[str]) -> None:
    """Pass the worker's lines on; an empty one at the end says that it is gone."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except (OSError, ValueError):
        pass
    answers.put("")
