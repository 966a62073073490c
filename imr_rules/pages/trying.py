"""What if: a fact changed on the page, the suggestion worked out at once, nothing stored until it is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Path, Response
from starlette.responses import RedirectResponse

from imr_rules.case import Amount, Case
from imr_rules.charts.pictures import numbers
from imr_rules.errors import CaseError, InputError, NotFoundError, Place, Problem
from imr_rules.facts.dictionary import FactSpec
from imr_rules.facts.values import Value, say_value
from imr_rules.pages.editing import changes_between, edited
from imr_rules.pages.gate import PageRoute, Posted, Reader, Visit, posted
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, screen, what_if
from imr_rules.service.api.common import run, screening_id
from imr_rules.service.tasks import amending, reading
from imr_rules.words import plural

if TYPE_CHECKING:
    from imr_rules.screening.changes import Way

__all__ = ["Row", "rows"]

router = APIRouter(route_class=PageRoute)

ScreeningId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
ItemId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]

FIELDS = ("finding:", "amount:", "course:")
MOST_CHOICES = 60


class Row(NamedTuple):
    """A fact that may be changed on the page.

    Attributes:
        field: the name of its field, as :mod:`imr_rules.pages.editing` reads it.
        asks: the question it answers.
        now: what is known of it as recorded, in words.
        kind: ``choice`` or ``number``.
        options: what it may be changed to: value and words.
    """

    field: str
    label: str
    asks: str
    now: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()


class Offer(NamedTuple):
    """A smallest change that would flip a suggestion: in words, and as fields where the page can try it."""

    suggestion: str
    changes: tuple[str, ...]
    fields: dict[str, str] | None


def rows(case: Case, item: ItemScreening, rulebook: Rulebook) -> tuple[Row, ...]:
    """Return what may be changed about an item: its counts first, then the facts its criteria ask for."""
    return (*_counts(case, item), *_facts(item, rulebook))


def _counts(case: Case, item: ItemScreening) -> Iterator[Row]:
    unit = plural(item.in_dispute.unit)
    for name, label in (("in_dispute", "In dispute"), ("authorised", "Authorised")):
        quantity = getattr(item, name)
        now = "not stated" if quantity.low is None else f"{quantity.low}"
        if quantity.low is not None and quantity.high != quantity.low:
            now = f"at least {now}" if quantity.high is None else f"{now} to {quantity.high}"
        yield Row(f"amount:{name}", label, f"How many {unit}?", now, "number")
    for place, course in enumerate(case.history):
        label = f"Attended before: {course.treatment.replace('_', ' ')}"
        yield Row(
            f"course:{place}:attended", label, "How many were attended?", _attended(course.attended), "number"
        )
    if not case.history:
        yield Row(
            "course:new:attended", "Attended before", "How many were attended?", "none recorded", "number"
        )


def _attended(amounts: tuple[Amount, ...] | None) -> str:
    for each in amounts or ():
        if each.value is not None:
            return str(each.value)
        low, high = each.at_least, each.at_most
        if low is not None or high is not None:
            return f"{low} to {high}" if low is not None and high is not None else (
                f"at least {low}" if low is not None else f"at most {high}"
            )  # fmt: skip
    return "not stated"


def _facts(item: ItemScreening, rulebook: Rulebook) -> Iterator[Row]:
    facts = rulebook.vocabulary.facts
    order = sorted(
        (result for result in item.criteria if result.status != "not_applicable"),
        key=lambda result: (result.id not in item.grounds, result.status == "met"),
    )
    known: dict[str, Value] = {fact.name: fact.value for result in order for fact in result.facts}
    for missing in (*item.missing, *item.ask_for):
        known.setdefault(missing.fact, Value("missing", 0, 0))
    for name, value in known.items():
        spec = facts.get(name)
        if spec is None or not _open_to_a_finding(spec, value):
            continue
        if spec.type.kind == "boolean":
            options = (
                ("yes", "yes"),
                ("no", "no"),
                ("undocumented", "not documented"),
                ("unknown", "not known"),
            )
            yield Row(
                f"finding:{name}", spec.label, spec.asks, say_value(value, spec.type), "choice", options
            )
        elif spec.type.kind == "choice" and 0 < len(spec.type.choices) <= MOST_CHOICES:
            words = tuple((each, each.replace("_", " ")) for each in sorted(spec.type.choices))
            yield Row(f"finding:{name}", spec.label, spec.asks, say_value(value, spec.type), "choice", words)
        elif spec.type.kind == "integer":
            yield Row(f"finding:{name}", spec.label, spec.asks, say_value(value, spec.type), "number")


def _open_to_a_finding(spec: FactSpec, value: Value) -> bool:
    """Whether a statement about a fact would be heard: what the record's parts show is changed there."""
    return not spec.derived or (spec.type.kind == "boolean" and not value.exact)


def _fields(posted_: Posted) -> dict[str, str]:
    return {
        f"{prefix}{name}": text
        for prefix in FIELDS
        for name, text in posted_.form.beginning(prefix).items()
        if text
    }


def _data(visit: Visit, id: str, item: str) -> tuple[dict[str, Any], Rulebook]:
    kept = reading.look(visit.service, visit.actor, screening_id(id)).kept
    if item not in {each.item for each in kept.items}:
        raise NotFoundError(Problem("not-found", "the case has no such item"))
    return json.loads(kept.body), visit.service.rulebooks.get(kept.rulebook_digest)


@router.post("/cases/{id}/items/{item}/what-if")
async def try_it(id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("read"))]) -> Response:
    """Work the suggestion out with some facts changed. Nothing is stored."""
    visit, fields = sent.visit, _fields(sent)

    def work() -> Response:
        data, rulebook = _data(visit, id, item)
        case = Case.from_data(data)
        screening = screen(case, rulebook)
        before = after = next(each for each in screening.items if each.item == item)
        problems: tuple[Problem, ...] = ()
        try:
            after = _of_item(edited(data, item, fields, rulebook), item, rulebook)
        except InputError as error:
            problems = error.problems
        shown = numbers(case, screening, item, rulebook)
        pictures = [each for each in shown if each.name == "counts" or len(screening.items) == 1]
        return visit.page(
            "_tried.html",
            id=id,
            item=after,
            before=before,
            changed=len(fields),
            problems=problems,
            pictures=pictures,
        )

    return await run(visit.service, work)


def _of_item(data: dict[str, Any], item: str, rulebook: Rulebook) -> ItemScreening:
    return next(each for each in screen(Case.from_data(data), rulebook).items if each.item == item)


@router.get("/cases/{id}/items/{item}/flips")
async def flips(id: ScreeningId, item: ItemId, visit: Reader) -> Response:
    """Offer the smallest changes that would decide an item, or flip its suggestion."""

    def work() -> tuple[list[Offer], bool]:
        data, rulebook = _data(visit, id, item)
        case = Case.from_data(data)
        (found,) = what_if(case, rulebook, item=item)
        ways = (*found.decides, *(way for way in found.flips if way not in found.decides))
        screened = _of_item(data, item, rulebook)
        known = {row.field for row in rows(case, screened, rulebook)}
        return [_offer(way, known, case) for way in ways[:8]], found.bounded

    offers, bounded = await run(visit.service, work)
    return visit.page("_flips.html", offers=offers, bounded=bounded, item=item)


def _offer(way: Way, known: set[str], case: Case) -> Offer:
    fields: dict[str, str] | None = {}
    for change in way.changes:
        field, text = _as_field(change.fact, case), _as_text(change.then, change.type.kind)
        if field is None or text is None or field not in known:
            fields = None
            break
        assert fields is not None
        fields[field] = text
    said = tuple(
        f"{each.label}: {say_value(each.then, each.type)}"
        + (f" (now {say_value(each.now, each.type)})" if each.now.state in ("known", "bounded") else "")
        for each in way.changes
    )
    return Offer(way.suggestion, said, fields)


def _as_field(fact: str, case: Case) -> str | None:
    if fact in ("in_dispute", "authorised") or fact.endswith("_in_dispute"):
        return "amount:authorised" if fact == "authorised" else "amount:in_dispute"
    if fact == "prior_visits" or fact.endswith("_attended"):
        if len(case.history) > 1:  # which of the courses, nothing tells
            return None
        return "course:0:attended" if case.history else "course:new:attended"
    return f"finding:{fact}"


def _as_text(value: Value, kind: str) -> str | None:
    if value.text is not None:
        return value.text
    if kind == "boolean":
        return "yes" if value.low else "no"
    return str(value.low) if kind == "integer" else None


@router.post("/cases/{id}/items/{item}/amend")
async def amend(
    id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("screen"))]
) -> Response:
    """Save what was tried as an amendment, with its reason: a new screening, linked to this one."""
    visit, fields, reason = sent.visit, _fields(sent), sent.form.text("reason")
    if reason is None:
        raise CaseError(
            Problem("no-reason", "an amendment needs its reason in words", Place(pointer="/reason"))
        )

    def work() -> str:
        data, rulebook = _data(visit, id, item)
        changes = changes_between(data, edited(data, item, fields, rulebook))
        made = amending.amend(visit.service, visit.actor, screening_id(id), reason=reason, changes=changes)
        return made.screening

    made = await run(visit.service, work)
    return RedirectResponse(f"/cases/{made}#{item}", 303)
