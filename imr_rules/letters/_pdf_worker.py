"""The process that opens PDF files: run as a program, never imported by the rest.

A PDF is untrusted input to a large C++ library. This process holds it: it takes no other input, has a bounded
address space, opens no more files than it must, and can be killed at any moment without loss. It imports
nothing of ours, so starting it costs little more than starting Python.

It reads one JSON line per file from standard input, ``{"path", "pages", "characters"}``, and answers each
with one JSON line: ``{"pages": [text, ...]}`` or ``{"error": code, ...}``.
"""

from __future__ import annotations

import json
import sys


def _limit(address_space: int) -> None:
    try:
        import resource
    except ImportError:  # not on this platform: the parent's time limit still holds
        return
    for what, most in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(what)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (soft, hard))
        except (
            ValueError,
            OSError,
        ):  # a platform that knows the limit but does not keep it (macOS, RLIMIT_AS)
            continue


def _read(request: dict[str, object]) -> dict[str, object]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    most_pages, most_characters = int(str(request["pages"])), int(str(request["characters"]))
    try:
        document = pypdfium2.PdfDocument(str(request["path"]))
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        return {"error": "encrypted" if code == pdfium.FPDF_ERR_PASSWORD else "not-a-pdf"}
    try:
        count = len(document)
        if count > most_pages:
            return {"error": "too-many-pages", "count": count}
        pages: list[str] = []
        total = 0
        for index in range(count):
            try:
                page = document[index]
                text_page = page.get_textpage()
            except pypdfium2.PdfiumError:
                return {"error": "broken-page", "page": index + 1}
            total += max(0, text_page.count_chars())
            if total > most_characters:
                return {"error": "too-much-text"}
            pages.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return {"pages": pages}
    finally:
        document.close()


def main() -> None:
    """Answer requests until standard input ends."""
    _limit(int(sys.argv[1]))
    for line in sys.stdin:
        try:
            answer = _read(json.loads(line))
        except ImportError:
            answer = {"error": "no-pypdfium2"}
        except MemoryError:
            answer = {"error": "too-much-memory"}
        except Exception as error:
            answer = {"error": "failed", "kind": type(error).__name__}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
