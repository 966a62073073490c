"""Entering a case: by form, by file, or from papers whose facts are confirmed one by one."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import RedirectResponse

from imr_rules._reading import parse
from imr_rules.case import Case, DisputedItem, Document
from imr_rules.errors import CaseError, InputError, LetterError, Place, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import Instrument, Treatment
from imr_rules.screening import ItemScreening, screen
from imr_rules.server.api.common import computed, read, result, run, take_in
from imr_rules.server.pages.answering import Question, fact_question, questions_of
from imr_rules.server.pages.case_form import (
    MOST_ROWS,
    Piece,
    case_data,
    confirmed,
    field_of,
    form_of,
    ids_of,
    in_plain_words,
    merged,
    pieces,
)
from imr_rules.server.pages.forms import Form, choices
from imr_rules.server.pages.gate import PageRoute, Posted, ScreeningId, Visit, posted, visits
from imr_rules.server.pages.trying import amended
from imr_rules.server.tasks import reading
from imr_rules.server.workers import SMALL_BYTES
from imr_rules.writing.words import say_document_kind, say_quantity

router = APIRouter(route_class=PageRoute)

_P = ParamSpec("_P")
_T = TypeVar("_T")

MOST_LETTER_BYTES = 25_000_000
Enterer = Annotated[Visit, Depends(visits("screen"))]
KINDS: tuple[str, ...] = Document.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]


@router.get("/new")
async def new(visit: Enterer) -> Response:
    """Show the form."""
    return await _form_page(visit, Form({}, {}), ())


@router.get("/cases/{id}/edit")
async def edit(id: ScreeningId, visit: Enterer) -> Response:
    """Show the form with what is stored of a case; what is changed becomes an amendment."""

    def work() -> bytes:
        return reading.open_screening(visit.service, visit.actor, id, page="edit").kept.body

    form = form_of(json.loads(await read(visit.service, work)))
    return await _form_page(visit, Form({**form.fields, "amends": [id]}, {}), ())


async def _form_page(visit: Visit, form: Form, problems: tuple[Problem, ...], status: int = 200) -> Response:
    rulebook = visit.service.rulebooks.current
    vocabulary = rulebook.vocabulary
    given = {name.split(":", 2)[1] for name in form.fields if name.startswith("item:")}
    numbers = [number for number in range(MOST_ROWS) if str(number) in given] or [0]
    asked = await read(visit.service, _worked_out, visit, form, needed, hidden=_hides(visit, form))
    errors: dict[str, str] = {}
    for each in problems:
        errors.setdefault(field_of(each.place.pointer) or "", in_plain_words(each))
    return await visit.show(
        "new.html",
        status,
        form=form,
        errors=errors,
        numbers=numbers,
        needed=asked,
        read=_all_read(asked),
        swapped=False,
        treatments=_named(vocabulary.treatments),
        regions=list(choices(vocabulary.regions)),
        instruments=_named(vocabulary.instruments),
        kinds=[(each, say_document_kind(each)) for each in KINDS],
    )


def _worked_out(
    visit: Visit,
    form: Form,
    work: Callable[Concatenate[Rulebook, Form, _P], _T],
    /,
    *arguments: _P.args,
    **named: _P.kwargs,
) -> _T:
    """Have work about a form done by the rulebook in use, in a thread: at once where it is small, else apart."""
    service = visit.service
    size = sum(len(name) + len(text) for name, texts in form.fields.items() for text in texts)
    items = [name for name in form.fields if name.startswith("item:") and name.endswith(":service")]
    submitted = service.judged(
        work, service.rulebooks.current, {"items": items}, size, form, *arguments, **named
    )
    return service.result(submitted)


def _named(entries: Mapping[str, Treatment] | Mapping[str, Instrument]) -> list[tuple[str, str]]:
    return sorted(((name, each.label) for name, each in entries.items()), key=lambda pair: pair[1].lower())


def _hides(visit: Visit, form: Form) -> bool:
    """Whether this reader asked that suggestions be hidden, and the form is of a case that has one."""
    return visit.session.blind and form.text("amends") is not None


class Needed(NamedTuple):
    """What the form asks about one item, after what it says so far.

    Attributes:
        number: the item's place in the form.
        understood: what its words were read as.
        recognized: its treatment.
        read: what each choice that was left to the words comes to by them, by the name of its field.
        asked: the questions answered already, then those that would settle it.
        headline: what the screening would say now; None where nothing can be said.
    """

    number: int
    understood: str
    recognized: str | None
    read: Mapping[str, str]
    asked: tuple[Question, ...]
    headline: str | None


def needed(rulebook: Rulebook, form: Form, *, hidden: bool = False) -> tuple[Needed, ...]:
    """Return what is needed for an answer, item by item: the screening of what the form says so far asks for it.

    Args:
        rulebook: what is screened by.
        form: what it says so far.
        hidden: whether nothing may tell what would be suggested: neither a headline nor a question that is open.
    """
    try:
        case = Case.from_data(case_data(_with_recognized(form, rulebook)))
        screening = screen(case, rulebook)
    except InputError:
        return ()
    numbers = ids_of(form)
    found = []
    for number, (_, item), screened in zip(numbers, case.named_items, screening.items, strict=True):
        answers = [
            fact_question(name.removeprefix("finding:"), case, rulebook)
            for name in form.beginning(f"item:{number}:")
            if name.startswith("finding:") and form.text(f"item:{number}:{name}")
        ]
        given = {each.fact for each in answers}
        asked = () if hidden else questions_of(case, screened, rulebook)
        open_ = [each for each in asked if each.fact not in given]
        found.append(
            Needed(
                number,
                _understood(item, screened, rulebook),
                screened.treatment,
                _read(item, screened, rulebook),
                (*answers, *(each for each in open_ if each.kind != "none")),
                screened.headline if screened.treatment and not hidden else None,
            )
        )
    return tuple(found)


def _parts(item: DisputedItem, rulebook: Rulebook) -> tuple[Any, ...]:
    return (item.body_part,) if item.body_part else rulebook.vocabulary.line(item.service).asked.body_parts


def _read(item: DisputedItem, screened: ItemScreening, rulebook: Rulebook) -> dict[str, str]:
    parts = _parts(item, rulebook)
    return {
        "treatment": rulebook.vocabulary.treatments[screened.treatment].label if screened.treatment else "",
        "region": " and ".join(dict.fromkeys(each.region.replace("_", " ") for each in parts)),
        "side": " and ".join(dict.fromkeys(each.side for each in parts if each.side)),
    }


def _all_read(asked: tuple[Needed, ...]) -> dict[str, str]:
    return {f"item:{each.number}:{name}": said for each in asked for name, said in each.read.items()}


def _understood(item: DisputedItem, screened: ItemScreening, rulebook: Rulebook) -> str:
    if screened.treatment is None:
        return "The treatment is not recognized. Choose it from the list."
    said = [rulebook.vocabulary.treatments[screened.treatment].label]
    if screened.in_dispute.low is not None:
        said.append(say_quantity(screened.in_dispute))
    said += [
        f"{each.side} {each.region}".replace("None ", "").replace("_", " ") for each in _parts(item, rulebook)
    ]
    return ", ".join(said)


@router.post("/new/questions")
async def questions(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Return what is needed for an answer after what the form says so far. Nothing is stored."""
    visit = sent.visit

    def work() -> Response:
        asked = _worked_out(visit, sent.form, needed, hidden=_hides(visit, sent.form))
        return visit.page(
            "_questions.html", form=sent.form, errors={}, needed=asked, read=_all_read(asked), swapped=True
        )

    return await read(visit.service, work)


@router.get("/new/item")
async def another_item(visit: Enterer, number: Annotated[int, Query(ge=1, lt=MOST_ROWS)]) -> Response:
    """Return the fields of one more item."""
    vocabulary = visit.service.rulebooks.current.vocabulary
    return await visit.show(
        "_new_item.html", number=number, numbers=range(number + 1), form=Form({}, {}), errors={}, read={},
        regions=list(choices(vocabulary.regions)),
        treatments=_named(vocabulary.treatments),
    )  # fmt: skip


@router.post("/new")
async def enter(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Screen and store the case of the form; where it edits a stored one, as an amendment of that."""
    visit, amends = sent.visit, sent.form.text("amends")
    try:
        data = await read(visit.service, _worked_out, visit, sent.form, _case_of)
        if amends:
            return await _amend(visit, amends, data, sent.form.text("reason"))
        return await _take_in(visit, data)
    except InputError as error:
        return await _form_page(visit, sent.form, error.problems, 422)


def _case_of(rulebook: Rulebook, form: Form) -> dict[str, Any]:
    return case_data(_with_recognized(form, rulebook))


def _with_recognized(form: Form, rulebook: Rulebook) -> Form:
    """Return a form with each item's treatment, named or by its words, and its unit, for what was attended of it before."""
    found = dict(form.fields)
    treatments = rulebook.vocabulary.treatments
    for number in range(MOST_ROWS):
        service = form.text(f"item:{number}:service")
        named = form.text(f"item:{number}:treatment") or rulebook.vocabulary.recognize(service or "", ())
        if service and named:
            found[f"item:{number}:recognized"] = [named]
        if service and named and named in treatments:
            found[f"item:{number}:counted"] = [treatments[named].unit]
    return Form(found, form.files)


async def _amend(visit: Visit, id: str, data: dict[str, Any], reason: str | None) -> Response:
    if reason is None:
        raise CaseError(Problem("no-reason", "say why the case is changed", Place(pointer="/reason")))

    def work() -> str:
        kept = reading.look(visit.service, visit.actor, id).kept
        stored = json.loads(kept.body)
        changed = merged(stored, case_data(form_of(stored)), data)
        return amended(visit, id, stored, changed, reason)

    return RedirectResponse(f"/cases/{await run(visit.service, work)}", 303)


@router.post("/new/file")
async def enter_file(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Screen and store a case from a file, YAML or JSON."""
    try:
        if "file" not in sent.form.files:
            raise CaseError(Problem("no-file", "choose a case file"))
        data = await computed(sent.visit.service, SMALL_BYTES + 1, _case_file, *sent.form.files["file"])
        return await _take_in(sent.visit, data)
    except InputError as error:
        return await _form_page(sent.visit, Form({}, {}), error.problems, 422)


PAPERS = ("rfa", "ur", "imr-application")


@router.post("/new/papers")
async def read_dropped(sent: Annotated[Posted, Depends(posted("screen", MOST_LETTER_BYTES))]) -> Response:
    """Read the papers of a case into a draft. Nothing is stored; every fact waits to be confirmed."""
    visit, files = sent.visit, sent.form.files
    try:
        papers = [(kind, *files[kind]) for kind in PAPERS if kind in files]
        rulebook = visit.service.rulebooks.current
        if papers:
            data, sentences, cautions = await result(
                visit.service, visit.service.apart(_papers, rulebook, papers)
            )
        elif "letter" in files:
            data, sentences, cautions = await result(
                visit.service, visit.service.apart(_letter, rulebook, *files["letter"])
            )
        else:
            raise LetterError(Problem("no-file", "choose a paper"))
    except InputError as error:
        return await _form_page(visit, Form({}, {}), error.problems, 422)
    return await visit.show(
        "letter.html", data=data, draft=json.dumps(data, ensure_ascii=False), cautions=cautions,
        pieces=tuple(each._replace(place=_sentence(each, sentences)) for each in pieces(data)),
    )  # fmt: skip


Read = tuple[dict[str, Any], dict[str, str], tuple[str, ...]]
"""A draft as plain data, pointer → the words it was read from, and what to look at."""


def _papers(rulebook: Rulebook, papers: list[tuple[str, str, bytes]]) -> Read:
    from imr_rules.reading.papers import read_papers

    with tempfile.TemporaryDirectory() as folder:
        files = []
        for kind, _, content in papers:
            file = Path(folder) / f"{kind}.pdf"
            file.write_bytes(content)
            files.append(file)
        try:
            draft = read_papers(files, rulebook.vocabulary)
        except LetterError as error:
            raise _without_files(error) from None
    if draft.data is None:
        raise LetterError(Problem("no-items", "no disputed treatment can be read in these papers"))
    sentences: dict[str, str] = {}
    for each in draft.proposals:
        if not each.words:  # hidden, or ticked: the place says more
            continue
        where = f"{each.document}, page {each.page}: “{each.words}”"
        sentences[each.at] = "; ".join(filter(None, (sentences.get(each.at), where)))
    plain: dict[str, Any] = json.loads(json.dumps(draft.data, default=str))
    return plain, sentences, draft.cautions


def _without_files(error: LetterError) -> LetterError:
    """Return an error without the temporary files it is about."""
    return LetterError(Problem(each.code, each.what, hint=each.hint) for each in error.problems)


def _sentence(piece: Piece, sentences: Mapping[str, str]) -> str:
    """Return the words a fact was read from: those of its own place, or of the places within it."""
    own = [
        said for at, said in sentences.items() if at == piece.pointer or at.startswith(piece.pointer + "/")
    ]
    return "; ".join(dict.fromkeys(own)) or piece.place


def _case_file(name: str, content: bytes) -> Any:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise CaseError(Problem("not-text", "the file is not text in UTF-8")) from None
    document = parse(text, CaseError, is_json=name.lower().endswith(".json"))
    Case.from_document(document)
    return document.data


def _letter(rulebook: Rulebook, name: str, content: bytes) -> Read:
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
        raise _without_files(found)
    data = of_letter(found, vocabulary)
    data.pop("expect", None)  # what was decided is not for whoever decides
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return plain, _sentences_of(plain, found.text), ()


_SPAN = re.compile(r"characters (\d+) to (\d+)")


def _sentences_of(data: Any, text: str, pointer: str = "") -> dict[str, str]:
    """Return pointer → the sentence of the letter that a fact was read from."""
    found: dict[str, str] = {}
    if isinstance(data, list):
        for number, each in enumerate(data):
            found |= _sentences_of(each, text, f"{pointer}/{number}")
    elif isinstance(data, dict):
        evidence = data.get("evidence") or []
        for each in evidence if isinstance(evidence, list) else [evidence]:
            span = _SPAN.search(str(each.get("place", "")))
            if span:
                found[pointer] = (
                    f"page {each.get('page', '?')}: “{_sentence_at(text, int(span[1]), int(span[2]))}”"
                )
        for name, value in data.items():
            if name != "evidence":
                found |= _sentences_of(value, text, f"{pointer}/{name}")
    return found


def _sentence_at(text: str, first: int, last: int) -> str:
    begin = max(text.rfind(". ", 0, first), text.rfind("\n\n", 0, first), first - 160) + 1
    end = min(
        (each for each in (text.find(". ", last), text.find("\n\n", last)) if each >= 0), default=len(text)
    )
    return " ".join(text[begin : end + 1].split())[:300]


@router.post("/new/confirmed")
async def enter_confirmed(sent: Annotated[Posted, Depends(posted("screen"))]) -> Response:
    """Screen and store the confirmed part of a draft."""
    draft = sent.form.text("draft") or ""
    chosen = set(sent.form.fields.get("confirm", ()))
    try:
        return await _take_in(
            sent.visit, await computed(sent.visit.service, len(draft), confirmed, draft, chosen)
        )
    except InputError as error:
        return await _form_page(sent.visit, Form({}, {}), error.problems, 422)


async def _take_in(visit: Visit, data: Any) -> Response:
    size = len(json.dumps(data))
    reply = await take_in(visit.service, visit.actor, data, size, None)
    return RedirectResponse(f"/cases/{reply.screening}", 303)
