"""The words of a line by what they do in it, one letter each, so that a shape of words is a short pattern.

"Therapy 2-3 x/week for 4 weeks" is ``wnxeprnp``: a word, a number, times, per, a period, for, a number, a
period. What such shapes mean is said in ``shapes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from imr_rules.words.lexicon import Lexicon, Phrases, Word, word_group
from imr_rules.words.numbers import Number
from imr_rules.words.tokens import Token

_LETTERS = {
    "region": "b",
    "limb": "b",
    "side": "s",
    "unit": "u",
    "timed_unit": "k",
    "aside": "v",
    "strength": "g",
    "frequency": "q",
    "once": "o",
    "times": "x",
    "per": "e",
    "span": "r",
    "apart": "<",
    "operation": "O",
    "status_post": "S",
    "drug": "d",
    "refill": "V",
    "supply": "y",
    "continuing": "c",
    "initial": "i",
    "evaluation": "E",
    "authorized": "A",
    "denied": "D",
    "remaining": "R",
    "modified": "M",
    "earlier": "P",
    "requested": "Q",
    "total": "T",
    "at_most": "B",
    "at_least": "B",
    "below": "B",
    "above": "B",
    "about": "~",
    "then": "t",
    "taken": "j",
    "open_ended": "Z",
    "quantity": "#",
    "unspecified": "U",
    "negation": "N",
    "label": "L",
    "of": "F",
    "together": "&",
    "either": "|",
    "appointed": "W",
    "reason": "G",
    "condition": "I",
    "guideline": "K",
}
"""The letter of each section of the lexicon; a word of any other is ``w``.

Beside them: ``n`` a number or a range, ``f`` numbers with slashes (10/325), ``p`` days to years, ``h`` hours, ``m``
minutes, ``l`` a spinal level, ``C`` a code, ``@`` a date, ``X`` a number that is part of a name, ``Y`` one that may count care
given before, and the signs ``( ) , ; : . + - $``.
"""

_SIGNS = {"[": "(", "]": ")", "{": "(", "}": ")", "=": ":", "?": ".", "!": ".", "%": "g", "#": "#"}
_PLAIN_SIGNS = frozenset("(),;:.+-$")
_BELOW_AND_ABOVE = {"<": "below", ">": "above", "\u2264": "at_most", "\u2265": "at_least"}


class Mark(NamedTuple):
    """One or more tokens, by what they do.

    Attributes:
        letter: see the table above.
        value: of a number, its least and greatest value; of a word, the section of the lexicon and what stands there.
        word: its first token.
        start, end: the characters it covers.
        joined: it follows the one before it without a space.
        first, last: the tokens it covers, the last one excluded.
    """

    letter: str
    value: Any
    word: str
    start: int
    end: int
    joined: bool
    first: int
    last: int


def marks_of(tokens: Sequence[Token], text: str, lexicon: Lexicon) -> list[Mark]:
    """Return what the tokens of a plain text do, in order."""
    marks: list[Mark] = []
    words = [token.text for token in tokens]
    phrases, numbers, count = lexicon.phrases, lexicon.numbers, len(tokens)
    at = 0
    letter = ""
    while at < count:
        token = tokens[at]
        kind, word = token.kind, token.text
        end = at + 1
        value: Any = None
        before, letter = letter, "w"
        if before == "n" and word in word_group("between_number_and_period"):
            letter, at = before, end  # "5 consecutive days"
            continue
        if kind == "number" or word in numbers:
            letter, value, end = _numeric(tokens, words, at, lexicon)
            if before == "w" and token.joined and letter == "n" and kind == "number":
                letter = "X"
        elif kind == "word":
            found = phrases.longest(words, at)
            if found is not None:
                value, end = found
                letter = _LETTERS.get(value.kind, "w")
                if value.kind == "period":
                    letter = {"hour": "h", "minute": "m"}.get(value.value, "p")
                alone = word in word_group("only_after_a_number") and before not in "nfexo" and end == at + 1
                capital = text[token.start].isupper()
                whispered = word in word_group("only_in_capitals") and not capital
                if alone or whispered or (word == "d" and capital):  # "3D"
                    letter, value = "w", None
            elif word in _SIDES and (
                _takes_a_side(tokens, words, at + 1, phrases, lexicon)
                or (word == "r" and not marks and count > 1 and tokens[1].kind == "word")  # "R TFESI L5"
                or _behind_a_part(marks, words, at, lexicon)
            ):
                letter, value = "s", Word("side", _SIDES[word])
            elif word == "half" and "dozen" in words[at + 1 : at + 3]:
                end = words.index("dozen", at) + 1
                letter, value = "n", (6, 6)  # "half a dozen"
            elif word == "q" and at + 1 < count:
                letter, value = "e", Word("per", "every")
            elif word in ("y/o", "yo", "yr/o") and before == "n":
                letter, value = "<", Word("apart", "old")
            elif word == "t" and token.joined and before == "n":
                letter, value = "g", Word("strength", "tesla")
            elif word in word_group("months"):
                end = _date(tokens, words, at)
                letter = "@" if end > at + 1 else "w"
            elif word[0] == "x" and (found := phrases.longest([word[1:]], 0)) and found[0].kind in _PACE:
                marks.append(
                    Mark("x", Word("times", "x"), "x", token.start, token.start + 1, token.joined, at, at + 1)
                )
                letter, value = _LETTERS.get(found[0].kind, "p"), found[0]
            if word == "no" and end < count and words[end] == "." and _is_number(tokens, at + 2, numbers):
                letter, value, end = "#", Word("quantity", "no"), at + 2
        elif kind == "sign":
            if word == "." and (before == "s" or (end < count and not text[tokens[end].start].isupper())):
                letter = before  # of an abbreviation: "lt. ankle", "2 wks. x 4"
                at = end
                continue
            if word in _PLAIN_SIGNS:
                letter = word
            elif word in _SIGNS:
                letter = _SIGNS[word]
                value = Word("strength", "%") if word == "%" else None
            elif word in "/\\":
                letter, value = "e", Word("per", "/")
            elif word == "&":
                letter = "&"
            elif word == "~":
                letter = "~"
            elif word == "*" and marks and (before == "n" or _is_number(tokens, end, numbers)):
                letter = "x"
            elif word in _BELOW_AND_ABOVE:
                letter, value = "B", Word(_BELOW_AND_ABOVE[word], word)
            else:
                letter = before
                at = end
                continue  # bullets, quotation marks, signs of trade: nothing is told by them
        elif kind == "level":
            letter, value = "l", word
        else:
            letter, value = ("@" if kind == "date" else "C"), word
        marks.append(Mark(letter, value, word, token.start, tokens[end - 1].end, token.joined, at, end))
        at = end
    return marks


_PACE = ("period", "frequency")
_SIDES = {"l": "left", "r": "right", "b": "bilateral"}


def _is_number(tokens: Sequence[Token], at: int, numbers: Mapping[str, int]) -> bool:
    return at < len(tokens) and (tokens[at].kind == "number" or tokens[at].text in numbers)


def _numeric(
    tokens: Sequence[Token], words: Sequence[str], at: int, lexicon: Lexicon
) -> tuple[str, Any, int]:
    """Return the letter, the value and the end of what begins with a number."""
    numbers = lexicon.numbers
    low, end = _number(tokens, words, at, numbers)
    text = words[at]
    count = len(tokens)
    if end < count and words[end] in word_group("ordinal_endings") and tokens[end].joined:
        return "w", None, end + 1
    if tokens[at].kind == "number" and low >= 10_000 and len(text) == 5 and text.isdigit():
        if end + 1 < count and words[end] == "-" and tokens[end + 1].joined and len(words[end + 1]) == 2:
            end += 2  # the modifier of a code
        return "C", text, end
    if end + 1 < count and words[end] == "/" and _joined_number(tokens, end):
        parts = [low]
        while end + 1 < count and words[end] == "/" and _joined_number(tokens, end):
            part, end = _number(tokens, words, end + 1, numbers)
            parts.append(part)
        return "f", tuple(parts), end
    high = low
    if end + 1 < count and words[end] == "+" and _is_number(tokens, end + 1, numbers):
        more, after = _number(tokens, words, end + 1, numbers)
        behind = lexicon.phrases.longest(words, after) if after < count else None
        if behind is None or behind[0].kind != "refill":  # "6 + 6 visits", not "#60 + 1 refill"
            return "n", (low + more, low + more), after
    joint = words[end] if end < count else ""
    if joint == "and" and at and words[at - 1] == "between":
        joint = "to"
    if (joint == "-" or joint in word_group("range_joints")) and _is_number(tokens, end + 1, numbers):
        other, after = _number(tokens, words, end + 1, numbers)
        if low <= other:
            high, end = other, after
        elif joint == "-" and tokens[end].joined:
            return "f", (low, other), after
    if end + 2 < count and words[end] == "(" and _is_number(tokens, end + 1, numbers):
        again, after = _number(tokens, words, end + 1, numbers)
        other = again
        if after + 1 < count and words[after] == "-" and _is_number(tokens, after + 1, numbers):
            other, after = _number(tokens, words, after + 1, numbers)
        spelled = tokens[at].kind != tokens[end + 1].kind
        if after < count and words[after] == ")" and ((again, other) == (low, high) or spelled):
            low, high, end = min(low, again), max(high, other), after + 1  # "six (6)"; "six (8)" is 6 to 8
            joint = words[end] if end < count else ""
            if (joint == "-" or joint in word_group("range_joints")) and _is_number(tokens, end + 1, numbers):
                kind, value, after = _numeric(tokens, words, end + 1, lexicon)  # "six (6) to eight (8)"
                if kind == "n" and value[1] >= high:
                    high, end = value[1], after
    if low == high and 1990 <= low < 2100 and len(text) == 4 and text.isdigit():
        return "@", text, end
    return "n", (low, high), end


def _joined_number(tokens: Sequence[Token], slash: int) -> bool:
    return tokens[slash].joined and tokens[slash + 1].joined and tokens[slash + 1].kind == "number"


def _number(
    tokens: Sequence[Token], words: Sequence[str], at: int, numbers: Mapping[str, int]
) -> tuple[Number, int]:
    """Return one number, in figures or spelled ("one hundred and twenty", "two dozen"), and where it ends."""
    text = words[at]
    if tokens[at].kind == "number":
        if text.isdigit():
            value: Number = int(text) if len(text) < 10 else 999_999_999
        else:
            exact = Decimal(text.replace(",", ""))
            value = int(exact) if exact == exact.to_integral_value() else exact
        if at + 1 < len(words) and words[at + 1] == "dozen":
            return value * 12, at + 2
        return value, at + 1
    thousands = part = 0
    end = at
    while end < len(words):
        word = words[end]
        known = numbers.get(word)
        if known is None:
            if (
                word != "and"
                or part == 0
                or part % 100
                or words[end + 1 : end + 2] == []
                or words[end + 1] not in numbers
            ):
                break
        elif known == 1000:
            thousands, part = thousands + (part or 1) * 1000, 0
        elif known == 100 or word == "dozen":
            if part > 99:
                break
            part = (part or 1) * known
        elif (
            end == at
            or (known < 100 and part % 100 == 0 and part)
            or (part % 10 == 0 and part % 100 > 19 and 0 < known < 10)
        ):
            part += known
        elif part == 0 and thousands:
            part = known
        else:
            break
        end += 1
    return thousands + part, end


def _date(tokens: Sequence[Token], words: Sequence[str], at: int) -> int:
    """Return where a date ends that begins with a month's name: "Dec 7, 2016", "December 2016"; else the word's end."""
    following = [
        each
        for each in range(at + 1, min(at + 5, len(words)))
        if words[each] != "," and words[each] not in word_group("ordinal_endings")
    ]
    if not following or tokens[following[0]].kind != "number":
        return at + 1
    first = words[following[0]]
    if len(first) == 4 and first.startswith(("19", "20")):
        return following[0] + 1
    if len(following) > 1 and len(words[following[1]]) == 4 and words[following[1]].startswith(("19", "20")):
        return following[1] + 1
    return at + 1


def _behind_a_part(marks: Sequence[Mark], words: Sequence[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a side's letter stands behind a part of the body that has sides.

    Right behind it ("TKA L"), or later where a clause ends: "hip injection (R)", "shoulder arthroscopy L, outpatient".
    """
    if not words[at + 1 : at + 2] or words[at + 1] in ",;()":
        return any(_has_sides(mark, lexicon) for mark in marks)
    return bool(marks) and _has_sides(marks[-1], lexicon)


def _has_sides(mark: Mark, lexicon: Lexicon) -> bool:
    if mark.letter not in "bO" or mark.value[0] == "limb":
        return False
    region = mark.value[1] if mark.letter == "b" else lexicon.operations[mark.value[1]]
    return region is None or not lexicon.regions[region].axial


def _takes_a_side(
    tokens: Sequence[Token], words: Sequence[str], at: int, phrases: Phrases[Word], lexicon: Lexicon
) -> bool:
    """Whether what begins at a token is a part of the body that has sides, a spinal level or an operation."""
    if at < len(words) and words[at] in ")/":
        at += 1  # "(R) ankle", "R/ankle"
    if at >= len(words):
        return False
    if tokens[at].kind == "level":
        return True
    found = (
        phrases.longest(words, at)
        if words[at] != "."
        else phrases.longest(words, at + 1)
        if at + 1 < len(words)
        else None
    )
    if found is None:
        return False
    kind, value = found[0]
    return kind in ("operation", "limb") or (kind == "region" and not lexicon.regions[value].axial)
