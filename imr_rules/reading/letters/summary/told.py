"""One fact of the summary, from the words of a sentence."""

from __future__ import annotations

from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.text import LetterText

__all__ = ["fact_of"]


def fact_of(
    letter: LetterText, sentence: Sentence, name: str, start: int, end: int, method: str, **more: object
) -> Fact:
    """Return a fact of the summary, with its place by offsets into the sentence."""
    span = letter.span(sentence.start + start, sentence.start + end)
    return Fact(name, "summary", span, method, **more)  # type: ignore[arg-type]
