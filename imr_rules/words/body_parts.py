"""Where on the body: region, side and spinal level, read from the words of a service or a record.

The words are those of requests and chart notes ("right shoulder", "lumbar and bilateral knees", "L4-5", "RUE"), and
the regions are those of the rulebook's vocabulary, with finer ones (finger, toe, groin) beside them. Nothing is
inferred from a diagnosis; an operation named by the part it is done on ("RCR") names that part. A side written once
before a list of limbs ("left shoulder, wrist and hip") is carried along the list and marked so, because the writer
may have meant otherwise. The spine has no sides, but its levels have: an injection is on one side or on both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, cast

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.words.lexicon import Lexicon, lexicon, word_group
from imr_rules.words.marks import Mark, marks_of
from imr_rules.words.tokens import tokens_of

Side = Literal["left", "right", "bilateral"]


class BodyPart(Struct, frozen=True):
    """One part of the body as a text names it, with its place: a reading, where a case records a finding.

    Attributes:
        region: what it is, in snake case (``low_back``, ``shoulder`` ...): a region of the lexicon.
        side: which one, where the text says; of the spine, only with a level.
        level: the spinal level, upper-case, ``C5-C6`` for "c5-6".
        side_carried: the side was written before an earlier limb of the same list.
        start, end: character offsets in the text that was given.
    """

    region: str
    side: Side | None = None
    level: str | None = None
    side_carried: bool = False
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, object]:
        """Return ``region``, ``side`` and ``level``; and ``side_carried`` where it is true."""
        found: dict[str, object] = {"region": self.region, "side": self.side, "level": self.level}
        if self.side_carried:
            found["side_carried"] = True
        return found


_SPINE_OF_LETTER = {"C": "neck", "T": "upper_back", "L": "low_back", "S": "low_back"}
_PART_OF = {("finger", "hand"), ("thumb", "hand"), ("toe", "foot")}


def find_body_parts(text: str) -> tuple[BodyPart, ...]:
    """Return the parts of the body that a plain text names, in order, each once per side.

    A side stands before its limb ("right knee") or after it ("knee, right"); "left and right" is bilateral.
    """
    words = lexicon()
    return body_parts_of(marks_of(tokens_of(text), text, words), text, words)


def body_parts_of(marks: Sequence[Mark], text: str, words: Lexicon) -> tuple[BodyPart, ...]:
    """Return the parts of the body among the marks of a plain text; see :func:`find_body_parts`."""
    reader = _Reader(text, words)
    named = [at for at, mark in enumerate(marks) if mark.letter in "bl"]
    followed = {at: marks[at + 1].word for at in named if at + 1 < len(marks)}
    passed = {at for at, word in followed.items() if word in word_group("practitioners")}
    of_therapy = {at for at, word in followed.items() if word in word_group("therapists")}
    if len(of_therapy | passed) < len(named):
        passed |= of_therapy  # "hand therapy for the left wrist"
    for at, mark in enumerate(marks):
        reader.read(mark if at not in passed else mark._replace(letter="w"))
    return reader.finish()


class _Reader:
    """Holds the side that waits for its limb while the words pass by."""

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text, self.words = text, words
        self.found: list[BodyPart] = []
        self.side: Side | None = None
        self.used = False
        self.side_start = 0
        self.half: str | None = None
        """A word that waits for what the next part shares with it: "upper" of "upper and lower extremities"."""
        self.loose: Side | None = None
        """A side that no limb took: that of the levels beside it."""

    def read(self, mark: Mark) -> None:
        letter = mark.letter
        if letter == "s":
            self._side(mark)
        elif letter == "b":
            kind, value = mark.value
            if kind == "limb":
                self._add(BodyPart(value[0], value[1], None, False, mark.start, mark.end))
                self.side = None
            else:
                self._region(mark, value)
        elif letter == "l":
            self._level(mark)
        elif letter == "O":
            region = self.words.operations[mark.value.value]
            if region is None:
                self._word(mark)
            else:
                self._region(mark, region)
        elif letter == ";":
            self.side = None
        elif letter not in "&|F,e()+" and mark.word not in word_group("between_parts"):
            self._word(mark)

    def finish(self) -> tuple[BodyPart, ...]:
        if self.side is not None and not self.used:
            self._settle_behind(self.side)
        unique: dict[tuple[str, Side | None, str | None], BodyPart] = {}
        for part in self.found:
            unique.setdefault((part.region, part.side, part.level), part)
        detailed = {part.region for part in unique.values() if part.side or part.level}
        # "lumbar ... spine" said again without its side or level adds nothing
        return tuple(
            part for part in unique.values() if part.side or part.level or part.region not in detailed
        )

    def _add(self, part: BodyPart) -> None:
        self.found.append(part)

    def _word(self, mark: Mark) -> None:
        self.half = mark.word if mark.word in word_group("halves") else None
        # an adjective between the side and the limb ("left distal wrist") does not part them
        if (
            mark.word not in word_group("between_side_and_part") and not mark.word.isdigit()
        ):  # "right 1st CMC joint"
            if self.side is not None and not self.used:
                self._settle_behind(self.side)
            self.side = None

    def _side(self, mark: Mark) -> None:
        new = cast(Side, mark.value.value)
        waiting = self.side is not None and not self.used
        if waiting and {self.side, new} == {"left", "right"}:
            new = "bilateral"
        elif waiting:
            assert self.side is not None
            self._settle_behind(self.side)
        self.side, self.used, self.side_start = new, False, mark.start

    def _region(self, mark: Mark, region: str) -> None:
        if self.half is not None and region in _WHOLES:
            self._add(BodyPart(_other_half(self.half, region), self.side, None, False, mark.start, mark.end))
        self.half = None
        if self.words.regions[region].axial:
            last = self.found[-1] if self.found else None
            if last is not None and region == "spine" and not self.text[last.end : mark.start].strip(". "):
                return  # "cerv. spine"
            if self.side is not None and not self.used:
                self.loose = self.side
            self._add(BodyPart(region, None, None, False, mark.start, mark.end))
            self.side = None
            return
        fresh = self.side is not None and not self.used
        start = self.side_start if fresh else mark.start
        self._add(BodyPart(region, self.side, None, self.side is not None and self.used, start, mark.end))
        # "fingers of the right hand": the finger is on that hand
        if fresh and len(self.found) > 1:
            whole, part = self.found[-1], self.found[-2]
            between = self.text[part.end : whole.start].split()
            if part.side is None and (part.region, region) in _PART_OF and between in (["of"], ["of", "the"]):
                self.found[-2] = replace(part, side=self.side)
        self.used = True

    def _level(self, mark: Mark) -> None:
        region, level = _SPINE_OF_LETTER[mark.word[0]], _level(mark.word)
        side = self.side or self.loose
        if self.side is not None:
            self.used, self.loose = True, self.side
        last = self.found[-1] if self.found else None
        if last is not None and last.region == region and last.level is None:
            self.found[-1] = replace(last, level=level, side=side, end=mark.end)
        else:
            self._add(BodyPart(region, side, level, False, mark.start, mark.end))

    def _settle_behind(self, side: Side) -> None:
        """Give a side that no limb followed to what stands before it: "knee, right", "L4-5 and L5-S1 on the right"."""
        last = self.found[-1] if self.found else None
        if last is None or last.side is not None:
            self.loose = side
        elif last.level is not None:
            for at in range(len(self.found) - 1, -1, -1):
                part = self.found[at]
                if part.level is None or part.side is not None:
                    break
                self.found[at] = replace(part, side=side)
        elif not self.words.regions[last.region].axial:
            self.found[-1] = replace(last, side=side)
        else:
            self.loose = side


_WHOLES = frozenset(("upper_back", "low_back", "upper_extremity", "lower_extremity"))


def _other_half(half: str, region: str) -> str:
    """Return what "upper" or "mid" names before "and lower back"."""
    upper = half not in ("lower", "low")
    if region.endswith("_extremity"):
        return "upper_extremity" if upper else "lower_extremity"
    return "upper_back" if upper else "low_back"


def _level(written: str) -> str:
    """Return ``C5-C6`` for "C5-6" or "C5/6", ``L3-L5`` for "L3-4-5": a vertebra takes the letter before it."""
    parts = written.replace("/", "-").split("-")
    letter = parts[0][0]
    named: list[str] = []
    for part in parts:
        if not part[0].isdigit():
            letter = part[0]
        elif named and letter == "L" and part == "1":
            letter = "S"  # "L5-1"
        named.append(part if not part[0].isdigit() else f"{letter}{part}")
    return f"{named[0]}-{named[-1]}" if len(named) > 1 else named[0]


def same_region(one: str, other: str) -> bool | None:
    """Return whether two regions are the same; None where one contains the other (``spine``, ``low_back``)."""
    if one == other:
        return True
    regions = lexicon().regions
    within = (one in regions and other in regions[one].within) or (
        other in regions and one in regions[other].within
    )
    return None if within else False


def meet(some: Iterable[BodyPart], others: Collection[BodyPart]) -> bool:
    """Return whether one of some parts may be one of the others."""
    return any(overlap(one, other) for one in some for other in others)


def overlap(one: BodyPart, other: BodyPart) -> bool:
    """Return whether the two may be the same part: regions that contain one another, sides not opposed."""
    return same_region(one.region, other.region) is not False and {one.side, other.side} != {"left", "right"}
