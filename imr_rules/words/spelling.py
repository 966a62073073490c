"""Slips of spelling, mended by a bounded distance from the words that are known, and said.

A word is taken for another only where it begins with the same letter and at most one letter is wrong, missing, extra or
changed over with its neighbor (two in a word of nine letters or more), and where one known word alone is so near.
The names of drugs differ by so little that only long ones are mended, by one letter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from imr_rules.words.lexicon import lexicon, word_group
from imr_rules.words.tokens import Token, words_of

_SCANNED = re.compile(r"(?<![\w.,/-])(?=[a-z]*[01])(?=[01]*[a-z]{3}|[a-z]+[01]+[a-z])[a-z01]{4,}(?!\w)", re.I)
_PIECES = re.compile(r"(?<![\w./-])(?!an? )[a-z]+ [a-z]{2,}(?![\w./-])", re.I)
_OH = re.compile(r"(?<=\d)O+(?![A-Za-z]{3})")
_LOOK_ALIKE = str.maketrans("01", "ol")
_SHORTEST = 5
_SHORTEST_OF_DRUGS = 9
_LONG = 9
_MOST_MENDED = 8
"""Of one line, so many unknown words are looked up."""


class Spelling:
    """The words that slips are mended to: those of the lexicon, and those of the treatments' names.

    Args:
        names: what the rulebook's treatments are called.
    """

    def __init__(self, names: Iterable[str]) -> None:
        drugs = lexicon().drugs.values()
        self._drugs = frozenset(
            word for drug in drugs for name in (drug.ingredient, *drug.brands) for word in words_of(name)
        )
        phrases = (*names, *(phrase for phrase, word in lexicon().entries if word.kind != "drug"))
        words = {word for phrase in phrases for word in words_of(phrase) if word.isalpha()}
        self._words = tuple(sorted(word for word in words if len(word) >= _SHORTEST - 1))
        singular = {*self._words, *self._drugs, *lexicon().numbers, *word_group("ordinary")}
        self._known = frozenset(
            singular | {f"{word}s" for word in singular} | {f"{word}es" for word in singular}
        )

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        """The words of parts of the body and sides alone."""
        return tuple(
            sorted(
                {
                    word
                    for phrase, meaning in lexicon().entries
                    if meaning.kind in ("region", "side")
                    for word in words_of(phrase)
                    if len(word) >= _SHORTEST - 1 and word.isalpha()
                }
            )
        )

    def letters_for_digits(self, text: str) -> tuple[str, dict[str, str]]:
        """Return a text as it was before it was scanned, and what was mended: "Physica1 thera py", "#9O".

        Ones and zeros inside words are letters and pieces of words are one word, only where what comes out is a word
        that is known, so that "x10" and "PTx1" stay as they are. An O behind a digit is a zero.
        """
        read: dict[str, str] = {}

        def mended(match: re.Match[str]) -> str:
            word = match[0].translate(_LOOK_ALIKE)
            if word.lower() not in self._known:
                return match[0]
            read[match[0].lower()] = word.lower()
            return word

        def joined(match: re.Match[str]) -> str:
            pieces = match[0].lower().split(" ")
            if "".join(pieces) not in self._known or all(piece in self._known for piece in pieces):
                return match[0]
            read[match[0].lower()] = "".join(pieces)
            return match[0].replace(" ", "")

        def counted(match: re.Match[str]) -> str:
            read[match[0].lower()] = "0" * len(match[0])
            return "0" * len(match[0])

        text = _OH.sub(counted, text)
        text = _SCANNED.sub(mended, text)
        return _PIECES.sub(joined, text), read

    def mend(self, tokens: Sequence[Token], *, parts_only: bool = False) -> dict[int, str]:
        """Return the tokens that are slips of known words, by their place, with those words.

        Args:
            tokens: of a line.
            parts_only: mend to parts of the body and sides alone; what is asked for is known already.
        """
        unknown = [
            (at, token.text)
            for at, token in enumerate(tokens)
            if token.kind == "word" and len(token.text) >= _SHORTEST and token.text not in self._known
        ]
        found = {}
        for at, word in unknown[:_MOST_MENDED]:
            near = _nearest(word, self._parts if parts_only else self._words, 2 if len(word) >= _LONG else 1)
            if near is None and not parts_only and len(word) >= _SHORTEST_OF_DRUGS:
                near = _nearest(word, self._drugs, 1)
            if near is not None:
                found[at] = near
        return found


def _nearest(word: str, words: Collection[str], most: int) -> str | None:
    """Return the one word within ``most`` slips that begins alike; None where there is none, or two as near."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=3)
    best = min((distance for _, distance, _ in near), default=None)
    alike = {each for each, distance, _ in near if distance == best and each[0] == word[0]}
    return alike.pop() if len(alike) == 1 else None
