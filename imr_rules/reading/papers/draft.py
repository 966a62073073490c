"""A draft case from papers: every value with its document, page and place, for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from imr_rules._reading import pointer
from imr_rules.case import MOST, Case
from imr_rules.reading.account import LONGEST, Account, Concern, case_text, history_of, pruned
from imr_rules.reading.papers.matter import Item, Matter, Said, put_together
from imr_rules.reading.papers.paper import Paper, Quantity, Read
from imr_rules.reading.sentences import SentenceReader, Statement
from imr_rules.words import BodyPart, find_body_parts
from imr_rules.words.body_parts import Side

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

_DOUBTFUL = 85
"""Percent; what text recognition read less surely than this is to be looked at word for word."""


class Proposal(Struct, frozen=True):
    """One value of a draft, as whoever confirms it sees it. Never stored: ``words`` are the paper's own.

    Attributes:
        at: JSON pointer into the case.
        value: what was read.
        document, page: the paper, by its id in the draft, and the page of it.
        place: where on the page: what it is, and its box in points from the lower left corner.
        words: the sentence or field it was read from; names and numbers of persons are hidden.
        confidence: percent, where text recognition read it.
        sure: ``yes``: written, and read from text or a form field. ``look``: worked out, or read by text recognition.
            ``ask``: two papers disagree, or it was mended, or read badly.
    """

    at: str
    value: object
    document: str
    page: int
    place: str
    words: str
    confidence: int | None
    sure: Literal["yes", "look", "ask"]

    def to_dict(self) -> dict[str, object]:
        """Return the attributes by name."""
        found: dict[str, object] = to_builtins(self)
        return found


class Draft(Struct, frozen=True, dict=True):
    """A draft case.

    Attributes:
        data: the case as plain data, valid by the schema; it stores places and no words of the papers beyond what a case
            holds (services, diagnoses, guidelines, the reasons of a decision). ``None`` where no paper names an item.
        proposals: each value with the words it was read from.
        cautions: what to look at: what papers disagree about, what could not be read.
        settled: items approved or put off, each with the decision: not in dispute.
        unread_pages: document and page of the pages that yielded nothing.
    """

    data: dict[str, Any] | None
    proposals: tuple[Proposal, ...]
    cautions: tuple[str, ...]
    settled: tuple[tuple[str, str], ...] = ()
    unread_pages: tuple[tuple[str, int], ...] = ()

    @property
    def case(self) -> Case:
        """The case.

        Raises:
            CaseError: no paper names an item.
        """
        return Case.from_data(self.data or {})


def draft_text(draft: Draft) -> str:
    """Return a draft as the YAML text of a case file."""
    return case_text(draft.data)


_KINDS = {
    "rfa": "request",
    "ur": "utilization_review",
    "imr-application": "imr_application",
}
_DATE_OF = {"rfa": "request", "ur": "decided", "imr-application": "application", "record": "written"}


def draft_of(
    papers: Sequence[Paper], vocabulary: Vocabulary, unread: Iterable[tuple[str, int]] = ()
) -> Draft:
    """Return the draft case of papers that belong together."""
    matter = put_together(papers, vocabulary)
    return _Writer(matter, vocabulary, tuple(unread)).draft()


class _Writer(Struct, dict=True):
    matter: Matter
    vocabulary: Vocabulary
    unread: tuple[tuple[str, int], ...]
    proposals: list[Proposal] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    told_at: dict[tuple[int, int], tuple[Paper, Read[Statement]]] = field(default_factory=dict)
    told_in: dict[tuple[object, ...], tuple[Paper, Read[Statement]]] = field(default_factory=dict)

    def draft(self) -> Draft:
        papers = self.matter.papers
        self.cautions += [f"{paper.id}: {each}" for paper in papers for each in paper.questions]
        self.cautions += self.matter.cautions
        names = {id(item): f"item-{number}" for number, item in enumerate(self.matter.items, 1)}
        data: dict[str, Any] = {
            "about": "Draft read from papers; nothing in it is confirmed.",
            "record": {"read": "part" if any(paper.kind == "record" and paper.states_something for paper in papers) else "none"},
            "priority": self._one(("priority",), self._facts("priority"), ("rfa", "imr-application", "ur")),
            "worker": {
                "age": self._amounts(("worker", "age"), self._age()),
                "sex": self._one(("worker", "sex"), self._facts("sex"), ("ur", "record")),
            },
            "injury": self._step("injury", {"date": "injury", "until": "injury_until"}, ("rfa", "ur", "imr-application", "record")),
            "diagnoses": self._diagnoses(),
            "accepted_body_parts": [read.value for paper in papers for read in paper.accepted] or None,
            "request": self._step("request", {"date": "request", "received": "received"}, ("rfa", "ur")),
            "application": self._step("application", {"date": "application", "received": "application_received"}, ("imr-application",)),
            "items": [self._item(number, item, names) for number, item in enumerate(self.matter.items)],
            **self._clinical(),
            "documents": [
                {
                    "id": paper.id,
                    "kind": paper.document or _KINDS.get(paper.kind, "other"),
                    "author": paper.specialty,
                    "date": (day.value if (day := paper.date(_DATE_OF.get(paper.kind, ""))) else None),
                    "pages": paper.pages,
                }
                for paper in papers
                if paper.kind != "record" or paper.states_something
            ],
        }  # fmt: skip
        settled = tuple((item.named[1].service.value, item.decision or "") for item in self.matter.settled)
        written = pruned(data)
        if not self.matter.items:
            return Draft(None, tuple(self.proposals), tuple(self.cautions), settled, self.unread)
        Case.from_data(written)  # never hand out what could not be read back
        return Draft(written, tuple(self.proposals), tuple(self.cautions), settled, self.unread)

    def _facts(self, name: str) -> list[tuple[Paper, Read[Any]]]:
        return [(paper, read) for paper in self.matter.papers for read in paper.facts.get(name, ())]

    def _age(self) -> list[tuple[Paper, Read[Quantity]]]:
        """Return the ages that papers give; a record's only where no form has one, because it is of another day."""
        said = self._facts("age")
        of_forms = [(paper, read) for paper, read in said if paper.kind != "record"]
        latest = sorted(said, key=lambda each: written.value if (written := each[0].date("written")) else "")[
            -1:
        ]
        return [(paper, read.of(Quantity.exactly(read.value, None))) for paper, read in of_forms or latest]

    @cached_property
    def _account(self) -> Account:
        """What the records tell, as one account: the offsets of each go on where those of the one before end."""
        told: list[Statement] = []
        before = 0
        for paper in self.matter.papers:
            for read in paper.told:
                start, end = read.value.start + before, read.value.end + before
                told.append(replace(read.value, start=start, end=end))
                self.told_at[start, end] = (paper, read)
            before += max((read.value.end for read in paper.told), default=0) + 1

        def place(statement: Statement) -> dict[str, Any]:
            paper, read = self.told_at[statement.start, statement.end]
            evidence = self._evidence(paper, read)
            self.told_in[_key(evidence)] = (paper, read)
            return evidence

        return Account(
            told, [self._concern(item) for item in self.matter.items], place, "the records", self.vocabulary
        )

    def _concern(self, item: Item) -> Concern:
        """Return an item as statements of records can be of it."""
        reader = SentenceReader(self.vocabulary)
        treatment = next((i.treatment for _, i in item.all if i.treatment), None)
        words = [one.service.value for _, one in item.all]
        disciplines = next((kinds for each in words if (kinds := reader.visit_care(each))), ())
        parts = next((parts for each in words if (parts := find_body_parts(each))), ())
        named = _widest([(paper, one.body_part) for paper, one in item.all if one.body_part])
        if not parts and named is not None and named["region"]:
            sides: dict[str | None, Side] = {"left": "left", "right": "right", "bilateral": "bilateral"}
            parts = (BodyPart(named["region"], sides.get(named.get("side"))),)
        return Concern(treatment, disciplines, parts)

    def _clinical(self) -> dict[str, Any]:
        """Return what the records tell, apart from the findings of one item."""
        account = self._account
        found: dict[str, Any] = {
            "history": history_of(account),
            "surgeries": account.surgeries(),
            "measurements": account.measurements(),
        }
        for name, entries in found.items():
            for number, entry in enumerate(entries):
                self._propose_told((name, number), entry)
        found["findings"] = self._told_findings((), None)
        if not self.matter.items and all(paper.kind == "record" for paper in self.matter.papers):
            self.cautions.append(
                "a record alone disputes nothing: read it with the request, decision or application"
            )
            self._told_findings(("items", "-"), Concern(None, tuple(self.vocabulary.treatments), ()))
        return found

    def _told_findings(
        self, at: tuple[str | int, ...], item: Concern | None
    ) -> dict[str, list[dict[str, Any]]]:
        """Return the findings that records tell of the case, or of one item."""
        found = self._account.findings(item)
        for name, statements in found.items():
            for each in statements:
                self._propose_told((*at, "findings", name), each, disagree=len(statements) > 1)
        return found

    def _propose_told(
        self, at: tuple[str | int, ...], entry: dict[str, Any], *, disagree: bool = False
    ) -> None:
        """Propose an entry of the case once for each sentence that it rests on."""
        value = _bare(pruned(entry))
        for key in dict.fromkeys(map(_key, _evidence_in(entry))):
            paper, read = self.told_in[key]
            conflict = disagree or isinstance(entry.get("attended"), list)
            self._propose(at, paper, read.of(value), disagree=conflict)

    def _evidence(self, paper: Paper, read: Read[Any]) -> dict[str, Any]:
        page = read.place.page - paper.first + 1
        return {"document": paper.id, "page": page, "place": f"{read.where}, {read.place.box}"[:LONGEST]}

    def _propose(
        self, at: Sequence[str | int], paper: Paper, read: Read[Any], *, disagree: bool = False
    ) -> None:
        sure: Literal["yes", "look", "ask"] = "look" if read.derived or paper.carrier == "scan" else "yes"
        if disagree or (read.place.confidence is not None and read.place.confidence < _DOUBTFUL):
            sure = "ask"
        evidence = self._evidence(paper, read)
        value = read.value
        if isinstance(value, Quantity):
            value = value.value if value.value is not None else [value.at_least, value.at_most]
        self.proposals.append(
            Proposal(
                pointer(at),
                value,
                paper.id,
                evidence["page"],
                evidence["place"],
                read.words,
                read.place.confidence,
                sure,
            )
        )

    def _one(
        self, at: tuple[str | int, ...], said: list[tuple[Paper, Read[Any]]], trust: Sequence[str]
    ) -> Any:
        """Return the value of the most trusted paper, and say where another paper has another one."""
        said = sorted(said, key=lambda each: trust.index(each[0].kind) if each[0].kind in trust else 9)
        if not said:
            return None
        value = said[0][1].value
        others = [each for each in said if each[1].value != value]
        for paper, read in said:
            self._propose(at, paper, read, disagree=bool(others))
        if others:
            self._disagree(pointer(at).strip("/").replace("/", " "), said)
        return value

    def _disagree(self, what: str, said: list[tuple[Paper, Read[Any]]]) -> None:
        parts = []
        for paper, read in said:
            page = read.place.page - paper.first + 1
            parts.append(f"{_plain(read.value)} ({paper.id}, page {page})")
        self.cautions.append(f"{what}: " + " or ".join(dict.fromkeys(parts)))

    def _step(self, name: str, parts: dict[str, str], trust: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        evidence: list[dict[str, Any]] = []
        for key, date in parts.items():
            said = [(paper, read) for paper in self.matter.papers for read in paper.dates.get(date, ())]
            value = self._one((name, key), said, trust)
            if len({read.value for _, read in said}) > 1 and name == "injury":
                # a day that papers do not agree on is no day: the month or year they share, or nothing
                value = next(
                    (value[:n] for n in (7, 4) if len({read.value[:n] for _, read in said}) == 1), None
                )
            if value is not None:
                found[key] = value
                evidence += [
                    self._evidence(paper, read) for paper, read in said if read.value.startswith(value)
                ]
        return found | {"evidence": evidence} if found else {}

    def _diagnoses(self) -> list[dict[str, Any]]:
        kept: list[tuple[dict[str, str], list[tuple[Paper, Read[dict[str, str]]]]]] = []
        for paper in self.matter.papers:
            for read in paper.diagnoses:
                codes = {read.value.get("icd9"), read.value.get("icd10")} - {None}
                same = next(
                    (each for each in kept if codes & {each[0].get("icd9"), each[0].get("icd10")} or each[0]["text"].lower() == read.value["text"].lower()),
                    None,
                )  # fmt: skip
                if same is None:
                    kept.append((dict(read.value), [(paper, read)]))
                else:
                    same[1].append((paper, read))
                    words = read.value["text"]
                    if same[0]["text"] in codes and words not in codes:
                        same[0]["text"] = words
                    for name in ("icd9", "icd10"):
                        if name in read.value:
                            same[0].setdefault(name, read.value[name])
        found = []
        for number, (value, said) in enumerate(kept):
            for paper, read in said:
                self._propose(("diagnoses", number), paper, read)
            found.append(
                {
                    **value,
                    "text": value["text"][:LONGEST],
                    "evidence": [self._evidence(p, r) for p, r in said],
                }
            )
        return found

    def _item(self, number: int, item: Item, names: dict[int, str]) -> dict[str, Any]:
        at = ("items", number)
        _, named = item.named
        said = item.decided + item.disputed if item.parted else item.all
        for each, one in item.all:
            self._propose((*at, "service"), each, one.service)
            self.cautions += [f"{each.id}: {question}" for question in one.questions]
        codes = next(((p, i.codes) for p, i in said if i.codes is not None), None)
        if codes is not None and codes[1] is not None:
            self._propose((*at, "codes"), codes[0], codes[1])
        body = [(p, i.body_part) for p, i in said if i.body_part]
        found: dict[str, Any] = {
            "id": names[id(item)],
            "service": named.service.value[:LONGEST],
            "treatment": named.treatment or next((i.treatment for _, i in said if i.treatment), None),
            "codes": list(codes[1].value) if codes is not None and codes[1] is not None else None,
            "body_part": _widest(body),
        }
        for name in ("asked", "authorized", "in_dispute"):
            reads = [(p, read) for p, i in said if (read := getattr(i, name)) is not None]
            found[name] = self._amounts((*at, name), reads)
        for name in ("frequency", "duration"):
            reads = [(p, read) for p, i in said if (read := getattr(i, name)) is not None]
            found[name] = self._one((*at, name), reads, ("rfa", "ur", "imr-application"))
        found["course"] = next((i.course for _, i in said if i.course), None)
        principal = self._principal(item, said)
        if principal is not None:
            found["follows"] = names[id(principal)]
        found["utilization_review"] = self._review(at, item)
        cited: dict[object, dict[str, Any]] = {}
        for each, one in item.decided:
            for read in one.cited:
                self._propose((*at, "cited", "administrator", len(cited)), each, read)
                citation = read.value
                cited.setdefault(citation, {
                    "document": citation.document[:LONGEST], "edition": citation.edition, "part": citation.part,
                    "section": citation.section, "pages": list(citation.pages),
                })  # fmt: skip
        found["cited"] = {"administrator": list(cited.values())}
        findings: dict[str, list[dict[str, Any]]] = {}
        for each, one in said:
            for name, statements in one.findings.items():
                for read in statements:
                    self._propose((*at, "findings", name), each, read)
                    findings.setdefault(name, []).append(
                        {"value": read.value, "evidence": [self._evidence(each, read)]}
                    )
            if (
                one.postoperative
                and "after_planned_surgery" in self.vocabulary.facts
                and "after_planned_surgery" not in findings
                and self._surgeries()
            ):
                findings["after_planned_surgery"] = [
                    {"value": True, "evidence": [self._evidence(each, one.service)]}
                ]
        for name, told in self._told_findings(at, self._account.items[number]).items():
            findings.setdefault(name, []).extend(told)
        found["findings"] = {name: _each_once(statements) for name, statements in findings.items()}
        found["evidence"] = [self._evidence(p, i.service) for p, i in item.all]
        return found

    def _review(self, at: tuple[str | int, ...], item: Item) -> dict[str, Any]:
        found: dict[str, Any] = {}
        evidence = []
        for paper, one in [*item.decided, *item.disputed]:
            if one.decision is not None and one.decision.value not in ("approved", "deferred"):
                self._propose((*at, "utilization_review", "decision"), paper, one.decision)
                found.setdefault("decision", one.decision.value)
                evidence.append(self._evidence(paper, one.decision))
        said = [
            (p, r)
            for p in self.matter.papers
            if p.kind in ("ur", "imr-application")
            for r in p.dates.get("decided", ())
        ]
        date = self._one((*at, "utilization_review", "date"), said, ("ur", "imr-application"))
        if date is not None:
            found["date"] = date
            evidence += [self._evidence(p, r) for p, r in said if r.value == date]
        reasons = [(paper, read) for paper, one in item.decided for read in one.why]
        for paper, read in reasons:
            self._propose((*at, "utilization_review", "rationale"), paper, read)
            evidence.append(self._evidence(paper, read))
        if reasons:
            words = " ".join(dict.fromkeys(read.value for _, read in reasons))
            found["rationale"] = self._no_longer(words, item)
        return found | {"evidence": evidence} if found else {}

    def _no_longer(self, words: str, item: Item) -> str:
        """Return words that a case can hold, to the end of a sentence, and say so where more stands in the paper."""
        if len(words) <= LONGEST:
            return words
        paper, one = item.decided[0]
        self.cautions.append(
            f"{paper.id}: the reason for {one.service.where} is longer than is kept; read it there"
        )
        cut = words[:LONGEST]
        return cut[: cut.rfind(". ") + 1] or cut

    def _amounts(
        self, at: tuple[str | int, ...], said: list[tuple[Paper, Read[Quantity]]]
    ) -> list[dict[str, Any]] | None:
        """Return one statement for each count that papers give; two papers of one mind make one statement."""
        found: dict[tuple[object, ...], dict[str, Any]] = {}
        counts = {(read.value.at_least, read.value.at_most) for _, read in said}
        for paper, read in said:
            low, high, unit = read.value.at_least, read.value.at_most, read.value.unit
            if any(bound is not None and not 0 <= bound <= MOST for bound in (low, high)):
                continue
            self._propose(at, paper, read, disagree=len(counts) > 1)
            bounds = (
                {"value": low}
                if low == high
                else {k: v for k, v in (("at_least", low), ("at_most", high)) if v is not None}
            )
            one = found.setdefault((low, high), {**bounds, "unit": unit, "evidence": []})
            one["unit"] = one["unit"] or unit
            one["evidence"].append(self._evidence(paper, read))
        if len(counts) > 1:
            self._disagree(pointer(at).strip("/").replace("/", " "), said)
        return list(found.values()) or None

    def _surgeries(self) -> list[Item]:
        return [
            other for other in self.matter.items
            if (name := other.named[1].treatment) is not None and "surgery" in self.vocabulary.treatments[name].lineage
            and name not in _ADJUNCTS
        ]  # fmt: skip

    def _principal(self, item: Item, said: list[Said]) -> Item | None:
        """Return the one operation that an item waits for: therapy after it, clearance before it, what goes with it."""
        operations = self._surgeries()
        if len(operations) != 1 or operations[0] is item:
            return None
        after = any(one.postoperative or one.treatment in _ADJUNCTS for _, one in said)
        return operations[0] if after else None


_ADJUNCTS = frozenset(
    {"preoperative_clearance", "surgical_assistant", "cold_or_heat_therapy", "mobility_aid", "sling"}
)
"""What is asked for together with an operation and waits for it."""


def _each_once(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in statements:
        key = str({name: value for name, value in each.items() if name != "evidence"})
        if key in found:
            found[key]["evidence"] += each["evidence"]
        else:
            found[key] = each
    return list(found.values())


def _key(evidence: dict[str, Any]) -> tuple[object, ...]:
    return evidence["document"], evidence["page"], evidence["place"]


def _evidence_in(part: Any) -> list[dict[str, Any]]:
    """Return every place that a part of a case names."""
    if isinstance(part, dict):
        return [
            *part.get("evidence", ()),
            *(e for name, each in part.items() if name != "evidence" for e in _evidence_in(each)),
        ]
    return [e for each in part for e in _evidence_in(each)] if isinstance(part, list) else []


def _bare(part: Any) -> Any:
    """Return a part of a case without its places; a statement of one value is that value."""
    if isinstance(part, dict):
        kept = {name: _bare(each) for name, each in part.items() if name != "evidence"}
        return kept["value"] if set(kept) == {"value"} else kept
    return [_bare(each) for each in part] if isinstance(part, list) else part


def _widest(parts: list[tuple[Paper, dict[str, str | None]]]) -> dict[str, str | None] | None:
    """Return the part of the body by the paper that says most of it."""
    return max((part for _, part in parts), key=len, default=None)


def _plain(value: object) -> str:
    if isinstance(value, Quantity):
        exact = value.value
        return f"{exact if exact is not None else f'{value.at_least} to {value.at_most}'} {value.unit or ''}".strip()
    return str(value)
