"""Bad, broken and hostile files: one clear error each, no traceback, and the rest of a batch goes on."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from fpdf import FPDF

from imr_rules.errors import LetterError
from imr_rules.reading.letters import Letter, Limits, pdf
from imr_rules.reading.letters.pdf import PdfReader
from tests.reading.letters.reading import read_letter, read_letters, read_text
from tests.reading.letters.written import ALL, LINES, write_pdf


def code_of(path: Path | str, limits: Limits | None = None) -> str:
    with pytest.raises(LetterError) as caught:
        read_letter(path, limits=limits)
    (problem,) = caught.value.problems
    assert problem.place.file == str(path)
    assert str(path) in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert caught.value.__cause__ is None
    return problem.code


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pdf(tmp_path_factory.mktemp("letters") / "good.pdf", LINES)


def raw_pdf(content: bytes, *, filters: str = "", extra: str = "") -> bytes:
    """A one-page PDF around one content stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s %s >>\nstream\n%s\nendstream"
        % (len(content), filters.encode(), extra.encode(), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)


def test_no_file_and_no_regular_file(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.pdf") == "no-file"
    assert code_of(tmp_path) == "no-file"


def test_an_empty_file(tmp_path: Path) -> None:
    for name in ("empty.pdf", "empty.txt"):
        (tmp_path / name).write_bytes(b"")
        assert code_of(tmp_path / name) == "empty"


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_pdf(good: Path, tmp_path: Path, part: float) -> None:
    whole = good.read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole[: int(len(whole) * part)])
    assert code_of(cut) in {"not-a-pdf", "broken-page", "no-text", "no-items", "not-a-letter"}


def test_an_encrypted_pdf(tmp_path: Path) -> None:
    assert code_of(write_pdf(tmp_path / "locked.pdf", LINES, password="secret")) == "encrypted"


def test_a_scanned_pdf_has_no_text(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw

    scan = Image.new("L", (850, 1100), 255)
    ImageDraw.Draw(scan).text((60, 60), LINES, fill=0)
    document = FPDF(format="letter")
    document.add_page()
    document.image(scan, 0, 0, 210)
    document.output(str(tmp_path / "scan.pdf"))
    assert code_of(tmp_path / "scan.pdf") == "no-text"


def test_five_hundred_pages(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=8)
    for page in range(500):
        document.add_page()
        document.cell(text=f"page {page}")
    document.output(str(tmp_path / "long.pdf"))
    assert code_of(tmp_path / "long.pdf") == "too-many-pages"
    (tmp_path / "long.txt").write_text(LINES + "\f" * 501, encoding="utf-8")
    assert code_of(tmp_path / "long.txt") == "too-many-pages"


def test_what_is_no_pdf_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_text("<html>not found</html>", encoding="utf-8")
    assert code_of(tmp_path / "page.pdf") == "not-a-pdf"
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 40)
    assert code_of(tmp_path / "noise.txt") == "not-text"
    (tmp_path / "other.txt").write_text("A recipe for bread. " * 60, encoding="utf-8")
    assert code_of(tmp_path / "other.txt") == "not-a-letter"


def test_a_letter_that_lost_its_items(tmp_path: Path) -> None:
    (tmp_path / "cut.txt").write_text(LINES.split("IMR ISSUES")[0], encoding="utf-8")
    assert code_of(tmp_path / "cut.txt") == "no-items"


def test_size_and_text_are_limited(good: Path, tmp_path: Path) -> None:
    assert code_of(good, Limits(file_bytes=1000)) == "too-big"
    assert code_of(good, Limits(characters=1000)) == "too-much-text"
    assert code_of(good, Limits(pages=1)) == "too-many-pages"
    path = tmp_path / "long.txt"
    path.write_text(LINES * 200, encoding="utf-8")
    assert code_of(path) == "too-much-text"


def test_a_stream_that_unpacks_to_gigabytes_is_stopped(tmp_path: Path) -> None:
    """A zip bomb: PDFium must hold it whole, and may not."""
    text = b"BT /F1 8 Tf 10 10 Td " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 200_000 + b"ET"
    path = tmp_path / "bomb.pdf"
    path.write_bytes(raw_pdf(zlib.compress(text, 9), filters="/Filter /FlateDecode"))
    assert path.stat().st_size < 100_000
    limits = Limits(seconds=15, memory_bytes=400 * 1024 * 1024)
    assert code_of(path, limits) in {
        "too-much-text",
        "too-slow",
        "too-much-memory",
        "crashed",
        "no-text",
        "failed",
    }
    packer = zlib.compressobj(9)
    once = b"".join([*(packer.compress(b" " * 2**20) for _ in range(500)), packer.flush()])
    nested = zlib.compress(once, 9)
    path.write_bytes(raw_pdf(nested, filters="/Filter [/FlateDecode /FlateDecode]"))
    assert code_of(path, limits) in {
        "too-slow",
        "too-much-memory",
        "crashed",
        "no-text",
        "failed",
        "broken-page",
    }


def nested(depth: int) -> bytes:
    """Arrays within arrays, as a page's contents."""
    return raw_pdf(b"BT ET").replace(b"/Contents 4 0 R", b"/Contents " + b"[" * depth + b"]" * depth)


HOSTILE_PDFS = {
    "huge-page": raw_pdf(b"BT /F1 8 Tf (x) Tj ET").replace(b"[0 0 612 792]", b"[-1e30 -1e30 1e30 1e30]"),
    "no-page-box": raw_pdf(b"BT ET").replace(b"/MediaBox [0 0 612 792]", b"/MediaBox [0 0]"),
    "deep-arrays": nested(200_000),
    "script": raw_pdf(b"BT ET").replace(
        b"/Type /Catalog",
        b"/Type /Catalog /OpenAction << /S /JavaScript /JS (while (true) { app.alert('x') }) >>",
    ),
    "launch": raw_pdf(b"BT ET").replace(
        b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch /F (/bin/sh) >>"
    ),
    "cross-references-point-nowhere": raw_pdf(b"BT ET").replace(b"startxref\n", b"startxref\n99999"),
    "cross-references-in-a-circle": raw_pdf(b"BT ET").replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
    "claims-a-billion-pages": raw_pdf(b"BT ET").replace(b"/Count 1", b"/Count 1000000000"),
    "negative-count": raw_pdf(b"BT ET").replace(b"/Count 1", b"/Count -5"),
    "contents-of-itself": raw_pdf(b"BT ET").replace(b"/Length 5", b"/Length 4 0 R"),
    "endless-text": raw_pdf(b"BT /F1 8 Tf " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * 20_000 + b"ET"),
    "only-a-signature": b"%PDF-1.7\n%%EOF",
    "noise-behind-a-signature": b"%PDF-1.7\n" + bytes(range(256)) * 500,
}


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_a_hostile_pdf_gives_one_error_and_the_next_file_is_read(
    name: str, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(HOSTILE_PDFS[name])
    refused, letter = read_letters([path, good], limits=Limits(seconds=15, memory_bytes=400 * 1024 * 1024))
    assert isinstance(refused, LetterError), name
    (problem,) = refused.problems
    assert problem.place.file == str(path)
    assert problem.code != "failed"
    assert isinstance(letter, Letter)


def test_a_form_that_draws_itself_is_stopped(tmp_path: Path) -> None:
    body = raw_pdf(
        b"/X Do",
        extra="/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>",
    )
    path = tmp_path / "form.pdf"
    path.write_bytes(body.replace(b"/Resources << /Font", b"/Resources << /XObject << /X 4 0 R >> /Font", 1))
    assert code_of(path) in {"no-text", "crashed", "not-a-pdf", "broken-page", "too-slow"}


def test_a_page_tree_that_holds_itself(tmp_path: Path) -> None:
    path = tmp_path / "loop.pdf"
    path.write_bytes(raw_pdf(b"BT ET").replace(b"/Kids [3 0 R] /Count 1", b"/Kids [2 0 R] /Count 9"))
    assert code_of(path) in {"not-a-pdf", "no-text", "broken-page", "crashed", "failed"}


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    with PdfReader(Limits(seconds=0.5)) as reader:
        monkeypatch.setattr(pdf, "_WORKER", stuck)
        with pytest.raises(LetterError, match=r"more than 0\.5 seconds") as caught:
            reader.pages(good)
        assert caught.value.problems[0].code == "too-slow"
        monkeypatch.undo()
        reader.limits = Limits()
        assert len(reader.pages(good)) == 2


def test_a_reader_that_crashes_costs_one_file(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = tmp_path / "crash.py"
    crash.write_text("import os, sys\nsys.stdin.readline()\nos.abort()\n", encoding="utf-8")
    with PdfReader() as reader:
        monkeypatch.setattr(pdf, "_WORKER", crash)
        with pytest.raises(LetterError) as caught:
            reader.pages(good)
        assert caught.value.problems[0].code == "crashed"
        monkeypatch.undo()
        assert len(reader.pages(good)) == 2


def test_one_bad_file_does_not_stop_a_batch(good: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(good.read_bytes()[:500])
    locked = write_pdf(tmp_path / "locked.pdf", LINES, password="secret")
    found = list(read_letters([good, bad, good, locked, tmp_path / "none.pdf", good]))
    assert [type(one) for one in found] == [Letter, LetterError, Letter, LetterError, LetterError, Letter]


def test_no_process_is_left_behind(good: Path) -> None:
    with PdfReader() as reader:
        reader.pages(good)
        process = reader._process
        assert process is not None
    assert process.poll() is not None
    letters = read_letters([good, good])
    next(letters)
    letters.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits on this platform")
def test_the_confined_process_has_its_limits(good: Path) -> None:
    import resource

    with PdfReader(Limits(memory_bytes=512 * 1024 * 1024)) as reader:
        reader.pages(good)
        assert reader._process is not None
        if not hasattr(resource, "prlimit"):
            pytest.skip("SKIPPED LOUDLY: the limits of another process cannot be seen here")
        limits = {
            name: resource.prlimit(reader._process.pid, getattr(resource, name))[0]
            for name in ("RLIMIT_AS", "RLIMIT_FSIZE")
        }
        assert limits == {"RLIMIT_AS": 512 * 1024 * 1024, "RLIMIT_FSIZE": 0}


def test_errors_say_nothing_of_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_text(LINES.split("IMR ISSUES")[0], encoding="utf-8")
    with pytest.raises(LetterError) as caught:
        read_letter(path)
    for word in ("shoulder", "female", "CM16-0900001", "therapy"):
        assert word not in str(caught.value)


def test_pypdfium2_is_needed_for_pdf_only(tmp_path: Path) -> None:
    """The package imports, and reads text, where pypdfium2 cannot be imported; a PDF gives one clear error."""
    script = (
        "import sys, pathlib\n"
        "sys.modules['pypdfium2'] = None\n"
        "from imr_rules.reading.letters import read_text\n"
        "from imr_rules.rulebook import Rulebook\n"
        "text = pathlib.Path(sys.argv[1]).read_text()\n"
        "print(len(read_text([text], Rulebook.load().vocabulary).items))\n"
    )
    path = tmp_path / "letter.txt"
    path.write_text(LINES, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.stdout.strip() == "2", done.stderr


def test_a_missing_pypdfium2_says_how_to_install_it(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = tmp_path / "without.py"
    worker = Path(pdf.__file__).with_name("_pdf_worker.py").read_text(encoding="utf-8")
    without.write_text(
        "import sys\nsys.modules['pypdfium2'] = None\n"
        + worker.replace("from __future__ import annotations\n", ""),
        encoding="utf-8",
    )
    monkeypatch.setattr(pdf, "_WORKER", without)
    with (
        PdfReader() as reader,
        pytest.raises(LetterError, match=r"python.* -m pip install .*pypdfium2") as caught,
    ):
        reader.pages(good)
    assert caught.value.problems[0].code == "no-pypdfium2"


HOSTILE = {
    "blanks": " " * 200_000 + LINES,
    "outcomes": LINES + ": Upheld\n" * 15_000,
    "a title": LINES.replace("Acupuncture x 6", "x " * 100_000 + "Acupuncture x 6"),
    "numbers": LINES.replace("Two acupuncture", "12 " * 60_000 + " visits"),
    "numbers twice": LINES.replace("Two acupuncture", "six (6) " * 20_000 + " visits"),
    "openings": ALL["notice"] + "\n1) MAXIMUS Federal Services, Inc. has determined the request for " * 3000,
    "decisions": ALL["decision_for"] + "\n1. Decision for a " * 12_000,
    "dates": LINES.replace("Two acupuncture", "10-14-16 " * 25_000),
    "brackets": LINES.replace("Decision based", "( " * 100_000 + "Decision based", 1),
    "citations": LINES.replace("Decision based", "Decision based on " * 12_000, 1),
    "therapy": LINES.replace("Two acupuncture", "physical therapy " * 13_000),
    "treatment": LINES.replace("Two acupuncture", "treatment to date " * 12_000),
    "short sentences": LINES.replace("Two acupuncture", "Xx. " * 55_000),
    "labels": "Case Number: " * 17_000 + LINES,
    "requests": LINES.replace("MAXIMUS guideline", "was the original request " * 4000 + "MAXIMUS guideline"),
    "sides": LINES.replace("a sling", "left right bilateral, " * 10_000),
    "verdicts": ALL["professional_review"].replace("The request", "1. The request for a is medically necessary " * 2000),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_or_refused_in_the_end(name: str) -> None:
    """No time is asserted; a pattern that runs away would simply not come back."""
    text = HOSTILE[name]
    assert len(text) <= Limits().characters
    with contextlib.suppress(LetterError):
        read_text([text])
