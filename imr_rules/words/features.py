"""What a line says of a service besides how much: levels, guidance, the course, what it comes after."""

from __future__ import annotations

from collections.abc import Sequence

from imr_rules.words.body_parts import BodyPart
from imr_rules.words.lexicon import word_group
from imr_rules.words.marks import Mark
from imr_rules.words.names import Mention
from imr_rules.words.shapes import Shapes


def letters_of(marks: Sequence[Mark]) -> set[str]:
    """Return the letters of some marks."""
    return {mark.letter for mark in marks}


def levels_of(found: Shapes, parts: Sequence[BodyPart]) -> int | None:
    """Return how many spinal levels are asked for, where that is clear: a range over several discs is not."""
    if found.levels is not None and isinstance(found.levels.value, int):
        return found.levels.value
    named = {part.level for part in parts if part.level}
    if not named or any(_spans_several(level) for level in named if level):
        return None
    return len(named)


def _spans_several(level: str) -> bool:
    first, _, last = level.partition("-")
    if not last:
        return False
    if first[0] == last[0]:
        return int(last[1:]) - int(first[1:]) > 1
    return (first, last[1:]) not in (("C7", "1"), ("T12", "1"), ("L5", "1"), ("L6", "1"))


def fluoroscopy_in(marks: Sequence[Mark], codes: Sequence[str]) -> bool | None:
    """Whether an injection is guided by fluoroscopy; None where the words and codes do not say."""
    for at, mark in enumerate(marks):
        if (
            mark.value is not None
            and mark.letter == "w"
            and mark.value.kind == "guidance"
            and mark.value.value == "fluoroscopy"
        ):
            return not (at and marks[at - 1].letter == "N")
    return True if not {"77002", "77003"}.isdisjoint(codes) else None


def after_an_operation(marks: Sequence[Mark]) -> bool:
    """Whether the words name an operation that the service follows: "s/p RCR", "following TKA"."""
    after = False
    for mark in marks:
        if mark.letter == "S":
            after = True
        elif after and mark.letter in ";().":
            after = False
        elif after and mark.letter == "O":
            return True
    return False


_ALWAYS = ("continue", "cont", "resum", "renew")


def course_of(marks: Sequence[Mark], mentions: Sequence[Mention]) -> tuple[bool, bool]:
    """Return whether the words say that care goes on, and whether they say that it begins."""
    if not {"c", "i"} & letters_of(marks) and "first" not in {mark.word for mark in marks}:
        return False, False
    begins = {mention.first for mention in mentions}
    ends = {mention.last for mention in mentions}
    inside = {at for mention in mentions for at in range(mention.first, mention.last)}
    continuing = initial = False
    for at, mark in enumerate(marks):
        if mark.first in inside:
            continue
        before = marks[at - 1] if at else None
        following = marks[at + 1 : at + 5]
        named = any(each.first in begins for each in following) or mark.first in ends
        counted = bool(following) and following[0].letter in "nuo"
        if mark.letter == "c":
            if before is not None and (before.letter in "N|B" or before.word in ("no", "not", "or")):
                continue
            if mark.word.startswith(_ALWAYS):
                continuing |= not (following and following[0].word in word_group("home_program"))
            else:
                continuing |= named or counted or (before is not None and before.letter == "n")
        elif mark.letter == "i" or mark.word == "first":
            if before is not None and (before.letter in "NPS" or before.word == "failed"):
                continue
            behind = next((each.letter for each in reversed(marks[:at]) if each.letter in "SP;()."), "")
            if behind in ("S", "P") or (following and following[0].letter == "P"):
                continue  # "after a 30 day trial", "trial completed"
            if following and (
                following[0].letter == "E" or following[0].word in ("exam", "visit", "office", "examination")
            ):
                continue
            part_of_it = len(following) > 1 and following[1].letter == "p"  # "for the first 2 weeks"
            initial |= mark.word != "first" or (counted and not part_of_it)
    return continuing, initial


_HOUSEHOLD = 2
"""So many words of housework, and none of care for the person, ask for a homemaker alone."""


def housework_alone(marks: Sequence[Mark]) -> bool | None:
    """Whether a line asks for housework and no care for the person; None where it does not tell."""
    kinds = [mark.value.kind for mark in marks if mark.letter == "w" and mark.value is not None]
    named = any(mark.word in word_group("housework_by_name") for mark in marks)
    told = kinds.count("household") >= (1 if named else _HOUSEHOLD)
    return True if told and "personal_care" not in kinds else None


def permanent_in(text: str) -> bool | None:
    """Whether what is implanted is to stay: "permanent" says so, "trial" says no; None where neither is said."""
    words = text.lower()
    return True if "permanent" in words else False if "trial" in words else None
