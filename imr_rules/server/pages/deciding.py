"""Writing the determination of a case, and signing it off item by item."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, get_args

from fastapi import APIRouter, Depends, Response
from starlette.responses import JSONResponse, RedirectResponse

from imr_rules._reading import Document
from imr_rules._validation import validate
from imr_rules.case import Case, Decision
from imr_rules.errors import CaseError, PreconditionError, PreconditionNeededError, Problem
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.server.api.common import read, run
from imr_rules.server.messages import Position, ReasonCode, SignOff, position_of
from imr_rules.server.pages.case_page import Looked, look, looked
from imr_rules.server.pages.forms import Form, whole_number
from imr_rules.server.pages.gate import ItemId, PageRoute, Posted, Reader, ScreeningId, Visit, posted
from imr_rules.server.store.letters import SignedLetter, Written
from imr_rules.server.store.screenings import StoredScreening
from imr_rules.server.tasks import reading, signing, writing
from imr_rules.server.tasks.document import event
from imr_rules.writing.determination import (
    Determination,
    Reviewer,
    blanks,
    draft,
    thawed,
    to_markdown,
    to_text,
)

router = APIRouter(route_class=PageRoute)

TYPES = {"pdf": "application/pdf", "md": "text/markdown", "txt": "text/plain"}
SPECIALTIES = (
    "Acupuncture", "Anesthesiology", "Chiropractic", "Dentistry", "Emergency medicine", "Family practice",
    "Internal medicine", "Neurological surgery", "Neurology", "Occupational medicine", "Ophthalmology",
    "Orthopedic surgery", "Otolaryngology", "Pain medicine", "Physical medicine and rehabilitation",
    "Plastic surgery", "Podiatry", "Psychiatry", "Psychology", "Sports medicine", "Surgery", "Urology",
)  # fmt: skip
"""Offered for choice; any other is taken as it is typed."""


class Letter(NamedTuple):
    """A case's letter as it stands on the page.

    Attributes:
        drafted: as the software drafts it for the outcomes picked.
        written: with what the reviewer changed.
        kept: what is stored of it.
        signed: the letter signed last; None where none was.
    """

    drafted: Determination
    written: Determination
    kept: Written
    signed: SignedLetter | None

    @property
    def changed_since(self) -> tuple[str, ...]:
        """The items signed whose part, as it stands now, is not the one that was signed."""
        if self.signed is None:
            return ()
        before = {each.item: each for each in thawed(self.signed.content).items if each.outcome}
        return tuple(
            each.item
            for each in self.written.items
            if each.item in before and before[each.item] != each._replace(departs=None)
        )


def _letter(visit: Visit, found: Looked, texts: Mapping[str, str] | None = None) -> Letter:
    """Return the letter of a case; with ``texts``, those were sent, and the others are as they are stored."""
    kept = writing.letter_of(visit.service, visit.actor, found.kept.id)
    given = {**kept.texts, **(texts or {})}
    outcomes = {
        name: outcome
        for name in dict(found.case.named_items)
        if (outcome := _decision(given.get(f"outcome:{name}"))) and not found.hides(visit, name)
    }
    mine = visit.session.reviewer
    reviewer = Reviewer(
        given.get("reviewer:states", mine.get("states", "")),
        given.get("reviewer:specialty", mine.get("specialty", "")),
    )
    drafted = draft(
        found.case, found.screening, found.rulebook, outcomes, reviewer=reviewer,
        today=visit.service.clock().date(),
    )  # fmt: skip
    signed = writing.signed_letter(visit.service, visit.actor, found.kept.id)
    return Letter(drafted, drafted.with_texts(given), kept, signed)


def _decision(said: str | None) -> Decision | None:
    return "uphold" if said == "uphold" else "overturn" if said == "overturn" else None


def _sent(form: Form) -> dict[str, str]:
    """Return what a form says of the letter: outcomes, the reviewer, and its texts by their names."""
    found = form.beginning("text:")
    for kind in ("outcome:", "reviewer:"):
        found.update((f"{kind}{name}", text) for name, text in form.beginning(kind).items())
    return found


def _changes(before: Letter, now: Letter, sent: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be kept: what the reviewer changed of a draft, beside what was kept for other outcomes.

    A text that came as it was shown was not changed, whatever the draft says by now.
    """
    shown, drafted = before.written.texts(), now.drafted.texts()
    kept = {name: text for name, text in now.kept.texts.items() if name not in sent}
    for name, text in sent.items():
        if name in shown and text == shown[name].strip():
            if name in now.kept.texts:
                kept[name] = now.kept.texts[name]
        elif text != drafted.get(name, "").strip():
            kept[name] = text
    return {name: text for name, text in kept.items() if name in drafted or ":" in name}


@router.get("/cases/{id}/determination")
async def editor(id: ScreeningId, visit: Reader) -> Response:
    """Show the letter of a case. The audit notes that it was opened."""

    def work() -> Response:
        opened = reading.open_screening(visit.service, visit.actor, id, page="determination")
        return _page(visit, looked(visit, opened))

    return await read(visit.service, work)


def _page(
    visit: Visit, found: Looked, problems: tuple[Problem, ...] = (), status: int = 200, form: Form | None = None,
    item: str = "",
) -> Response:  # fmt: skip
    visit.session.first_seen.setdefault(found.kept.id, time.monotonic())
    letter = _letter(visit, found, _sent(form) if form is not None else None)
    return visit.page(
        "determination.html",
        status,
        looked=found,
        letter=letter,
        written=letter.written,
        screened={each.item: each for each in found.screening.items},
        hidden={name for name in dict(found.case.named_items) if found.hides(visit, name)},
        left=len(blanks(letter.written)),
        specialties=SPECIALTIES,
        reason_codes=get_args(ReasonCode),
        problems=problems,
        failed=item,
        form=form,
        given=letter.kept.texts if form is None else _sent(form),
    )


async def _keep(visit: Visit, id: str, form: Form) -> int:
    """Keep the letter as the form has it; return its revision.

    Raises:
        PreconditionError: another window kept another one meanwhile.
    """
    sent = _sent(form)
    revision = whole_number(form.text("revision") or "")

    def work() -> int:
        found = look(visit, id)
        before, now = _letter(visit, found), _letter(visit, found, sent)
        return writing.keep_letter(
            visit.service, visit.actor, id, _changes(before, now, sent),
            revision=None if form.text("mine") == "on" else revision,
        )  # fmt: skip

    kept = await run(visit.service, work)
    for name in ("states", "specialty", "id"):
        if f"reviewer:{name}" in sent:
            visit.session.reviewer[name] = sent[f"reviewer:{name}"]
    return kept


@router.post("/cases/{id}/determination")
async def keep(id: ScreeningId, sent: Annotated[Posted, Depends(posted("sign"))]) -> Response:
    """Keep the letter as it is written now; say its revision, or that another window changed it."""
    try:
        return JSONResponse({"revision": await _keep(sent.visit, id, sent.form)})
    except PreconditionError as error:
        return JSONResponse({"problem": error.problems[0].what}, 409)


@router.post("/cases/{id}/determination.{kind}")
async def letter_file(
    id: ScreeningId, kind: Literal["pdf", "md", "txt"], sent: Annotated[Posted, Depends(posted("read"))]
) -> Response:
    """Return the letter: as it was signed, or, where ``draft`` is asked for, as it is written now.

    The audit notes that it was exported.
    """
    visit, form = sent.visit, sent.form
    as_drafted = form.text("draft") == "on"
    if as_drafted and "sign" in visit.actor.scopes and _sent(form):
        await _keep(visit, id, form)
    sheet = form.text("sheet") == "on"

    def work() -> bytes:
        found = look(visit, id)
        letter = _letter(visit, found, _sent(form) if as_drafted and _sent(form) else None)
        signed = None if as_drafted else letter.signed
        content = _made(visit, found, letter, signed, kind, sheet=sheet)
        details = {"format": f"determination_{kind}", "letter": signed.digest if signed else "draft"}
        reading.note(visit.service, event("exported", visit.actor, found.kept, details))
        return content

    name = re.sub(r"[^A-Za-z0-9._-]", "-", f"determination-{id[:8]}.{kind}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await read(visit.service, work), 200, headers, TYPES[kind])


def _made(
    visit: Visit, found: Looked, letter: Letter, signed: SignedLetter | None, kind: str, *, sheet: bool
) -> bytes:
    said = letter.written if signed is None else thawed(signed.content)
    open_ = sum(each.item not in found.signed for each in said.items)
    remark = f"{open_} of {len(said.items)} items not signed." if open_ else None
    shown = [each for each in found.screening.items if not found.hides(visit, each.item)]
    names = {each.item for each in shown} | {"made"}
    said = said._replace(sheet=tuple(each for each in letter.drafted.sheet if each.name in names))
    if kind == "pdf":
        pictured = [each.item for each in shown] if sheet else []
        return reading.apart(visit.service, found.kept, _typeset, said, pictured, sheet, remark)
    return (to_markdown(said, sheet=sheet) if kind == "md" else to_text(said, sheet=sheet)).encode()


def _typeset(
    rulebook: Rulebook,
    kept: StoredScreening,
    said: Determination,
    pictured: list[str],
    sheet: bool,
    remark: str | None,
) -> bytes:
    from imr_rules.writing.charts.pictures import pictures
    from imr_rules.writing.determination.typesetting import to_pdf

    case, screening = Case.from_data(json.loads(kept.body)), reading.again(rulebook, kept)
    whole = WholeCase(case, rulebook.vocabulary)
    drawn = [picture for name in pictured for picture in pictures(case, screening, name, rulebook, whole)]
    return to_pdf(said, pictures=drawn, working_sheet=sheet, remark=remark)


@router.post("/cases/{id}/items/{item}/signoff")
async def sign_off(
    id: ScreeningId, item: ItemId, sent: Annotated[Posted, Depends(posted("sign"))]
) -> Response:
    """Record the physician's outcome for this item, and freeze the letter it is signed with."""
    visit, form = sent.visit, sent.form
    version = whole_number(form.text("version") or "")
    if version is None:
        raise PreconditionNeededError(Problem("if-match-needed", "say which version was looked at"))
    found = await read(visit.service, look, visit, id)
    found.item(item)
    try:
        await _keep(visit, id, form)
        await run(visit.service, _sign, visit, found, item, form, version)
    except (CaseError, PreconditionError) as error:
        if isinstance(error, PreconditionError) and error.problems[0].code != "letter-changed":
            raise
        return await run(visit.service, _page, visit, found, error.problems, 422, form, item)
    open_ = [name for name in dict(found.case.named_items) if name != item and name not in found.signed]
    names = list(dict(found.case.named_items))
    after = sorted(open_, key=lambda name: (names.index(name) < names.index(item), names.index(name)))
    return RedirectResponse(f"/cases/{id}#{after[0] if after else item}", 303)


def _counted(left: Sequence[str]) -> list[str]:
    """Return what is still to be said, each once: ``date``, ``check against the official text (3 times)``."""
    counts = Counter(left)
    return [f"{each} ({count} times)" if count > 1 else each for each, count in counts.items()]


def _sign(visit: Visit, found: Looked, item: str, form: Form, version: int) -> None:
    letter = _letter(visit, found)
    mine = next(each for each in letter.written.items if each.item == item)
    if found.hides(visit, item):
        raise CaseError(Problem("no-lean", "give your own lean on the case’s page first"))
    if mine.outcome is None:
        raise CaseError(Problem("no-outcome", "pick an outcome first"))
    left = blanks(letter.written, item)
    if left and form.text("with_blanks") != "on":
        what = f"{len(left)} blank{' is' if len(left) == 1 else 's are'} left in this letter: {'; '.join(_counted(left))}"
        raise CaseError(Problem("blanks-left", what, hint="fill them in, or say that you sign with them"))
    if form.text("attested") != "on":
        raise CaseError(
            Problem("not-attested", "attest a current license and competence in what is at issue")
        )
    screened = next(each for each in found.screening.items if each.item == item)
    if not visit.session.reviewer.get("specialty", "").strip():
        raise CaseError(Problem("no-specialty", "give your specialty"))
    position = position_of(mine.outcome, screened.suggestion)
    if position == "override" and not (form.text(f"{item}:reason_code") and form.text(f"{item}:reason")):
        what = "your decision goes against the suggestion: choose a reason, and give it in words"
        raise CaseError(Problem("no-reason", what))
    data = _signoff(visit, found, item, form, mine.outcome, position)
    signoff = validate(SignOff, Document(data), CaseError)
    signing.sign(
        visit.service, visit.actor, found.kept.id, signoff, version=version,
        letter=_frozen(letter, found, item).to_json(),
    )  # fmt: skip


def _signoff(
    visit: Visit, found: Looked, item: str, form: Form, outcome: Decision, position: Position
) -> dict[str, Any]:
    session, id = visit.session, found.kept.id
    began = session.first_seen.get(id)
    data = {
        "item": item,
        "outcome": outcome,
        "position": position,
        "reason_code": form.text(f"{item}:reason_code") if position == "override" else None,
        "reason": form.text(f"{item}:reason"),
        "specialty": _word(session.reviewer.get("specialty", "")),
        "reviewer": session.reviewer.get("id") or None,
        "credentials_attested": True,
        "lean_before": session.leans.get((id, item)),
        "seconds_on_case": None if began is None else min(1_000_000, int(time.monotonic() - began)),
        "evidence_opened": [
            {"document": document, "page": page} for document, page in session.evidence.get(id, {})
        ],
    }
    return {name: value for name, value in data.items() if value is not None}


def _word(specialty: str) -> str | None:
    """Return a specialty as it is stored: ``Physical Medicine & Rehabilitation`` is ``physical_medicine_and_rehabilitation``."""
    word = re.sub(r"[^a-z0-9]+", "_", specialty.casefold().replace("&", " and ")).strip("_")
    if not word or not word[0].isalpha():
        raise CaseError(Problem("no-specialty", "name your specialty, such as Pain medicine"))
    return word[:64].rstrip("_")


def _frozen(letter: Letter, found: Looked, item: str) -> Determination:
    """Return the letter to be signed: this item as it stands now, those signed before as they were signed."""
    if letter.signed is None:
        return letter.written
    before = {each.item: each for each in thawed(letter.signed.content).items}
    return letter.written._replace(
        items=tuple(
            before[each.item]
            if each.item != item and each.item in found.signed and each.item in before
            else each
            for each in letter.written.items
        )
    )
