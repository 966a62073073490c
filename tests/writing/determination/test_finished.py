"""The finished letters that are kept in the documentation: as the program writes them, and without a blank."""

from __future__ import annotations

import pytest

from imr_rules import Rulebook
from imr_rules.writing.determination import blanks, to_text
from tests.writing.determination.finished import KEPT, LETTERS, Finished, letter

pypdfium2 = pytest.importorskip("pypdfium2", reason="SKIPPED LOUDLY: pypdfium2 is not installed")


@pytest.mark.parametrize("finished", LETTERS, ids=lambda each: each.name)
def test_a_finished_letter_is_kept_as_it_is_written_now(finished: Finished, rulebook: Rulebook) -> None:
    made = letter(finished, rulebook)
    assert blanks(made) == ()
    document = pypdfium2.PdfDocument(KEPT / f"{finished.name}.pdf")
    kept = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert "Draft." not in kept
    for part in made.items:
        for section in part.sections:
            begins = " ".join(section.text.removeprefix("- ").split())[:60].strip()
            assert begins in kept, f"make letters: {finished.name} is stale"
    assert f"Item {len(made.items)}:" in to_text(made).replace("ITEM", "Item")
