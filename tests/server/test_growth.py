"""What is sent costs in proportion to its size: each parser and pattern is fed more and more of what is worst for it.

Times are of the processor, the least of several, and compared with themselves: twice as much may cost at most three
times as much, and the largest that is accepted at all must not take long.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from imr_rules import Case, Rulebook
from imr_rules._reading import parse
from imr_rules._validation import validate
from imr_rules.batch import batch
from imr_rules.errors import CaseError, ImrRulesError, RulebookError
from imr_rules.expression import ExpressionFault
from imr_rules.expression.parser import parse as parse_expression
from imr_rules.reading.letters import read_text
from imr_rules.reading.papers.decisions import read_decision
from imr_rules.reading.papers.forms import read_request_form
from imr_rules.reading.papers.page import Box, Page, Word, furniture
from imr_rules.reading.papers.paper import Paper, PaperKind
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.records import read_record
from imr_rules.reading.sentences import SentenceReader
from imr_rules.rulebook.files import GuidelineFile
from imr_rules.rulebook.loading import load
from imr_rules.screening import screen
from imr_rules.server.api.middleware import without_quoted
from imr_rules.server.pages.case_form import case_data, confirmed
from imr_rules.server.pages.forms import Form, parsed
from imr_rules.server.pages.sessions import COOKIE, Sessions
from imr_rules.server.problems import problem_for
from imr_rules.server.reading import read_json
from imr_rules.workbench.drug_lists import read_list
from tests.paths import ROOT
from tests.server import hostile

MULTIPART = "multipart/form-data; boundary=b"
pytestmark = pytest.mark.long

RULEBOOK = Rulebook.load()
SMALL = ROOT / "tests" / "workbench" / "lint" / "base"
SESSIONS = Sessions()
SENTENCES = SentenceReader(RULEBOOK.vocabulary)


def judged(body: bytes) -> None:
    """Everything that a posted body meets: reading, screening, and what is said of it."""
    try:
        screen(Case.from_data(read_json(body, max_list=2_000)), RULEBOOK).to_json()
    except ImrRulesError as error:
        problem_for(error).to_json()


def any_data(body: bytes) -> None:
    """Data of a case that no reader of JSON has bounded: from a file, or a form."""
    try:
        screen(Case.from_data(json.loads(body)), RULEBOOK)
    except ImrRulesError as error:
        problem_for(error).to_json()


def only_read(body: bytes) -> None:
    try:
        read_json(body, max_list=2_000)  # which refuses the worst: what comes after must bear it all the same
    except ImrRulesError as error:
        problem_for(error).to_json()
    try:
        Case.from_data(json.loads(body))
    except (ValueError, RecursionError):
        pass
    except ImrRulesError as error:
        problem_for(error).to_json()


def form(body: bytes) -> None:
    try:
        case_data(parsed(body, "application/x-www-form-urlencoded"))
    except ImrRulesError as error:
        problem_for(error)


def multipart(body: bytes) -> None:
    try:
        parsed(body, MULTIPART)
    except ImrRulesError as error:
        problem_for(error)


def draft(body: bytes) -> None:
    try:
        confirmed(body.decode(), set())
    except ImrRulesError as error:
        problem_for(error)


def yaml(body: bytes) -> None:
    with contextlib.suppress(ImrRulesError):
        Case.from_document(parse(body.decode(), CaseError))


def sentence(body: bytes) -> None:
    SENTENCES.read(body.decode())


def letter(body: bytes) -> None:
    with contextlib.suppress(ImrRulesError):
        read_text([body.decode()], RULEBOOK.vocabulary)


def page(body: bytes) -> None:
    """A page of a paper, each word on a line of its own."""
    words = tuple(
        Word(word, Box(50, -12.0 * place, 80, 10 - 12.0 * place))
        for place, word in enumerate(body.decode().split())
    )
    furniture([Page(1, 612, 792, "text", words)])


def paper(read: Callable[[Reader], None], kind: PaperKind) -> Callable[[bytes], None]:
    """A paper of one page; tabs part its columns."""

    def read_it(body: bytes) -> None:
        words = tuple(
            Word(word, Box(50 + 200 * column + 40 * place, -12.0 * row, 85 + 200 * column + 40 * place, 9 - 12.0 * row))
            for row, line in enumerate(body.decode().splitlines())
            for column, cell in enumerate(line.split("\t"))
            for place, word in enumerate(cell.split())
        )  # fmt: skip
        read(Reader(Paper("x", kind, 1, 1, "text"), [Page(1, 2000, 792, "text", words)], RULEBOOK.vocabulary))

    return read_it


decision, request_form, record = (
    paper(read_decision, "ur"),
    paper(read_request_form, "rfa"),
    paper(read_record, "record"),
)


def expression(body: bytes) -> None:
    def resolve(*_: object) -> Any:
        raise ExpressionFault("there is no such name", 0)

    with contextlib.suppress(ExpressionFault, ImrRulesError):
        parse_expression(body.decode(), resolve)


def cookies(body: bytes) -> None:
    headers = [(b"cookie", without_quoted(body))]
    found = Request({"type": "http", "method": "GET", "path": "/", "headers": headers}).cookies
    SESSIONS.find(found.get(COOKIE))


def guideline_file(body: bytes) -> None:
    with contextlib.suppress(ImrRulesError):
        validate(GuidelineFile, parse(body.decode(), RulebookError), RulebookError)


def rulebook_of(body: bytes) -> None:
    """A layer's file of facts over a small rulebook."""
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder)
        (layer / "facts.yaml").write_bytes(body)
        with contextlib.suppress(ImrRulesError):
            load(SMALL, layer)


def drug_list(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "drugs.csv"
        file.write_bytes(b"ingredient,form,status,fills\n" + body)
        with contextlib.suppress(ImrRulesError):
            read_list(file)


def searched(body: bytes) -> None:
    """A search of the worklist in the words of cases."""
    with sqlite3.connect(":memory:") as store:
        store.execute("SELECT ? LIKE ? ESCAPE '/'", (body.decode(), f"%{'a' * 99}b%")).fetchone()
    store.close()


def csv(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        file.write_bytes(b"case,item,treatment,edition_from\n" + body)
        batch([str(file)], Path(folder) / "out.csv", RULEBOOK)


def case(**parts: Any) -> bytes:
    whole = {
        "request": {"date": "2014-03-04"},
        "items": [{"service": "Physical therapy, 12 visits"}],
        **parts,
    }
    return json.dumps(whole).encode()


HOSTILE: dict[str, tuple[Callable[[bytes], None], Callable[[int], bytes]]] = {
    "duplicate keys": (only_read, lambda n: hostile.duplicate_keys(60 * n)),
    "unknown keys": (only_read, lambda n: hostile.unknown_keys(40 * n)),
    "unknown facts": (any_data, lambda n: hostile.unknown_facts(20 * n)),
    "items that lack all": (only_read, lambda n: hostile.wrong_items(200, n // 10)),
    "brackets": (only_read, lambda n: b"[" * 1000 * n),
    "braces": (only_read, lambda n: b'{"a":' * 150 * n),
    "escapes": (only_read, lambda n: b'"' + b"\\ud800" * 160 * n + b'"'),
    "a long number": (only_read, lambda n: b"[" + b"1" * 900 * n + b"]"),
    "one long text": (only_read, lambda n: case(case="a" * 900 * n)),
    "one long key": (only_read, lambda n: json.dumps({"a" * 900 * n: 1}).encode()),
    "long lists": (only_read, lambda n: json.dumps({f"k{each}": [1] * 2_000 for each in range(n // 10)}).encode()),
    "commas": (judged, lambda n: hostile.long_lines(", ", n // 5)),
    "treatments": (judged, lambda n: hostile.long_lines("MRI ", n // 50)),
    "body parts": (judged, lambda n: hostile.long_lines("left knee ", n // 50)),
    "paces": (judged, lambda n: hostile.long_lines("2x/wk x 6 ", n // 50)),
    "dashes": (judged, lambda n: hostile.long_lines("5'-", n // 50)),
    "diagnoses": (judged, lambda n: case(diagnoses=[{"text": f"{each} {'left knee ' * 190}"} for each in range(n // 10)])),
    "courses": (judged, lambda n: case(history=[{"treatment": "physical_therapy", "attended": 1}] * (n // 2))),
    "courses beside a count": (
        judged, lambda n: case(history=[{"treatment": "physical_therapy", "attended": each + 1} for each in range(n)], findings={"prior_visits": 5}),
    ),
    "courses and operations": (
        judged,
        lambda n: case(
            history=[{"treatment": "physical_therapy", "attended": 1, "since": "2013-02-03", "until": f"201{each % 4}-05-06", "body_part": {"region": "knee"}} for each in range(n)],
            surgeries=[{"procedure": "knee_meniscectomy", "date": f"201{each % 4}-05-06", "body_part": {"region": "knee"}} for each in range(n)],
        ),
    ),
    "operations in words": (judged, lambda n: case(surgeries=[{"text": f"arthroscopy of the left knee {each}", "date": "2013-02-03"} for each in range(n)])),
    "items alike": (judged, lambda n: case(items=[{"service": "MRI of the lumbar spine"}] * (n * 2 // 5))),
    "items alike but for a word": (judged, lambda n: case(items=[{"service": f"Yoga {each}, 6 visits"} for each in range(n * 2 // 5)])),
    "items that follow one another": (
        judged,
        lambda n: case(items=[{"id": f"i{each}", "service": "MRI", "follows": f"i{each + 1}"} for each in range(n * 2 // 5)] + [{"id": f"i{n * 2 // 5}", "service": "MRI"}]),
    ),
    "items and diagnoses": (
        judged, lambda n: case(items=[{"service": "MRI of the lumbar spine"}] * 50, diagnoses=[{"text": f"pain {each}"} for each in range(2 * n)]),
    ),
    "scores": (
        judged,
        lambda n: case(measurements=[{"instrument": "BDI", "date": "2013-01-01", "score": each % 60} for each in range(n)]),
    ),
    "documents": (judged, lambda n: case(documents=[{"id": f"d{each}", "kind": "progress_report"} for each in range(n)])),
    "a form's fields": (form, lambda n: hostile.fields(3 * n)),
    "a form's separators": (form, lambda n: b"&" * 900 * n),
    "a form's escapes": (form, lambda n: b"a=" + b"%" * 900 * n),
    "parts of a form": (multipart, lambda n: b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 3 * n + b"--b--"),
    "almost a boundary": (multipart, lambda n: b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"\r\n--" * 220 * n),
    "headers of a part": (multipart, lambda n: b"--b\r\n" + b"a: b\r\n" * 150 * n),
    "a draft of brackets": (draft, lambda n: b"[" * 900 * n),
    "a draft of facts": (draft, lambda n: case(findings={f"f{each}": True for each in range(20 * n)})),
    "unknown facts of many items": (
        any_data, lambda n: case(items=[{"service": "x", "findings": {f"rationale{each:x}": True for each in range(900)}}] * (n // 20)),
    ),
    "a file of brackets": (yaml, lambda n: b"[" * 40 * n),
    "a file of anchors": (yaml, lambda n: "".join(f"k{each}: &a{each} [1]\n" for each in range(10 * n)).encode()),
    "a file of keys": (yaml, lambda n: "".join(f"k{each}: 1\n" for each in range(10 * n)).encode()),
    "a folded text": (yaml, lambda n: b"a: >\n" + b"  x\n" * 20 * n),
    "a sentence of denials": (sentence, lambda n: b"not " * 20 * n),
    "a sentence of counts": (sentence, lambda n: b"12 of 18 visits " * 2 * n),
    "a sentence of apostrophes": (sentence, lambda n: b"'" * 100 * n),
    "a letter of words": (letter, lambda n: b"IMR Case Number: CM14-1 IMR ISSUES " + b"per " * 20 * n),
    "a page of lines": (page, lambda n: b"word " * 20 * n),
    "a decision of one sentence": (decision, lambda n: b"The request for yoga is denied; \n" + b"and the request for MRI is approved;\n" * (n // 5)),
    "a decision of counts": (decision, lambda n: b"The request for yoga is denied:\n" + b"6 visits requested, 2 certified\n" * (n // 5)),
    "a decision of rows": (decision, lambda n: b"Service\tRequested\tCertified\tDecision\n" + b"Yoga\t6\t2\tModified\n" * (n // 5)),
    "a request of labels": (request_form, lambda n: b"Request for authorization\n" + b"Diagnosis: pain\tService requested: yoga\n" * (n // 5)),
    "a record of visits": (record, lambda n: b"".join(b"01/%02d/2014 Yoga visit: pain 6/10\n" % (each % 28 + 1) for each in range(n // 2))),
    "an expression of parentheses": (expression, lambda n: b"(" * 100 * n),
    "an expression of sums": (expression, lambda n: b"1+" * 100 * n + b"1 < 2"),
    "cookies": (cookies, lambda n: b"a=b; " * 25 * n),
    "cookies of quotes": (cookies, lambda n: b'a="\\"' * 25 * n),
    "cookies of signs": (cookies, lambda n: b";=" * 60 * n),
    "a guideline of unknown keys": (guideline_file, lambda n: "".join(f"titl{each}: 1\n" for each in range(5 * n)).encode()),
    "a guideline of wrong criteria": (guideline_file, lambda n: b"criteria:\n" + b"- {i: 1}\n" * 5 * n),
    "a guideline of long conditions": (guideline_file, lambda n: b"criteria:\n- id: a\n  requires: " + b"not " * 100 * n + b"x\n"),
    "facts of a layer": (rulebook_of, lambda n: ("facts:\n" + "".join(f"  f{each}: {{type: boolean, asks: Is it so?}}\n" for each in range(n))).encode()),
    "facts that are none": (rulebook_of, lambda n: ("facts:\n" + "".join(f"  f{each}: {{typ: x}}\n" for each in range(n))).encode()),
    "a drug list": (drug_list, lambda n: "".join(f"drug {each},,exempt,special 4\n" for each in range(10 * n)).encode()),
    "a drug list of mistakes": (drug_list, lambda n: b"x,y,z,special 4; special 4\n" * 10 * n),
    "a drug list of fills": (drug_list, lambda n: b'x,,exempt,"' + b"special 4;" * 90 * n + b'"\n'),
    "a drug list that never ends": (drug_list, lambda n: b'x,,exempt,"' + b"y" * 900 * n),
    "a search": (searched, lambda n: b"a" * 100 * n),
    "rows with stray quotes": (csv, lambda n: b'C1,1,massage,"2014"-03\n' * 10 * n),
    "a row that never ends": (csv, lambda n: b'C1,1,massage,"' + b"x" * 400 * n),
    "rows of commas": (csv, lambda n: b"," * 400 * n + b"\n"),
}  # fmt: skip
"""What is worst → who reads it, and so much of it; 1,000 makes about as much as a request may bring."""


def seconds(work: Callable[[bytes], None], body: bytes, times: int) -> float:
    found = []
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        work(body)
        found.append(time.process_time() - begun)
    return min(found)


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_as_much_costs_about_twice_as_much(name: str) -> None:
    work, make = HOSTILE[name]
    seconds(work, make(50), 1)
    half, whole = seconds(work, make(250), 2), seconds(work, make(500), 2)
    assert whole < 3 * half + 0.05, f"{half:.3f} s, then {whole:.3f} s"
    assert whole < 3


def test_a_form_with_signs_for_numbers_is_only_not_a_form() -> None:
    assert case_data(Form({"item:²:service": ["x"], "item:0:service": ["y"]}, {}))["items"] == [
        {"id": "item-1", "service": "y"}
    ]
    with pytest.raises(ImrRulesError):
        confirmed("[" * 100_000, set())
