"""Setting a document with Typst: a template of ours, and data that is never read as markup."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

from imr_rules._extras import install_command
from imr_rules.errors import InputError, Place, Problem

INSTEAD = "▯"
"""What stands for a character that no font here can show."""

_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_MOST_TRIES = 40


def typeset(package: str, template: str, data: dict[str, Any]) -> bytes:
    """Return a document as PDF, tagged for screen readers (PDF/UA-1); the same data gives the same bytes.

    Letters of any script are set: with the fonts that come along where these have them, else with those of the
    machine. A character that neither has is shown as ``▯``, and the document says so where the template shows
    ``data.unset``.

    Args:
        package, template: where the template lies; it reads the data from ``sys.inputs.data``.
        data: plain data.

    Raises:
        InputError: Typst is not installed.
    """
    try:
        import typst
    except ImportError:
        what = "writing PDF needs Typst, which is not installed"
        hint = f"{install_command('page')}; or ask for markdown"
        raise InputError(Problem("no-typst", what, Place(), hint)) from None

    source = resources.files(package).joinpath(template).read_bytes()
    fonts = _more_fonts()

    def compiled(text: str, *, ours_alone: bool) -> bytes:
        made: bytes = typst.compile(  # type: ignore[misc]  # its stub leaves a type open
            source,
            sys_inputs={"data": text},
            font_paths=fonts,
            ignore_system_fonts=ours_alone,
            pdf_standards=["ua-1"],
        )
        return made

    text = json.dumps(data, ensure_ascii=False)
    try:
        return compiled(text, ours_alone=True)
    except typst.TypstError as error:
        if _not_shown(error) is None:
            raise
    unset: dict[str, None] = {}
    for _ in range(_MOST_TRIES):
        said = {**data, "unset": _say_unset(unset)} if unset else data
        text = json.dumps(said, ensure_ascii=False)
        for each in unset:
            text = text.replace(each, INSTEAD)
        try:
            return compiled(text, ours_alone=False)
        except typst.TypstError as error:
            missing = _not_shown(error)
            if missing is None:
                raise
            unset.update(dict.fromkeys(missing))
    # Too many to find one by one: whatever the fonts that come along lack.
    return compiled(_plain(data), ours_alone=True)


def _not_shown(error: Exception) -> str | None:
    """Return the characters an error says no font can show; None where it says something else."""
    found = _NOT_SHOWN.search(str(error))
    if found is None:
        return None
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), found[1])


def _say_unset(characters: dict[str, None]) -> str:
    codes = ", ".join(f"U+{ord(each):04X}" for each in characters)
    return f"No font here has these characters, shown as {INSTEAD}: {codes}. The letter as text holds them."


def _plain(data: dict[str, Any]) -> str:
    """Return data with everything outside the scripts of the fonts that come along replaced."""
    text = json.dumps(data, ensure_ascii=False)
    kept = "".join(each if ord(each) < 0x530 or 0x1E00 <= ord(each) < 0x2200 else INSTEAD for each in text)
    note = f"No font here has some characters, shown as {INSTEAD}. The letter as text holds them."
    return json.dumps({**json.loads(kept), "unset": note}, ensure_ascii=False)


def _more_fonts() -> list[str]:
    """Return the fonts for other scripts that come with the library that draws charts."""
    try:
        import matplotlib as mpl
    except ImportError:
        return []
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return [
        str(each) for name in ("DejaVuSans", "DejaVuSans-Bold") if (each := folder / f"{name}.ttf").is_file()
    ]
