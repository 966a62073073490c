"""What every reader of a paper has in hand: its words with their places, its labels, and what of them is never kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from imr_rules.reading.papers.cited import cited_in
from imr_rules.reading.papers.labels import PRIVATE, Entry, entries, ticked
from imr_rules.reading.papers.page import Flow, Line, Page, Place, Word, furniture
from imr_rules.reading.papers.paper import Paper, PaperItem, Quantity, Read
from imr_rules.reading.papers.tables import Cell, words_of
from imr_rules.reading.papers.values import (
    ANY_DATE,
    Private,
    days,
    diagnosis_codes,
    service_codes,
    whole_years,
    without_codes,
)
from imr_rules.reading.papers.wording import read_wording
from imr_rules.words.body_parts import find_body_parts
from imr_rules.words.persons import HIDDEN, SPEAKS, addressed, named_by_part

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

T = TypeVar("T")

POINT = re.compile(r"^\s*(?:\(?(?:\d{1,2}|[a-k])[.)]|[-•*◦▪●○■·«»¢°]|[eo](?=\s+[A-Z(]))\s+", re.M)
"""What begins a point of a list: a number, a bullet, or what text recognition makes of one."""
_SENTENCE = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\b[Nn]o)(?<!\b[Nn]os)(?<!\bp)(?<!\bpp)(?<! [A-Z])[.?!](?:\"|\))? +(?=[A-Z0-9\"(])"
)
_BODY = re.compile(
    r"\b(?:[A-Z][\w'&-]+ ){1,4}(?:Associates|Group|Clinic|Center|Centre|Hospital|Mutual|Inc|LLC|LLP|Insurance|Company|Corporation|Corp|Partners|Administrators|Services)\b\.?"
)
"""The name of a practice, company or insurer, by the word it ends with."""
_BIRTH = re.compile(
    r"(?:\bborn(?: on| in)?|birth ?date|date of birth|d\.?o\.?b\.?|birth)\W*(?:is |was )?$", re.I
)

_CUT_BEFORE_A_NUMBER = re.compile(
    r"\b(?:pages?|pgs?\.?|pp?\.|chapters?|sections?|no\.|for|of|to|and|than|least) *$", re.I
)
"""A line that ends so goes on with its number: "page" and "98. The worker ..." on the next."""
_SHOWN = 600
"""Of a longer sentence, so many characters before and behind a value are shown to whoever confirms it."""
_ELSEWHERE = re.compile(
    r"\b(?:see|as (?:noted|outlined|described|listed)|per|refer to)\b[^.]{0,40}\b(?:report|page|pg|p\.|pr-?2|narrative|attach\w*|note)",
    re.I,
)
"""A request that names a page of a report instead of a service."""
_PLAIN_WORDS = re.compile(r"(?<= )[a-z]+ [a-z]+ ")
"""Where a sentence may be cut: between two words that are no part of a name."""


class Reader(Struct, dict=True):
    """One paper being read: its pages, and the paper that comes of them."""

    paper: Paper
    pages: Sequence[Page]
    vocabulary: Vocabulary
    tables: list[tuple[int, int]] = field(default_factory=list)
    """Stretches of the flow that hold tables, and no labels."""
    decided: list[tuple[int, int, str | None]] = field(default_factory=list)
    """Clauses of sentences that decide, each with the treatment that it is of."""

    @cached_property
    def _parts(self) -> tuple[list[list[tuple[Word, ...]]], list[tuple[Page, tuple[Word, ...]]]]:
        return furniture(self.pages)

    @cached_property
    def flow(self) -> Flow:
        """The paper's words, without its running heads and feet."""
        return Flow.of(zip(self.pages, self._parts[0], strict=True))

    @cached_property
    def heads(self) -> Flow:
        """The running heads and feet, a fax line among them."""
        return Flow.of((page, [line]) for page, line in self._parts[1])

    @cached_property
    def flat(self) -> str:
        """The flow's text with every tab and line break made a blank: the same length, so the same offsets."""
        return re.sub(r"\s", " ", self.flow.text)

    @cached_property
    def entries(self) -> list[Entry]:
        """The labels with their values; ask for it when ``tables`` is filled."""
        return entries(self.flow, skip=self.tables)

    @cached_property
    def private(self) -> Private:
        """What the paper says of persons, by its labels."""
        said = [
            (entry.name, self.flow.text[entry.start : self.end_of_line(entry)])
            for entry in self.entries
            if entry.name in PRIVATE and entry.end > entry.start
        ]
        if self.paper.kind != "record":
            persons = [value for name, value in said if name in ("name", "doctor", "signature")]
            return Private([value for _, value in said], [*persons, *addressed(self.flat)])
        # a record tells of persons in sentences, by any of their names; above its labels stands a letterhead
        letterhead = self.flow.text[: min((entry.at for entry in self.entries), default=0)].split("\n")[:4]
        names = [value for name, value in said if name in ("name", "doctor", "body", "signature")]
        return Private([value for _, value in said] + letterhead, [*names, *addressed(self.flat)])

    @cached_property
    def _persons(self) -> Private:
        """What the paper says of persons, each word of their names among it, for words that are kept as they stand."""
        text = self.flow.text
        letterhead = text[: min((entry.at for entry in self.entries), default=0)].split("\n")[:6]
        values = [line for line in letterhead if not re.search(r"\d", line)]
        names: list[str] = []
        for entry in self.entries:
            value = text[entry.start : self.end_of_line(entry)] if entry.end > entry.start else ""
            if entry.name in PRIVATE:
                values.append(value)
            if entry.name in ("name", "doctor", "body", "signature"):
                names.append(value)
            elif entry.name == "reviewer":
                names.append(re.split(r",|\b(?:M\.?D|D\.?O)\b", value)[0])
        names += named_by_part(self.flat)
        words = {word for name in names for word in re.findall(r"[A-Z][\w'-]{3,}", name)}
        ordinary = {word for word in words if find_body_parts(word) or self.recognized(word)}
        return Private(values, [word for word in words if word not in ordinary])

    @cached_property
    def _born(self) -> frozenset[str]:
        births = [self.flow.text[entry.start : entry.end] for entry in self.entries if entry.name == "birth"]
        return frozenset(found[0][0] for text in births if (found := days(text)))

    def without_persons(self, words: str) -> str:
        """Return words that are kept as they stand, on one line, without names, numbers, addresses and birth dates."""
        flat = re.sub(r"\s+", " ", words).strip()
        for day, start, end in reversed(days(flat)):
            if day in self._born or _BIRTH.search(flat[:start]):
                flat = flat[:start] + HIDDEN + flat[end:]
        hidden = _BODY.sub(HIDDEN, self.private.hide(self._persons.hide(flat)))

        def unless_known(found: re.Match[str]) -> str:
            name = found[found.lastgroup or 0]
            known = find_body_parts(name) or self.recognized(name)
            return found[0] if known else found[0].replace(name, HIDDEN)

        return SPEAKS.sub(unless_known, hidden)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences of the flow, over line breaks."""
        found: list[tuple[int, int]] = []
        for start, end in self.paragraphs:
            cuts = [start, *(match.end() for match in _SENTENCE.finditer(self.flat, start, end)), end]
            found += pairwise(cuts)
        return found

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """The paragraphs: parted by wider gaps, headings, and lines that begin with a number."""
        found: list[tuple[int, int]] = []
        lines = self.flow.lines
        gaps = sorted(
            a.box.middle - b.box.middle
            for a, b in pairwise(lines)
            if a.page == b.page and a.box.middle - b.box.middle > 0.8 * b.box.height
        )
        usual = gaps[len(gaps) // 20] if gaps else 0.0
        # lines of a scan lie less evenly: those that run on within a sentence tell how far apart its lines are
        running = sorted(
            a.box.middle - b.box.middle
            for a, b in pairwise(lines)
            if a.page == b.page and self.runs_on(a, b) and a.box.middle - b.box.middle < 2 * usual
        )
        if self.paper.carrier == "scan" and running:
            usual = max(usual, running[len(running) // 2])
        for index, line in enumerate(lines):
            text = self.flow.text[line.start : line.end]
            before = lines[index - 1] if index else line
            if before.page != line.page:
                goes_on = not self.flow.text[before.start : before.end].rstrip().endswith((".", ":"))
            else:
                goes_on = before.box.middle - line.box.middle < 1.25 * max(usual, line.box.height)
            begins = POINT.match(text) or re.match(r"\(?\d{1,2}[a-z]?[.)]\s|[A-Z][A-Z /&]+:?$", text)
            cut = _CUT_BEFORE_A_NUMBER.search(self.flow.text, before.start, before.end)
            if found and goes_on and (not begins or cut):
                found[-1] = (found[-1][0], line.end)
            else:
                found.append((line.start, line.end))
        return found

    @cached_property
    def paragraph_starts(self) -> frozenset[int]:
        """The characters that paragraphs begin with."""
        return frozenset(start for start, _ in self.paragraphs)

    def runs_on(self, line: Line, below: Line) -> bool:
        """Whether a long line breaks off within a sentence that the line below goes on with."""
        text = self.flow.text[line.start : line.end].rstrip()
        widest = max(each.box.right for each in self.flow.lines)
        goes_on = text[-1:].isalnum() or text.endswith(",")
        return (
            goes_on and line.box.right > 0.8 * widest and "\t" not in self.flow.text[below.start : below.end]
        )

    def named(self, *names: str, start: int = 0, end: int | None = None) -> list[Entry]:
        """Return the entries of these labels that have a value, between two offsets."""
        last = len(self.flow.text) if end is None else end
        return [e for e in self.entries if e.name in names and start <= e.at < last and e.end > e.start]

    def text(self, entry: Entry) -> str:
        """Return the words of an entry's value, on one line."""
        return self.flow.cut(entry.start, entry.end)

    def end_of_line(self, entry: Entry) -> int:
        """Return where the first line of an entry's value ends."""
        return min(entry.end, self.flow.lines[self.flow.line_at(entry.start)].end)

    def recognized(self, words: str) -> str | None:
        """Return the treatment that some words or codes name."""
        plain = re.sub(r"\bRFA\b|\s+", " ", words)  # the form here; elsewhere an ablation
        return self.vocabulary.recognize(plain) or self.vocabulary.recognize("", service_codes(plain))

    def points(self, start: int, end: int) -> list[tuple[str, int, int]]:
        """Return the points of a list between two offsets, each with the lines it runs on over; nothing where none begins."""
        text = self.flow.text[start:end]
        begins = [match.start() for match in POINT.finditer(text)]
        return [
            (POINT.sub("", self.flow.cut(start + first, start + last)).strip(), start + first, start + last)
            for first, last in pairwise([*begins, len(text)])
        ]

    def read(
        self,
        value: T,
        where: str,
        start: int,
        end: int,
        *,
        derived: bool = False,
        shown: tuple[int, int] | None = None,
    ) -> Read[T]:
        """Return a value with its place; ``shown`` is the stretch of words that says it, where it is wider."""
        words = self.private.hide(self.flow.cut(*self._around(start, end, shown or (start, end))))
        return Read(value, self.flow.place(start, end), where, words, derived)

    def _around(self, start: int, end: int, shown: tuple[int, int]) -> tuple[int, int]:
        """Return the part of a stretch of words that is shown: of one without end, what stands near the place."""
        first, last = shown
        if start - first > _SHOWN:
            plain = _PLAIN_WORDS.search(self.flat, start - _SHOWN, start)
            first = plain.start() if plain else start
        if last - end > _SHOWN:
            plain = _PLAIN_WORDS.search(self.flat, end + _SHOWN, last)
            last = plain.start() if plain else last
        return first, last

    def value(self, entry: Entry, where: str) -> Read[str]:
        """Return an entry's words with their place."""
        return self.read(self.text(entry), where, entry.start, entry.end)

    def of_cell(self, value: T, where: str, cell: Cell, *, derived: bool = False) -> Read[T]:
        """Return a value with the place of its cell."""
        place = self.flow.place(cell[0][0], cell[0][1])
        box, sure = place.box, place.confidence
        for *_, word in cell:
            box |= word.box
            sure = None if sure is None else min(sure, word.confidence or 0)
        words = self.private.hide(re.sub(r"\s+", " ", words_of(cell)))
        return Read(value, Place(place.page, box, sure), where, words, derived)

    def put_date(self, name: str, where: str, start: int, end: int, which: int = 0) -> None:
        """Take the date that stands between two offsets, and say so where none can be read there."""
        text = self.flow.text[start:end]
        # only an injury is known by its month alone; of a scan a short date is half a date
        short = name.startswith("injury") and self.paper.carrier != "scan"
        found = [each for each in days(text) if short or len(each[0]) == 10]
        if len(found) > which:
            value, first, last = found[which]
            self.paper.dates.setdefault(name, []).append(self.read(value, where, start + first, start + last))
        elif re.search(r"\d", text) and which == 0:
            self.paper.questions.append(
                f"the {where} cannot be read on page {self.flow.place(start, end).page}"
            )

    def date_of_letter(self, name: str) -> None:
        """Take the day that stands by itself near the head of a letter as a date of this name."""
        for line in self.flow.lines[:12]:
            for column in re.finditer(r"[^\t]+", self.flow.text[line.start : line.end]):
                if name not in self.paper.dates and ANY_DATE.fullmatch(column[0].strip()):
                    start = line.start + column.start()
                    self.put_date(name, "date of the letter", start, line.start + column.end())

    def ticked(self, form: str, start: int = 0, end: int | None = None) -> bool | None:
        """Return whether the box beside some printed words is ticked; ``None`` where there is none."""
        last = len(self.flow.text) if end is None else end
        for match in re.compile(form, re.I).finditer(self.flow.text, start, last):
            state = ticked(self.flow, self.pages, *match.span())
            if state is not None:
                return state
        return None

    def injury(self) -> None:
        """Take the day of injury, or the first and last day of a cumulative trauma."""
        for entry in self.named("injury"):
            end = self.end_of_line(entry)
            text = self.flow.text[entry.start : end]
            found = days(text)
            self.put_date("injury", "date of injury", entry.start, end)
            lasting = re.search(
                r"\bCT\b|cumul|contin|through|\bto\b|[-–]", re.sub(r"[\d/-]*\d", "", text), re.I
            )
            if len(found) > 1 and lasting and found[1][0] > found[0][0]:
                self.put_date("injury_until", "last day of a cumulative trauma", entry.start, end, 1)

    def age_from_birth(self, on: str | None) -> None:
        """Work out the age at the request from a birth date, and drop the date."""
        for entry in self.named("birth"):
            found = days(self.flow.text[entry.start : entry.end])
            age = whole_years(found[0][0], on) if found and on is not None else None
            if age is not None:
                place = self.flow.place(entry.start, self.end_of_line(entry))
                read: Read[object] = Read(age, place, "age, worked out from the birth date", "", True)
                self.paper.facts.setdefault("age", []).append(read)

    def diagnoses(self, text: str, codes: str, at: Read[str]) -> None:
        """Take the diagnoses of a field of words and, where there is one, of the field of their codes."""
        dated = next(
            (each for name in ("request", "decided", "application") if (each := self.paper.date(name))), None
        )
        on = dated.value if dated is not None else None
        within = diagnosis_codes(text, on)
        found = diagnosis_codes(codes, on) or within
        if any(mended for *_, mended in found):
            self.paper.questions.append(f"the code of {at.where} was mended from what text recognition read")
        for _, _, start, end, _ in reversed(within):
            text = text[:start] + "\0" + text[end:]
        text = re.sub(r"\(\W*\0\W*\)|\bICD-?(?:9|10)?(?:-CM)?:?", "\0", text)
        cuts = r"\n(?=\d[.)])|;|\n" if len(found) > 1 else r"\n(?=\d[.)])|;"
        parts = [re.sub(r"^\d[.)] ?|\s+", " ", part).strip(" ,;:.-\0()") for part in re.split(cuts, text)]
        parts = [part.replace("\0", " ") for part in parts if part]
        if len(found) > 1 and len(parts) != len(found):
            split = [
                re.sub(r"^\d{1,2}[.)] ?", "", part.strip(" ,.;-\0(\n")).strip(")")
                for part in re.split(r"[,\n\0]", text)
                if part.strip(" ,.;-\0()\n")
            ]
            parts = split if len(split) == len(found) else parts
        elif len(found) <= 1:
            parts = [re.sub(r"\s+", " ", " ".join(parts))] if parts else []
        for index in range(max(len(parts), len(found))):
            code = found[index] if index < len(found) else None
            words = self.private.hide(parts[index]) if index < len(parts) else ""
            one = {"text": words or (code[1] if code else "")} | ({code[0]: code[1]} if code else {})
            if one["text"] and not any(each.value == one for each in self.paper.diagnoses):
                self.paper.diagnoses.append(at.of(one))

    def item(
        self, service: Read[str], more: Read[str] | None, codes: Read[str] | None, label: str | None = None
    ) -> PaperItem:
        """Return an item from its words: the service, what stands beside it of how much, and its codes."""
        words = re.sub(r"\s+", " ", service.value)
        beside = re.sub(r"\s+", " ", more.value) if more is not None else ""
        numbers = tuple(
            dict.fromkeys((*service_codes(codes.value if codes is not None else ""), *service_codes(words)))
        )
        plain = self.private.hide(without_codes(words)) or ", ".join(numbers) or beside
        said = read_wording(
            f"{plain}, {beside}" if beside and plain != beside else plain, numbers, self.vocabulary
        )
        alone = read_wording(beside, numbers, self.vocabulary) if beside else said
        kind = self.vocabulary.treatments[said.treatment].unit if said.treatment else None
        visits = alone.asked is not None and alone.asked.unit in ("visit", "session")
        if said.asked is None and alone.asked is not None and not (kind == "tablet" and visits):
            # the field of amounts by itself: beside the service's words its count may be another's
            said = replace(said, asked=replace(alone.asked, unit=alone.asked.unit or kind), in_dispute=None)
        counted = more if more is not None and beside.strip() else service
        where = service.where
        item = PaperItem(
            service.of(plain),
            label,
            read_wording(plain, numbers, self.vocabulary).treatment or said.treatment,
        )
        item.body_part, item.course, item.postoperative = (
            said.body_part,
            said.pace["course"],
            said.postoperative,
        )
        if numbers:
            item.codes = (codes if codes is not None and service_codes(codes.value) else service).of(
                numbers, f"codes of {where}"
            )
        item.asked = counted.of(said.asked, f"how much of {where}") if said.asked else None
        item.in_dispute = counted.of(said.in_dispute, f"how much of {where}") if said.in_dispute else None
        if (
            said.refills
            and item.asked is not None
            and item.asked.value.unit in ("tablet", "item")
            and item.asked.value.value
        ):
            total = Quantity.exactly(item.asked.value.value * (said.refills + 1), item.asked.value.unit)
            item.asked = item.in_dispute = counted.of(
                total, f"how much of {where}, each fill and its refills", derived=True
            )
        frequency, duration = said.pace["frequency"], said.pace["duration"]
        item.frequency = counted.of(frequency, f"how often, {where}") if frequency else None
        item.duration = counted.of(duration, f"how long, {where}") if duration else None
        if said.purchase and "purchase_requested" in self.vocabulary.facts:
            item.findings["purchase_requested"] = [counted.of(True, f"purchase, {where}")]
        item.questions += [f"{where}: {caution}" for caution in said.cautions]
        if self.paper.kind == "rfa" and item.treatment is None and _ELSEWHERE.search(f"{words} {beside}"):
            if "request_incomplete" in self.vocabulary.facts:
                item.findings["request_incomplete"] = [item.service.of(True)]
            self.paper.questions.append(f"{where} names a page of a report instead of a service")
        return item

    def cite(self, item: PaperItem, start: int, end: int) -> None:
        """Take the guidelines cited between two offsets for an item."""
        before = next(
            (other.cited[-1].value for other in (item, *reversed(self.paper.items)) if other.cited), None
        )
        for citation, first, last in cited_in(self.flow.text[start:end], before):
            if not any(each.value == citation for each in item.cited):
                where = f"guideline cited for {item.service.where}"
                item.cited.append(self.read(citation, where, start + first, start + last))
