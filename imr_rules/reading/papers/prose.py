"""Treatments that stand in sentences: those that ask name them, those that decide settle them."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from imr_rules.reading.papers.outcome import settle
from imr_rules.reading.papers.paper import PaperItem
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.reasons import STANDING, reason_behind
from imr_rules.reading.papers.values import service_codes
from imr_rules.reading.papers.wording import amounts_in, decision_in, decision_words

_ASKED = re.compile(
    r"\b(?:you|doctor|physician|provider|it|request|rfa)\b[^.]{0,60}?\b(?:asked|asks|requested|requests|ordered|submitted a request|seeks|is) for\b"
    r"|\brequest(?:ed|s|ing)? (?:is |was )?for\b|\brequested\b", re.I,
)  # fmt: skip
_LEAD = re.compile(
    r"^(?:\W|(?:and|but|also|the|your|our|a|an|we|that|this|for|of|to|have|has|had|been|is|are|was|were|do|did|not|be|can|could|decided|therefore|however|request(?:ed|s)?|doctor'?s?|physician'?s?"
    r"|provider'?s?|treatment|on|in it|you|asked|by|dr\.?|it|approve|deny|further|following|service[s]?|part of)\b)+", re.I,
)  # fmt: skip
_TAIL = re.compile(r"(?:,? (?:and(?: for)?|is|are|was|were|has|have|been|be|which))+\W*$|[\s,.;:]+$")

_BECAUSE = re.compile(r",? (?:because|since|as (?:there|the|no|it)|due to)\b", re.I)
_OF_IT = re.compile(r"\b(?:it|this|these|them|they|the request|th(?:e|is|at|ose) treatments?|that)\b", re.I)


_REQUESTS = re.compile(
    r"\b(?:I|we|this office|undersigned)\b(?:(?! not\b)[^.;]){0,30}?\b(?:request|requesting|seek|seeking|ask|asking)(?: (?:for|your|prior|formal))*"
    r"(?: (?:authori[sz]ation|approval)(?: (?:for|of|to (?:perform|provide|prescribe)))?)?"
    r"|\b(?:authori[sz]ation|approval) (?:is|is being|is hereby|is also) (?:requested|sought|asked)(?: for)?|\bplease (?:also )?(?:authori[sz]e|approve)\b", re.I,
)  # fmt: skip
"""How a narrative asks: "authorization is requested for", "I also request", "please authorize"."""


def read_requests(reader: Reader, end: int) -> None:
    """Take the treatments that the sentences of a narrative ask authorization for."""
    for start, stop in reader.sentences:
        ask = _REQUESTS.search(reader.flat, start, stop)
        if ask is None or stop > end or STANDING.search(reader.flat[start:stop]):
            continue
        for words, first, last in _services(reader, ask.end(), stop):
            where = f"treatment {len(reader.paper.items) + 1}"
            service = reader.read(words, where, first, last, shown=(start, stop))
            reader.paper.items.append(reader.item(service, None, None))


def read_prose(reader: Reader) -> None:
    """Take the items that sentences decide, each with what was asked for in another sentence."""
    text = reader.flat
    asked: list[tuple[str, int, int]] = []
    recent: list[tuple[str, int, int]] = []  # what the last sentence that asks names, until it is decided
    decided: list[tuple[PaperItem, list[str], int, int]] = []
    for start, end in reader.sentences:
        sentence = text[start:end]
        if STANDING.search(sentence):
            continue
        ask = _ASKED.search(sentence)
        if not decision_words(sentence):
            recent = _services(reader, start + ask.end(), end) if ask is not None else recent
            asked += recent if ask is not None else []
            continue
        for first, last in _clauses(sentence, start):
            inside = decision_words(text[first:last])
            if not inside:
                continue
            why = _BECAUSE.search(text, first, last)
            until = max(first + inside[0].end, why.start() if why else last)
            names = _services(reader, first, first + inside[0].start) or _services(
                reader, first + inside[0].end, until
            )
            if not names and _OF_IT.search(text, first, until):
                names = recent  # "A bone scan was asked for. We did not approve it"
            recent = [] if names else recent
            if not names and decided:
                # "four of the six are authorized, the other two are not": of the item before
                item, clauses, begin, _ = decided[-1]
                clauses.append(text[first:last])
                reader.decided.append((first, last, decided[-1][0].treatment))
                decided[-1] = (item, clauses, begin, last)
            for name, begin, stop in names:
                service = reader.read(
                    name, f"item {len(decided) + 1} of the decision", begin, stop, shown=(start, end)
                )
                decided.append((reader.item(service, None, None), [text[first:last]], first, last))
                reader.decided.append((first, last, decided[-1][0].treatment))
    for item, clauses, first, last in _each_once(decided):
        _with_request(reader, item, asked)
        words = "; ".join(clauses)
        settle(item, words, reader.read(words, item.service.where, first, last), reader.vocabulary)
        item.why = reason_behind(reader, item, first, last)
        reader.paper.items.append(item)


def _with_request(reader: Reader, item: PaperItem, asked: list[tuple[str, int, int]]) -> None:
    """Add what the sentence that asks says of an item."""
    for words, start, end in asked:
        if reader.recognized(words) == item.treatment:
            full = reader.item(reader.read(words, item.service.where, start, end), None, None)
            item.asked, item.frequency, item.duration = (
                full.asked or item.asked,
                full.frequency,
                full.duration,
            )
            item.body_part, item.codes = item.body_part or full.body_part, item.codes or full.codes
            return


def _each_once(
    decided: list[tuple[PaperItem, list[str], int, int]],
) -> list[tuple[PaperItem, list[str], int, int]]:
    """Return each item once: a letter says first what it decides, and then how much of it, and why."""
    kept: list[tuple[PaperItem, list[str], int, int]] = []
    for each in decided:
        item = each[0]
        same = next(
            (
                other
                for other in kept
                if other[0].treatment == item.treatment and _one_part(other[0].body_part, item.body_part)
            ),
            None,
        )
        if same is None:
            kept.append(each)
        elif same is kept[-1] and _says_not_how_much("; ".join(same[1])):
            kept[-1] = (same[0], [*same[1], *each[1]], same[2], each[3])
    return kept


def _one_part(one: dict[str, str | None] | None, other: dict[str, str | None] | None) -> bool:
    """Whether two parts of the body may be one: what either leaves unsaid parts nothing."""
    return not one or not other or all(one[name] == other[name] for name in one.keys() & other.keys())


def _says_not_how_much(words: str) -> bool:
    """Whether words call an item modified without an amount: "Percocet #120: MODIFIED. Percocet #90 is approved."."""
    return decision_in(words) == "modified" and not amounts_in(words).keys() & {"authorized", "in_dispute"}


def _clauses(sentence: str, offset: int) -> list[tuple[int, int]]:
    """Cut a sentence where each side decides something."""
    words = decision_words(sentence)
    found, start, at = [], 0, 0  # at: of the words, the first one that no clause before holds
    for match in re.finditer(r"[;:] |, (?:and|but|while|whereas) (?:the )?", sentence):
        before = bisect_right(words, match.start(), lo=at, key=lambda word: word.end)
        if at < before < len(words):
            found.append((offset + start, offset + match.start()))
            start, at = match.end(), before
    return [*found, (offset + start, offset + len(sentence))]


def _services(reader: Reader, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the services that a stretch of a sentence names, parted where each part names one."""
    text = reader.flat[start:end]
    joints = re.finditer(r",? and (?:for )?|; |, (?:for )?(?=\w+ (?:sessions?|visits?|units?) of )", text)
    cuts = [0, *(match.end() for match in joints), len(text)]
    pieces: list[list[int]] = []
    for first, last in pairwise(cuts):
        if not pieces or reader.recognized(text[first:last]) or service_codes(text[first:last]):
            pieces.append([first, last])
        else:
            pieces[-1][1] = last
    found = []
    for first, last in pieces:
        if reader.recognized(text[first:last]):
            lead = _LEAD.match(text[first:last])
            first += lead.end() if lead else 0
            words = _TAIL.sub("", text[first:last])
            found.append((words, start + first, start + first + len(words)))
    return [each for each in found if each[0]]
