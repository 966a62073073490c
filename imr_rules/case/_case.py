"""The case itself: read, checked for agreement with itself, and known by its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from numbers import Integral
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, Protocol

import msgspec
from pydantic import Field, model_validator

from imr_rules._dates import Date, PartialDate
from imr_rules._reading import MAX_DEPTH, parse, read_document
from imr_rules._reading import Document as Source
from imr_rules._validation import Misplaced, StrictModel, validate
from imr_rules.case.circumstances import (
    BodyPart,
    Course,
    Diagnosis,
    Document,
    Injury,
    Measurement,
    RecordRead,
    Surgery,
    Worker,
)
from imr_rules.case.dispute import DisputedItem, Request
from imr_rules.case.expectation import Expectation
from imr_rules.case.statement import Evidence, Findings, Identifier, Text
from imr_rules.errors import CaseError

_CANONICAL = msgspec.json.Encoder(order="sorted")
"""Writes plain data one way alone, whatever order its keys came in."""


class Checks(Protocol):
    """What knows the names that a case may use: a :class:`~imr_rules.rulebook.Rulebook`."""

    def check(self, case: Case) -> None:
        """Raise a CaseError for each name that nobody declared."""


class Case(StrictModel):
    """A case: what one record says about one worker and the treatments in dispute.

    Build one with :meth:`from_file`, :meth:`from_text` or :meth:`from_data`; all three raise
    :class:`~imr_rules.errors.CaseError` naming each place that is wrong.
    """

    case: Identifier | None = None
    """The sender's own opaque id."""
    about: Text | None = None
    """A remark for readers of the file; no rule reads it."""
    priority: Literal["regular", "expedited"] | None = None
    as_of: Date | None = None
    """The date the question is asked as of."""
    # Parts that may be left out begin empty, made without building what reads them.
    worker: Worker = Worker.model_construct()
    injury: Injury = Injury.model_construct()
    diagnoses: Annotated[tuple[Diagnosis, ...], Field(strict=False)] = ()
    accepted_body_parts: Annotated[tuple[BodyPart, ...], Field(strict=False)] | None = None
    request: Request = Request.model_construct()
    application: Request = Request.model_construct()
    items: Annotated[tuple[DisputedItem, ...], Field(strict=False, min_length=1, max_length=200)]
    history: Annotated[tuple[Course, ...], Field(strict=False)] = ()
    surgeries: Annotated[tuple[Surgery, ...], Field(strict=False)] = ()
    measurements: Annotated[tuple[Measurement, ...], Field(strict=False)] = ()
    findings: Findings = {}
    """Any fact the rulebook's dictionary declares, by name."""
    record: RecordRead = RecordRead.model_construct()
    """How much of the record was read: what silence means."""
    documents: Annotated[tuple[Document, ...], Field(strict=False)] | None = None
    """The documents in hand; leave out where no list was made, give ``[]`` where there are none."""
    expect: Expectation | None = None
    """The answer a fixture must get. No rule reads it and no digest includes it."""

    @model_validator(mode="after")
    def _consistent(self) -> Case:
        names = [name for name, _ in self.named_items]
        follows = {name: item.follows for name, item in self.named_items}
        for place, name in enumerate(names):
            path = ("items", place)
            if name in names[:place]:
                raise Misplaced("another item has this `id`", *path, "id")
            principal = follows[name]
            if principal is not None and (principal not in follows or principal == name):
                raise Misplaced("`follows` must name another item of this case", *path, "follows")
            if _in_a_circle(name, follows):
                raise Misplaced("these items follow one another in a circle", *path, "follows")
        for name in self.expect.items if self.expect else ():
            if name not in follows:
                raise Misplaced("this case has no such item", "expect", "items", name)
        if self.record.read == "all" and self.holds_only_the_denial is not False:
            raise Misplaced(
                "that all was read needs `documents`, with more in it than the denial and the application",
                "record", "read",
            )  # fmt: skip
        if self.documents is not None:
            listed_ids: set[str | None] = set()
            for place, document in enumerate(self.documents):
                if document.id is not None and document.id in listed_ids:
                    raise Misplaced("another document has this `id`", "documents", place, "id")
                listed_ids.add(document.id)
            for where, named in _documents_named(self):
                if named not in listed_ids:
                    raise Misplaced("no document of this `id` is among `documents`", *where, "document")
        return self

    @cached_property
    def named_items(self) -> tuple[tuple[str, DisputedItem], ...]:
        """Each disputed item with its id, in the order given."""
        return tuple((item.id or f"item-{number}", item) for number, item in enumerate(self.items, 1))

    @cached_property
    def principals_first(self) -> tuple[tuple[str, DisputedItem], ...]:
        """Each disputed item with its id, an item that follows another after that one."""
        items, found = self._items_by_name, dict[str, DisputedItem]()
        for name in items:
            line: list[str] = []
            step: str | None = name
            while step is not None and step not in found:
                line.append(step)
                step = items[step].follows
            found.update((each, items[each]) for each in reversed(line))
        return tuple(found.items())

    def principal_of(self, item: DisputedItem) -> DisputedItem | None:
        """Return the item that another one stands or falls with; None where it follows none."""
        return self._items_by_name.get(item.follows) if item.follows else None

    @cached_property
    def _items_by_name(self) -> Mapping[str, DisputedItem]:
        return dict(self.named_items)

    @property
    def holds_only_the_denial(self) -> bool | None:
        """Whether the listed documents are nothing but the denial and the application; None without a list."""
        if self.documents is None:
            return None
        return {document.kind for document in self.documents} <= {"utilization_review", "imr_application"}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything but ``expect``, as ``sha256:...``; equal for YAML and JSON alike."""
        content = self.model_dump(mode="json", exclude={"expect"}, exclude_defaults=True)
        return "sha256:" + hashlib.sha256(_CANONICAL.encode(content)).hexdigest()

    @classmethod
    def from_file(cls, path: str | Path, rulebook: Checks | None = None) -> Case:
        """Read a case from a YAML or JSON file.

        With a ``rulebook``, names that it does not declare are refused too, each with its line.

        Raises:
            CaseError: with one problem for each place that is wrong.
        """
        return cls.from_document(read_document(Path(path), CaseError), rulebook)

    @classmethod
    def from_text(cls, text: str, rulebook: Checks | None = None, *, is_json: bool = False) -> Case:
        """Read a case from YAML (or JSON) text, as :meth:`from_file` does."""
        return cls.from_document(parse(text, CaseError, is_json=is_json), rulebook)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], rulebook: Checks | None = None) -> Case:
        """Read a case from plain data, as ``json.loads`` gives it, as :meth:`from_file` does.

        Whole numbers, truths and texts of NumPy and pandas are taken for what they are. A decimal is not, even where
        it is whole: a column that has gaps was turned into decimals, and with it the gaps.
        """
        return cls.from_document(Source(_plain(data)), rulebook)

    @classmethod
    def from_document(cls, source: Source, rulebook: Checks | None = None) -> Case:
        """Read a case from a file that was read already, so that problems can be told by line."""
        case = validate(cls, source, CaseError)
        if rulebook is not None:
            try:
                rulebook.check(case)
            except CaseError as error:
                raise CaseError(
                    source.located(each, key=each.code.startswith("unknown-fact")) for each in error.problems
                ) from None
        return case


def _plain(data: Any, depth: int = 0) -> Any:
    """Return data in which what is a whole number, a truth or a text of another library is Python's own."""
    if depth > MAX_DEPTH:  # deeper than any case: refused as what it is
        return data
    if isinstance(data, Mapping):
        return {name: _plain(each, depth + 1) for name, each in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(each, depth + 1) for each in data]
    if type(data) in (str, int, bool, float, NoneType):
        return data
    if isinstance(data, Integral):
        return int(data)
    as_python = getattr(data, "item", None)  # a scalar of NumPy
    found = as_python() if callable(as_python) else data
    return found if isinstance(found, (str, bool)) else data


_HOLDS_NO_EVIDENCE = frozenset({str, int, bool, NoneType, PartialDate})
"""What most of a case is made of."""


_Named = tuple[tuple[str | int, ...], str]
"""Where a piece of evidence stands that names a document, and the document."""


def _documents_named(case: Case) -> list[_Named]:
    """Return what each piece of evidence in a case names that names a document, in the order of the fields."""
    found: list[_Named] = []
    # Of the case its fields alone: what was worked out of it, such as its items by name, holds the same evidence again.
    _name_documents(((name, getattr(case, name)) for name in Case.model_fields), (), found)
    return found


def _name_documents(
    parts: Iterable[tuple[str | int, Any]], path: tuple[str | int, ...], found: list[_Named]
) -> None:
    for step, part in parts:
        kind = type(part)
        if kind is Evidence:
            if part.document is not None:
                found.append(((*path, step), part.document))
        elif part and kind not in _HOLDS_NO_EVIDENCE:
            inner = enumerate(part) if kind is tuple else (part if kind is dict else vars(part)).items()
            _name_documents(inner, (*path, step), found)


def _in_a_circle(name: str, follows: Mapping[str, str | None]) -> bool:
    """Whether one comes back to an item from the item it follows."""
    step = follows.get(name)
    for _ in follows:
        if step is None or step == name:
            break
        step = follows.get(step)
    return step == name
