"""The process that opens PDF files: run as a program, never imported by the rest.

A PDF is untrusted input to a large C++ library. This process holds it: it takes no other input, has a bounded
address space, opens no more files than it must, and can be killed at any moment without loss. It imports
nothing of ours, so starting it costs little more than starting Python.

It reads one JSON line per question from standard input and answers each with one JSON line:

* ``{"path", "pages", "characters"}``: ``{"pages": [text, ...]}``;
* with ``"page"`` besides, that one page as it looks (:func:`_page`): words and form fields with their places, and
  with ``"dpi"`` its picture;
* or ``{"error": code, ...}``.
"""

from __future__ import annotations

import base64
import ctypes
import json
import math
import sys
from typing import Any


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
        if "page" in request:
            return {"count": count, **_page(document, int(str(request["page"])), request)}
        pages: list[str] = []
        total = 0
        for index in range(count):
            try:
                page = document[index]
                text_page = page.get_textpage()
            except pypdfium2.PdfiumError:
                return {"error": "broken-page", "page": index + 1}
            count = max(0, text_page.count_chars())
            total += count
            if total > most_characters:
                return {"error": "too-much-text"}
            # PDFium orders lines as they stand on the page: turned, they come last line first, or run together
            quarters = _quarters(text_page, range(0, count, 1 + count // 200))
            if quarters != page.get_rotation() // 90:
                text_page.close()
                page.set_rotation(90 * quarters)
                text_page = page.get_textpage()
            pages.append(text_page.get_text_range() if quarters % 2 else text_page.get_text_bounded())
            text_page.close()
            page.close()
        return {"pages": pages}
    finally:
        document.close()


def _quarters(text: Any, which: range) -> int:
    """Return by how many quarters most of some letters stand turned in the page's own space."""
    import pypdfium2.raw as pdfium

    angles = [0, 0, 0, 0]
    for index in which:
        angles[round(pdfium.FPDFText_GetCharAngle(text.raw, index) / (math.pi / 2)) % 4] += 1
    return angles.index(max(angles))


def _page(document: Any, number: int, request: dict[str, object]) -> dict[str, object]:
    """Return one page as it looks upright, in points from its lower left corner.

    ``words``: ``[text, left, bottom, right, top]`` of text that is drawn (a scan's invisible text is not);
    ``fields``: ``[kind, value, checked, left, bottom, right, top]`` of its form fields; ``pictured``: the share of it
    that images cover; and with ``dpi`` its picture: ``gray``, a byte a pixel, ``columns`` wide.
    """
    import pypdfium2

    document.init_forms()  # before the page is loaded; no script of the form is run
    try:
        page = document[number - 1]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return {"error": "broken-page", "page": number}
    count = max(0, text.count_chars())
    if count > int(str(request["characters"])):
        return {"error": "too-much-text"}
    width, height = page.get_size()
    # how far the words stand turned on the page as it is shown; it is turned back by as much
    turned = (_quarters(text, range(count)) - page.get_rotation() // 90) % 4 if count else 0
    if turned % 2:
        width, height = height, width
    place = _placer(page, width, height, turned)
    upright = (turned * math.pi / 2 + math.radians(page.get_rotation())) % (2 * math.pi)
    answer: dict[str, object] = {
        "width": width,
        "height": height,
        "words": _words(text, count, upright, place),
        "fields": _fields(document, page, place),
        "pictured": _pictured(page, width * height),
    }
    dpi = float(str(request.get("dpi") or 0))
    if dpi and width * height * (dpi / 72) ** 2 > int(str(request["pixels"])):
        dpi = math.sqrt(int(str(request["pixels"])) / (width * height)) * 72
    if dpi:
        bitmap = page.render(scale=dpi / 72, rotation=90 * turned, grayscale=True, may_draw_forms=True)
        rows, stride, raw = bitmap.height, bitmap.stride, bytes(bitmap.buffer)
        gray = b"".join(raw[row * stride : row * stride + bitmap.width] for row in range(rows))
        answer |= {"gray": base64.b64encode(gray).decode(), "columns": bitmap.width, "dpi": dpi}
    return answer


def _placer(page: Any, width: float, height: float, turned: int) -> Any:
    """Return what maps a box of the page's own space to left, bottom, right, top of the page as it looks upright."""
    import pypdfium2.raw as pdfium

    fine = 100

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = (round(width * fine), round(height * fine))
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, turned, x, y, across, down)
        return across.value / fine, height - down.value / fine

    (x0, y0), (x1, y1), (x2, y2) = shown(0, 0), shown(1000, 0), shown(0, 1000)
    ax, ay, bx, by = (x1 - x0) / 1000, (y1 - y0) / 1000, (x2 - x0) / 1000, (y2 - y0) / 1000

    def place(left: float, bottom: float, right: float, top: float) -> list[float]:
        corners = [(x0 + ax * x + bx * y, y0 + ay * x + by * y) for x in (left, right) for y in (bottom, top)]
        across, up = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return [round(each, 1) for each in (min(across), min(up), max(across), max(up))]

    return place


_INVISIBLE = 3


def _words(text: Any, count: int, upright: float, place: Any) -> list[list[object]]:
    """Return the words drawn upright, in the order of the file."""
    import pypdfium2.raw as pdfium

    found: list[list[object]] = []
    letters = ""
    box: list[float] = []

    def close() -> None:
        nonlocal letters, box
        if letters:
            found.append([letters, *box])
        letters, box = "", []

    loose = pdfium.FS_RECTF()
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text.raw, index)
        letter = "-" if code in (0x02, 0xFFFE) else chr(code)
        if code == 0 or letter.isspace() or 0xD800 <= code < 0xE000:
            close()
            continue
        turn = (pdfium.FPDFText_GetCharAngle(text.raw, index) - upright) % (2 * math.pi)
        if min(turn, 2 * math.pi - turn) > 0.05:
            continue  # a stamp or watermark aslant
        drawn = pdfium.FPDFText_GetTextObject(text.raw, index)
        if drawn and pdfium.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE:
            continue
        pdfium.FPDFText_GetLooseCharBox(text.raw, index, loose)
        here = place(loose.left, loose.bottom, loose.right, loose.top)
        if here[2] <= here[0] or here[3] <= here[1]:
            continue
        size = here[3] - here[1]
        if box and not (abs(here[1] - box[1]) < size / 2 and -size / 2 < here[0] - box[2] < size / 4):
            close()
        letters += letter
        box = (
            [min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3])]
            if box
            else here
        )
    close()
    return found


def _fields(document: Any, page: Any, place: Any) -> list[list[object]]:
    """Return the form fields that are shown: ``button``, ``text`` or ``choice``."""
    import pypdfium2.raw as pdfium

    found: list[list[object]] = []
    if document.formenv is None:
        return found
    kinds = {
        pdfium.FPDF_FORMFIELD_CHECKBOX: "button",
        pdfium.FPDF_FORMFIELD_RADIOBUTTON: "button",
        pdfium.FPDF_FORMFIELD_TEXTFIELD: "text",
        pdfium.FPDF_FORMFIELD_COMBOBOX: "choice",
        pdfium.FPDF_FORMFIELD_LISTBOX: "choice",
    }
    rect = pdfium.FS_RECTF()
    for index in range(min(5_000, pdfium.FPDFPage_GetAnnotCount(page.raw))):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kind = kinds.get(pdfium.FPDFAnnot_GetFormFieldType(document.formenv.raw, annotation))
        hidden = pdfium.FPDFAnnot_GetFlags(annotation) & (
            pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
        )
        if kind is not None and not hidden and pdfium.FPDFAnnot_GetRect(annotation, rect):
            value = "" if kind == "button" else _value(document.formenv.raw, annotation)
            checked = bool(pdfium.FPDFAnnot_IsChecked(document.formenv.raw, annotation))
            found.append([kind, value, checked, *place(rect.left, rect.bottom, rect.right, rect.top)])
        pdfium.FPDFPage_CloseAnnot(annotation)
    return found


_LONGEST_VALUE = 20_000


def _value(form: Any, annotation: Any) -> str:
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    if not 2 < size <= _LONGEST_VALUE:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetFormFieldValue(
        form, annotation, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
    )
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _pictured(page: Any, area: float) -> float:
    import pypdfium2.raw as pdfium

    covered = 0.0
    for number, drawn in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        left, bottom, right, top = drawn.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
        if number > 500:
            break
    return round(min(1.0, covered / max(1.0, area)), 3)


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
