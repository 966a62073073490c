"""The rationale of one item: what the guideline says, what this record shows, and what follows; one paragraph.

It is made from criteria and facts alone. How well a text is known, how reviewers usually reason and what the
screening suggested stand on the working sheet; where the reviewer must speak, a blank stands in square brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from imr_rules._units import UNITS, count_in_words, say_unit
from imr_rules.case import Case, Decision
from imr_rules.expression import Compare
from imr_rules.expression.values import Value, say_value
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Criterion, Guideline
from imr_rules.rulebook.plan import governing_rows
from imr_rules.rulebook.sums import SUMS
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.screening import CriterionResult, ItemScreening
from imr_rules.screening.shown import ShownFact
from imr_rules.writing.determination.phrases import TO_CHECK, Places, ask, cited, listed, plain, where
from imr_rules.writing.trees import deciding, denied, is_clause, noun, say_node
from imr_rules.writing.words import join

_NAMES = {"uphold": "upholding", "overturn": "overturning"}
_CONCLUSIONS = {
    "uphold": "Therefore, the disputed treatment is not medically necessary.",
    "overturn": "Therefore, the disputed treatment is medically necessary.",
}


def departure(item: ItemScreening, outcome: Decision) -> str | None:
    """Return how the reviewer's outcome departs from the suggestion; None where it follows it."""
    if item.suggestion == outcome:
        return None
    if item.suggestion == "needs_review":
        return f"The screening suggests no outcome; {_NAMES[outcome]} is the reviewer’s own."
    return f"The screening supports {_NAMES[item.suggestion]}; the reviewer is {_NAMES[outcome]}."


def guidelines(item: ItemScreening, outcome: Decision, rulebook: Rulebook) -> str:
    """Return the texts relied on, each once; one that was not read asks to be checked."""
    entries: dict[str, str] = {}
    for result in _texts(_told(item, outcome).every, rulebook):
        name = cited(result.citation)
        entries[name] = "" if result.citation.status == "read" and not entries.get(name) else TO_CHECK
    if not entries:
        return ask("name the guideline or study relied on, with its section and page")
    return listed(f"{name} {check}".rstrip() for name, check in entries.items())


def strength(item: ItemScreening, vocabulary: Vocabulary) -> str | None:
    """Return by what order of evidence a text of a lower tier was relied on; None where one of the first governs."""
    first, law = next(iter(vocabulary.tiers)), vocabulary.law
    if item.tier == first:
        return None
    named = law.ranked.get(item.tier or "")
    if named is None:
        relied = ask("say on which guideline, study or standard, and why no higher-ranked one applies")
    else:
        relied = f"{named}, as cited above"
    reviewer = f"{law.ranking}, the reviewer" if law.ranking else "The reviewer"
    return (
        f"No criterion of {vocabulary.tiers[first]} addresses this treatment for this condition. "
        f"{reviewer} relied on {relied}."
    )


class _Told(NamedTuple):
    """The criteria a rationale tells of, by what they do in it.

    Attributes:
        carrying: what carries the outcome.
        kept: limits and bars that an overturn must not break, and does not.
        opposed: what speaks for the other outcome.
        unknown: what the record does not settle.
    """

    carrying: tuple[CriterionResult, ...]
    kept: tuple[CriterionResult, ...]
    opposed: tuple[CriterionResult, ...]
    unknown: tuple[CriterionResult, ...]

    @property
    def every(self) -> tuple[CriterionResult, ...]:
        """All of them, in the order a rationale tells of them."""
        return (*self.carrying, *self.kept, *self.opposed, *self.unknown)


def _criterion(result: CriterionResult, rulebook: Rulebook) -> tuple[Guideline, Criterion]:
    guideline = rulebook.guidelines[result.id.partition("#")[0]]
    return guideline, next(each for each in guideline.criteria if each.id == result.id)


def _texts(results: Sequence[CriterionResult], rulebook: Rulebook) -> list[CriterionResult]:
    """Return the criteria that a guideline or statute in force carries: not what reviewers do, nor adapted content."""
    return [each for each in results if _is_text(each, rulebook)]


def _is_text(result: CriterionResult, rulebook: Rulebook) -> bool:
    return _criterion(result, rulebook)[1].strength == "text" and result.citation.status != "practice"


_LEADS = (
    ("the record must show", ("limit", "indication"), True),
    ("the request must show", ("documentation",), True),
    ("treatment is not supported once the record shows", ("bar",), False),
)
_ORDER = {"limit": 0, "indication": 1, "bar": 2, "documentation": 3}


def _told(item: ItemScreening, outcome: Decision) -> _Told:
    heard = sorted(
        (each for each in item.criteria if each.kind in _ORDER), key=lambda each: _ORDER[each.kind]
    )

    def standing(*statuses: str) -> tuple[CriterionResult, ...]:
        return tuple(each for each in heard if each.status in statuses)

    met, against, unknown = standing("met"), standing("unmet", "undocumented"), standing("unknown")
    shown = tuple(each for each in met if each.kind == "indication" and _stated(each))
    if outcome == "uphold":
        return _Told(against, (), shown, () if item.suggestion == outcome else unknown)
    kept = tuple(each for each in met if each.kind in ("limit", "bar"))
    return _Told(shown, kept, against, unknown)


def _stated(result: CriterionResult) -> bool:
    """Whether some fact that a criterion rests on is stated rather than assumed."""
    names = deciding(result.working.requirement, result.working.row)
    return any(result.working.row[name].told for name in names if name in result.working.row)


def rationale(case: Case, item: ItemScreening, outcome: Decision, rulebook: Rulebook) -> str:
    """Return the paragraph: what the guideline says, what this record shows, therefore."""
    told = _told(item, outcome)
    writer = _Writer(item, rulebook, Places(case))
    shown = list(writer.record(told.carrying)) or ["The request is for this treatment."] * bool(told.carrying)
    said = [*writer.rules(_texts(told.every, rulebook)), *shown]
    if not _texts(told.carrying, rulebook):
        said.insert(0, ask("say what the guideline or study asks, and where it says so"))
    if outcome == "overturn":
        said += writer.keeps(told.kept)
    said += _weighed(writer, told, item, outcome)
    if told.unknown:
        open_ = join(list(dict.fromkeys(_open_labels(told.unknown))) or ["which limit applies"])
        said.append(f"The record does not settle this: {open_}.")
        said.append(ask("say whether that matters, and what settles it"))
    if item.rebuttals:
        named = join([each.label for each in item.rebuttals])
        schedule = rulebook.vocabulary.schedule
        said.append(
            f"The record documents {named}, which can rebut the presumption that {schedule} is correct."
        )
        said.append(ask("weigh it against the guideline"))
    said.append(_CONCLUSIONS[outcome])
    return " ".join(said)


def _weighed(writer: _Writer, told: _Told, item: ItemScreening, outcome: Decision) -> Iterator[str]:
    """Yield what speaks for the other outcome: nothing of it is passed over in silence."""
    if not told.opposed:
        return
    if outcome == "overturn":
        yield "Against the request:"
        yield from writer.record(told.opposed)
        yield ask("say which fact, exceptional factor or better evidence outweighs this, and where it stands")
        return
    labels = join(list(dict.fromkeys(label for each in told.opposed for label in writer.documented(each))))
    if not labels:
        return
    yield f"For the request, the record also documents {labels}."
    if item.suggestion == outcome:
        yield "This does not bring the request within the criteria above."
    else:
        yield ask("say why this does not outweigh the reasons above")


def _open_labels(results: Sequence[CriterionResult]) -> Iterator[str]:
    for result in results:
        yield from (fact.label for fact in result.facts if not fact.value.exact)


class _Writer:
    """Writes the sentences of one item's rationale."""

    def __init__(self, item: ItemScreening, rulebook: Rulebook, places: Places) -> None:
        self._item = item
        self._rulebook = rulebook
        self._facts = rulebook.vocabulary.facts
        self._places = places

    # -- what the guideline says ------------------------------------------------------------------------------

    def rules(self, results: Sequence[CriterionResult]) -> Iterator[str]:
        """Yield what each text says, one sentence for each place in it."""
        by_place: dict[str, list[CriterionResult]] = {}
        for result in results:
            by_place.setdefault(where(result.citation), []).append(result)
        for place, there in by_place.items():
            said = list(dict.fromkeys(self._rules(there)))
            if said:
                yield f"Under {place}, {'; '.join(said[:-1])}{'; and ' if len(said) > 1 else ''}{said[-1]}."

    def _rules(self, results: Sequence[CriterionResult]) -> Iterator[str]:
        """Yield what one place says: how much, what must be shown, what speaks against."""
        for result in results:
            guideline, criterion = _criterion(result, self._rulebook)
            if self._total(criterion) is not None:
                yield f"{self._amounts(guideline, criterion, result)} are supported"
            elif criterion.recommendation:
                title = plain(guideline.title)
                subject = title.rpartition(", ")[2] if _names_its_book(guideline, self._rulebook) else title
                said = "recommends" if result.status == "met" else "does not recommend"
                yield f"the guideline {said} {subject[:1].lower()}{subject[1:]} in this situation"
        for lead, kinds, wanted in _LEADS:
            by_extent: dict[str, dict[str, None]] = {}
            for result in results:
                criterion = _criterion(result, self._rulebook)[1]
                if result.kind not in kinds or criterion.recommendation or self._total(criterion) is not None:
                    continue
                if result.kind == "limit" and result.status == "met":
                    continue  # kept, and told together with the record
                working = result.working
                said = say_node(criterion.require, working.row, working.types, self._facts, wanted=wanted)
                by_extent.setdefault(self._beyond(result, criterion), {})[said] = None
            for extent, asked in by_extent.items():
                yield f"{extent}{lead} {join(list(asked), 'and' if wanted else 'or')}"

    def _beyond(self, result: CriterionResult, criterion: Criterion) -> str:
        """Return from how many visits on a criterion asks, where it does: ``beyond 4 sessions, ``."""
        node, row = criterion.when, result.working.row
        if not isinstance(node, Compare) or node.op != ">":
            return ""
        named = [(name, factor) for name, factor in node.form.terms if name in self._facts]
        limits = [name for name, _ in node.form.terms if name not in self._facts]
        if (
            len(named) != 1
            or named[0][0] not in SUMS
            or named[0][1] != 1
            or not all(row[each].exact for each in limits)
        ):
            return ""
        edge = -node.form.constant + sum(row[each].low for each in limits)
        return f"beyond {edge} {say_unit(self._unit(named[0][0]))}, "

    def _total(self, criterion: Criterion) -> str | None:
        """Return the sum that a criterion holds against a limit, where that is all it asks."""
        node = criterion.require
        if not isinstance(node, Compare) or node.op not in ("<", "<="):
            return None
        named = [name for name, _ in node.form.terms if name in self._facts]
        return named[0] if len(named) == 1 and named[0] in SUMS and criterion.limits else None

    def _amounts(self, guideline: Guideline, criterion: Criterion, result: CriterionResult) -> str:
        total = self._total(criterion)
        assert total is not None
        unit = UNITS[SUMS[total].unit].plural
        spoken = self._unit(total)
        for name in criterion.limits:
            limit = guideline.limits[name]
            amounts = limit.extents
            row = governing_rows(limit, result.working.row)[0] if limit.rows else None
            if row is not None:
                amounts = row.amounts
            if unit in amounts:
                scope = {"claim": " in all on the claim", "operation": " after the operation"}.get(
                    SUMS[total].scope, " in all"
                )
                label = f" ({plain(row.label)})" if row is not None and row.label != "otherwise" else ""
                low, high = amounts[unit]
                least = "up to " if low == high else ""
                return f"{least}{count_in_words(low, high)} {say_unit(spoken)}{scope}{label}"
        return f"only so many {say_unit(spoken)} as it gives"

    def _unit(self, total: str) -> str:
        """Return the unit as the request words it: sessions are counted as visits."""
        unit = SUMS[total].unit
        own = self._item.in_dispute.unit
        return own if UNITS[own].counts_as == unit else unit

    # -- what this record shows -------------------------------------------------------------------------------

    def record(self, results: Sequence[CriterionResult]) -> Iterator[str]:
        """Yield what the record shows: sums first, then what it documents, what it denies, and what it leaves out."""
        documents: dict[str, None] = {}
        states: dict[str, None] = {}
        silent: dict[str, str] = {}
        counted: set[tuple[int, int]] = set()
        for result in sorted(results, key=lambda each: not _is_text(each, self._rulebook)):
            _, criterion = _criterion(result, self._rulebook)
            total = self._total(criterion)
            if total is not None:
                value = result.working.row[total]
                if _is_text(result, self._rulebook) or (value.low, value.high) not in counted:
                    yield self._sum(result, total)
                counted.add((value.low, value.high))  # what has no text behind it says a count again at most
                continue
            for fact in self._deciding(result):
                if fact.value.state == "undocumented":
                    silent[fact.label] = fact.value.note
                elif not fact.value.told:
                    continue
                elif fact.type.kind == "boolean" and fact.value.exact and fact.value.low:
                    documents[self._with_place(fact.label, fact)] = None
                elif fact.type.kind == "boolean" and fact.value.exact:
                    states[self._with_place(denied(fact.label), fact)] = None
                else:
                    states[self._with_place(f"{fact.label} {say_value(fact.value, fact.type)}", fact)] = None
        if documents:
            yield f"The record documents {join(list(documents))}."
        if states:
            yield f"The record states {join(list(states))}."
        if silent:
            yield _not_documented(silent)

    def _sum(self, result: CriterionResult, total: str) -> str:
        value = result.working.row[total]
        unit = say_unit(self._unit(total))
        spec = self._facts[total]
        high = value.high if value.exact or value.high < spec.type.high else None
        number = count_in_words(value.low, high)
        before = result.working.row.get(SUMS[total].attended)
        alone = before is not None and before.exact and before.low == 0
        text = _is_text(result, self._rulebook)
        if alone:
            if text and result.status == "met":
                return f"The request stays within that number; no earlier {unit} are recorded."
            return f"The request is for {number} {unit}; no earlier ones are recorded."
        end = f", {'within' if result.status == 'met' else 'more than'} that number" if text else ""
        return f"With the {unit} before it, the request would make {number} in all{end}."

    def _deciding(self, result: CriterionResult) -> Iterator[ShownFact]:
        """Yield the facts that decide a criterion; where silence decides, the facts that are silent."""
        shown = {fact.name: fact for fact in result.facts}
        working = result.working
        if result.status in ("met", "unmet"):
            yield from (shown[name] for name in deciding(working.requirement, working.row) if name in shown)
        else:
            yield from (fact for fact in result.facts if fact.value.silent)

    def documented(self, result: CriterionResult) -> Iterator[str]:
        """Yield what a met criterion rests on, with its places."""
        for fact in self._deciding(result):
            if fact.value.told and fact.type.kind == "boolean" and fact.value.low:
                yield self._with_place(fact.label, fact)

    def _with_place(self, words: str, fact: ShownFact) -> str:
        remark = _remark(fact.value) or self._places.say(fact.value.evidence)
        words = noun(words)
        words = f"that {words}" if is_clause(words) else words
        return f"{plain(words)} ({remark})" if remark else plain(words)

    def keeps(self, results: Sequence[CriterionResult]) -> Iterator[str]:
        """Yield that limits are kept and that nothing is recorded which would bar the treatment."""
        limits = [each for each in results if each.kind == "limit"]
        sums = [each for each in limits if self._total(_criterion(each, self._rulebook)[1]) is not None]
        yield from dict.fromkeys(self.record(sums))
        if len(limits) > len(sums):
            yield f"The request is within the {'other ' if sums else ''}limits on number, dose and time."
        bars = [each for each in results if each.kind == "bar"]
        if bars:
            said = [
                say_node(
                    each.working.requirement, each.working.row, each.working.types, self._facts, wanted=False
                )
                for each in bars
            ]
            yield f"The record shows nothing that would bar it ({join(list(dict.fromkeys(said)), 'or')})."


def _names_its_book(guideline: Guideline, rulebook: Rulebook) -> bool:
    """Whether a title begins with the short name of the book that it is a part of: ``ODG, gym memberships``."""
    name, year = (*guideline.title.replace(",", " ").split(), "", "")[:2]
    first = next(iter(rulebook.vocabulary.tiers))
    return name.isupper() and (year.isdigit() or guideline.source.tier != first)


def _remark(value: Value) -> str:
    """Return what is remarked on a fact: by which scale, by which diagnosis."""
    return "" if value.note in ("", "diagnosed") else plain(value.note.replace(" (edition not stated)", ""))


def _not_documented(silent: dict[str, str]) -> str:
    searched = list(dict.fromkeys(note for note in silent.values() if note))
    labels = join([denied(label) for label in silent])
    named = plain("; ".join(each.removeprefix("searched: ") for each in searched))
    if not searched or named == "every document listed":
        return f"The record documents {labels}."
    return f"The record documents {labels} (searched: {named})."
