"""What every reader of a paper has in hand: its words with their places, its labels, and what of them is never kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from imr_rules.reading.papers.labels import PRIVATE, Entry, entries, ticked
from imr_rules.reading.papers.page import Flow, Page, Word, furniture
from imr_rules.reading.papers.paper import Paper, PaperItem, Quantity, Read
from imr_rules.reading.papers.tables import Cell, words_of
from imr_rules.reading.papers.values import Private, days, diagnosis_codes, service_codes, whole_years, without_codes
from imr_rules.reading.papers.wording import read_wording

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

T = TypeVar("T")


@dataclass
class Reader:
    """One paper being read: its pages, and the paper that comes of them."""

    paper: Paper
    pages: Sequence[Page]
    vocabulary: Vocabulary
    tables: list[tuple[int, int]] = field(default_factory=list)
    """Stretches of the flow that hold tables, and no labels."""

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
    def entries(self) -> list[Entry]:
        """The labels with their values; ask for it when ``tables`` is filled."""
        return entries(self.flow, skip=self.tables)

    @cached_property
    def private(self) -> Private:
        """What the paper says of persons, by its labels."""
        return Private(
            self.flow.text[entry.start : min(entry.end, self.flow.lines[self.flow.line_at(entry.start)].end)]
            for entry in self.entries
            if entry.name in PRIVATE and entry.end > entry.start
        )

    def named(self, *names: str, start: int = 0, end: int | None = None) -> list[Entry]:
        """Return the entries of these labels that have a value, between two offsets."""
        last = len(self.flow.text) if end is None else end
        return [e for e in self.entries if e.name in names and start <= e.at < last and e.end > e.start]

    def text(self, entry: Entry) -> str:
        """Return the words of an entry's value, on one line."""
        return self.flow.cut(entry.start, entry.end)

    def read(self, value: T, where: str, start: int, end: int, *, derived: bool = False, shown: tuple[int, int] | None = None) -> Read[T]:
        """Return a value with its place; ``shown`` is the stretch of words that says it, where it is wider."""
        words = self.private.hide(self.flow.cut(*(shown or (start, end))))
        return Read(value, self.flow.place(start, end), where, words, derived)

    def of_cell(self, value: T, where: str, cell: Cell, *, derived: bool = False) -> Read[T]:
        """Return a value with the place of its cell."""
        found = Read(value, self.flow.place(cell[0][0], cell[0][1]), where, "", derived)
        box, sure = found.place.box, found.place.confidence
        for _, _, word in cell:
            box |= word.box
            sure = None if sure is None else min(sure, word.confidence or 0)
        place = type(found.place)(found.place.page, box, sure)
        return Read(value, place, where, self.private.hide(re.sub(r"\s+", " ", words_of(cell))), derived)

    def put_date(self, name: str, where: str, start: int, end: int, which: int = 0) -> None:
        """Take the date that stands between two offsets, and say so where none can be read there."""
        text = self.flow.text[start:end]
        found = days(text)
        if len(found) > which:
            value, first, last = found[which]
            self.paper.dates.setdefault(name, []).append(self.read(value, where, start + first, start + last))
        elif re.search(r"\d", text) and which == 0:
            self.paper.questions.append(f"the {where} cannot be read on page {self.flow.place(start, end).page}")

    def ticked(self, form: str, start: int = 0, end: int | None = None) -> bool | None:
        """Return whether the box beside some printed words is ticked; ``None`` where there is none."""
        for match in re.compile(form, re.I).finditer(self.flow.text, start, end or len(self.flow.text)):
            state = ticked(self.flow, self.pages, *match.span())
            if state is not None:
                return state
        return None

    def injury(self) -> None:
        """Take the day of injury, or the first and last day of a cumulative trauma."""
        for entry in self.named("injury"):
            text = self.flow.text[entry.start : entry.end]
            first_line = text.split("\n")[0]
            found = days(first_line) or days(text)
            spans = re.search(r"\bCT\b|cumulative|continuous|through|\bto\b|[-–]", re.sub(r"[\d/-]*\d", "", first_line), re.I)
            if not found:
                if re.search(r"\d", first_line):
                    self.put_date("injury", "date of injury", entry.start, entry.end)
                continue
            self.put_date("injury", "date of injury", entry.start, entry.end)
            if len(found) > 1 and spans and found[1][0] > found[0][0]:
                self.put_date("injury_until", "last day of a cumulative trauma", entry.start, entry.end, 1)

    def age_from_birth(self, on: str | None) -> None:
        """Work out the age at the request from a birth date, and drop the date."""
        for entry in self.named("birth"):
            found = days(self.flow.text[entry.start : entry.end])
            age = whole_years(found[0][0], on) if found and on is not None else None
            if age is not None:
                hidden = Read(age, self.flow.place(entry.start, entry.end), "age, worked out from the birth date", "", True)
                self.paper.facts.setdefault("age", []).append(hidden)

    def diagnoses(self, text: str, codes: str, where: str, place: Read[Any]) -> None:
        """Take the diagnoses of a field and of the field of their codes."""
        request = self.paper.date("request") or self.paper.date("decided") or self.paper.date("application")
        on = request.value if request else None
        found = diagnosis_codes(codes, on) or diagnosis_codes(text, on)
        if any(mended for *_, mended in found):
            self.paper.questions.append(f"the code of {where} was mended from what text recognition read")
        words = text
        for _, _, start, end, _ in reversed(diagnosis_codes(text, on)):
            words = words[:start] + " " + words[end:]
        words = re.sub(r"\(\s*\)|^\W+|\bICD-?(?:9|10)?(?:-CM)?:?", " ", words)
        parts = [re.sub(r"\s+", " ", part).strip(" ,;:.-") for part in re.split(r"\n(?=\d[.)])|;", words)]
        parts = [re.sub(r"^\d[.)] ?", "", part) for part in parts if part]
        if len(found) > 1 and len(parts) != len(found):
            split = [part.strip() for part in re.split(r",|\n", words) if part.strip(" ,.;")]
            parts = split if len(split) == len(found) else parts
        for index in range(max(len(parts), len(found))):
            one: dict[str, str] = {}
            if len(parts) == len(found) or len(found) <= 1 or not parts:
                words = parts[index] if index < len(parts) else ""
                code = found[index] if index < len(found) else None
            else:
                words, code = (parts[0] if index == 0 else ""), found[index] if index < len(found) else None
            if code is not None:
                one[code[0]] = code[1]
            one = {"text": self.private.hide(words) or (code[1] if code else ""), **one}
            if one["text"] and not any(each.value == one for each in self.paper.diagnoses):
                self.paper.diagnoses.append(Read(one, place.place, where, place.words))

    def item(self, service: Read[str], more: Read[str] | None, codes: Read[str] | None, label: str | None = None) -> PaperItem:
        """Return an item from its words: the service, what stands beside it of how much, and its codes."""
        words = re.sub(r"\s+", " ", service.value)
        beside = re.sub(r"\s+", " ", more.value) if more is not None else ""
        numbers = service_codes(codes.value) if codes is not None else ()
        numbers = tuple(dict.fromkeys((*numbers, *service_codes(words))))
        plain = self.private.hide(without_codes(words)) or ", ".join(numbers)
        said = read_wording(f"{plain}, {beside}" if beside else plain, numbers, self.vocabulary)
        named = read_wording(plain, numbers, self.vocabulary)
        where = service.where
        counted = more if more is not None and more.value.strip() else service
        item = PaperItem(Read(plain, service.place, where, service.words), label, named.treatment or said.treatment)
        item.body_part = said.body_part
        if numbers:
            at = codes if codes is not None and service_codes(codes.value) else service
            item.codes = Read(numbers, at.place, f"codes of {where}", at.words)
        for name in ("asked", "authorized", "in_dispute"):
            quantity = getattr(said, name)
            if quantity is not None:
                setattr(item, name, Read(quantity, counted.place, f"how much of {where}", counted.words))
        if said.refills and item.asked is not None and item.asked.value.unit == "tablet" and item.asked.value.value:
            total = item.asked.value.value * (said.refills + 1)
            item.asked = Read(Quantity(total, total, "tablet"), counted.place, f"how much of {where}, each fill and its refills", counted.words, True)
            item.in_dispute = item.in_dispute and item.asked
        if said.frequency:
            item.frequency = Read(said.frequency, counted.place, f"how often, {where}", counted.words)
        if said.duration:
            item.duration = Read(said.duration, counted.place, f"how long, {where}", counted.words)
        item.course, item.postoperative = said.course, said.postoperative
        if said.purchase and "purchase_requested" in self.vocabulary.facts:
            item.findings["purchase_requested"] = [Read(True, counted.place, f"purchase, {where}", counted.words)]
        item.questions += [f"{where}: {caution}" for caution in said.cautions]
        return item


def one_of_a_kind(item: PaperItem, vocabulary: Vocabulary) -> Quantity | None:
    """Return one of what is not counted in visits or tablets, where a paper names it without a number."""
    unit = vocabulary.treatments[item.treatment].unit if item.treatment else None
    return Quantity(1, 1, unit) if unit in ("item", "study") else None
