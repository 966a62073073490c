"""Entering a case: by form, by file, or from a letter whose facts are confirmed one by one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import RedirectResponse

from imr_rules._dates import PartialDate
from imr_rules._reading import parse
from imr_rules.case import Case, Document
from imr_rules.errors import CaseError, InputError, LetterError, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import Instrument, Treatment
from imr_rules.server.api.common import apart, computed, take_in
from imr_rules.server.pages.asking import Asked, asked_of
from imr_rules.server.pages.case_form import MOST_ROWS, case_data, confirmed, pieces
from imr_rules.server.pages.forms import Form
from imr_rules.server.pages.gate import PageRoute, Posted, Visit, posted, visits
from imr_rules.server.workers import SMALL_BYTES
from imr_rules.writing.words import say_document_kind

router = APIRouter(route_class=PageRoute)

MOST_LETTER_BYTES = 25_000_000
Enterer = Annotated[Visit, Depends(visits("screen"))]
KINDS: tuple[str, ...] = Document.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]


@router.get("/new")
async def new(visit: Enterer) -> Response:
    """Show the form."""
    return _form_page(visit, Form({}, {}), ())


def _form_page(visit: Visit, form: Form, problems: tuple[Problem, ...], status: int = 200) -> Response:
    rulebook = visit.service.rulebooks.current
    vocabulary = rulebook.vocabulary
    given = {name.split(":", 2)[1] for name in form.fields if name.startswith("item:")}
    numbers = [number for number in range(MOST_ROWS) if str(number) in given] or [0]
    return visit.page(
        "new.html",
        status,
        form=form,
        problems=problems,
        items=[
            (
                number,
                _asked(
                    form.text(f"item:{number}:service"),
                    form.text(f"item:{number}:treatment"),
                    form.text("request"),
                    rulebook,
                ),
            )
            for number in numbers
        ],
        treatments=_named(vocabulary.treatments),
        regions=[(each, each.replace("_", " ")) for each in sorted(vocabulary.regions)],
        instruments=_named(vocabulary.instruments),
        kinds=[(each, say_document_kind(each)) for each in KINDS],
    )


def _named(entries: Mapping[str, Treatment] | Mapping[str, Instrument]) -> list[tuple[str, str]]:
    return sorted(((name, each.label) for name, each in entries.items()), key=lambda pair: pair[1].lower())


def _asked(
    service: str | None, treatment: str | None, requested: str | None, rulebook: Rulebook
) -> tuple[str | None, tuple[Asked, ...]]:
    """Return the treatment a request is for, and what is asked of it."""
    vocabulary = rulebook.vocabulary
    name = treatment or (vocabulary.recognize(service, ()) if service else None)
    if name is None or name not in vocabulary.treatments:
        return None, ()
    try:
        when = PartialDate.parse(requested) if requested else None
    except ValueError:
        when = None
    return name, asked_of(vocabulary.treatments[name], rulebook, when)


@router.post("/new/questions")
async def questions(
    sent: Annotated[Posted, Depends(posted("screen"))], number: Annotated[int, Query(ge=0, lt=MOST_ROWS)]
) -> Response:
    """Return what is asked of the treatment that an item's words name: posted, since addresses are written to logs."""
    visit, form, prefix = sent.visit, sent.form, f"item:{number}"
    found = _asked(
        form.text(f"{prefix}:service"), form.text(f"{prefix}:treatment"), form.text("request"),
        visit.service.rulebooks.current,
    )  # fmt: skip
    return visit.page("_questions.html", number=number, recognized=found[0], asked=found[1], form=form)


@router.get("/new/item")
async def another_item(visit: Enterer, number: Annotated[int, Query(ge=1, lt=40)]) -> Response:
    """Return the fields of one more item."""
    vocabulary = visit.service.rulebooks.current.vocabulary
    return visit.page(
        "_new_item.html", number=number, recognized=None, asked=(), form=Form({}, {}), regions=[(each, each.replace("_", " ")) for each in sorted(vocabulary.regions)],
        treatments=_named(vocabulary.treatments),
    )  # fmt: skip


@router.post("/new")
async def enter(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Screen and store the case of the form."""
    try:
        return await _take_in(sent.visit, case_data(sent.form))
    except InputError as error:
        return _form_page(sent.visit, sent.form, error.problems, 422)


@router.post("/new/file")
async def enter_file(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Screen and store a case from a file, YAML or JSON."""
    try:
        if "file" not in sent.form.files:
            raise CaseError(Problem("no-file", "choose a case file"))
        data = await computed(sent.visit.service, SMALL_BYTES + 1, _case_file, *sent.form.files["file"])
        return await _take_in(sent.visit, data)
    except InputError as error:
        return _form_page(sent.visit, Form({}, {}), error.problems, 422)


@router.post("/new/letter")
async def read_letter(sent: Annotated[Posted, Depends(posted("screen", MOST_LETTER_BYTES))]) -> Response:
    """Read a letter into a draft. Nothing is stored; every fact waits to be confirmed."""
    visit = sent.visit
    try:
        if "letter" not in sent.form.files:
            raise LetterError(Problem("no-file", "choose a letter"))
        name, content = sent.form.files["letter"]
        data = await apart(visit.service, _draft, visit.service.rulebooks.current, name, content)
    except InputError as error:
        return _form_page(visit, Form({}, {}), error.problems, 422)
    return _draft_page(visit, data, ())


def _case_file(name: str, content: bytes) -> Any:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise CaseError(Problem("not-text", "the file is not text in UTF-8")) from None
    document = parse(text, CaseError, is_json=name.lower().endswith(".json"))
    Case.from_document(document)
    return document.data


def _draft(rulebook: Rulebook, name: str, content: bytes) -> dict[str, Any]:
    from imr_rules.reading.letters import read_letters
    from imr_rules.reading.letters.case_file import case_data as of_letter

    vocabulary = rulebook.vocabulary
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / (
            "letter.pdf" if content.startswith(b"%PDF") or name.lower().endswith(".pdf") else "letter.txt"
        )
        file.write_bytes(content)
        (found,) = read_letters([file], vocabulary)
    if isinstance(found, LetterError):
        raise LetterError(Problem(each.code, each.what, hint=each.hint) for each in found.problems)
    data = of_letter(found, vocabulary)
    data.pop("expect", None)  # what was decided is not for whoever decides
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return plain


def _draft_page(
    visit: Visit, data: dict[str, Any], problems: tuple[Problem, ...], status: int = 200
) -> Response:
    return visit.page(
        "letter.html", status, data=data, draft=json.dumps(data, ensure_ascii=False), pieces=tuple(pieces(data)),
        problems=problems,
    )  # fmt: skip


@router.post("/new/confirmed")
async def enter_confirmed(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Screen and store the confirmed part of a draft."""
    draft = sent.form.text("draft") or ""
    try:
        return await _take_in(sent.visit, confirmed(draft, set(sent.form.fields.get("confirm", ()))))
    except InputError as error:
        return _form_page(sent.visit, Form({}, {}), error.problems, 422)


async def _take_in(visit: Visit, data: Any) -> Response:
    size = len(json.dumps(data))
    reply = await take_in(visit.service, visit.actor, data, size, None)
    return RedirectResponse(f"/cases/{reply.screening}", 303)
