"""Requests made up from the description: none gets a 5xx, and none an answer that is not described.

Half of the bodies fit their schemas and half do not, which is Schemathesis' part; that a body that fits may still be
refused (an id that is given twice, a patch that leaves no case) no schema can say, so that is not held against us.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from imr_rules.server import logs
from imr_rules.server.api import examples
from tests.server.running import Running, started

if importlib.util.find_spec("schemathesis") is None:
    pytest.skip("SKIPPED LOUDLY: schemathesis is not installed", allow_module_level=True)

import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("IMR_TEST_REQUESTS", "60"))
"""Requests of each kind, for each operation."""


@schemathesis.serializer("application/x-ndjson")
def lines(_: Any, value: Any) -> bytes:
    """The body of a batch, as it is made up."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    tell = logging.StreamHandler(sys.stderr)
    tell.setFormatter(logs.Formatter())  # where a fault came from
    logging.getLogger("imr_rules.server").addHandler(tell)
    try:
        with started(
            f"sqlite:///{tmp_path_factory.mktemp('store')}/s.sqlite3", rate=10**6, burst=10**6
        ) as running:
            for case in examples.CASES.values():
                running.posted(case)
            yield running
    finally:
        logging.getLogger("imr_rules.server").removeHandler(tell)


@pytest.fixture(scope="module")
def description(served: Running) -> Any:
    return schemathesis.openapi.from_url(f"{served.url}/openapi.json")


def made_up(examples: int = EXAMPLES) -> settings:
    """The settings of what is made up: the same requests each time, as many as wanted."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[*HealthCheck],
        phases=[Phase.explicit, Phase.generate],  # one that fails is shown as it is
    )


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # of the libraries that make the requests up
def test_no_request_gets_an_answer_that_is_not_described(served: Running, description: Any) -> None:
    tried, wrong = [], []
    for found in description.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            try:
                ask(served, operation, mode)
            except Exception as error:  # the others are tried all the same
                wrong.append(f"{operation.label}, {mode.name}: {error!r}\n{whole(error)}")
        tried.append(operation.label)
    assert len(tried) == len(served.client.get("/openapi.json").json()["paths"]) + 1
    assert not wrong, "\n\n".join(wrong)


def whole(error: BaseException) -> str:
    """What failed, with the request to send again."""
    return "\n".join(map(str, error.exceptions)) if isinstance(error, BaseExceptionGroup) else str(error)


def ask(served: Running, operation: Any, mode: GenerationMode) -> None:
    @made_up()
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans(), seen=st.booleans())
    def asked(case: Any, known: bool, seen: bool) -> None:
        if known and "id" in case.path_parameters:  # as often as not, one that is there
            listed = served.client.get("/v1/screenings?limit=1").json()["screenings"]
            case.path_parameters["id"] = listed[0]["id"]
            if seen and case.method == "POST":  # and as it is now
                found = served.client.get(f"/v1/screenings/{listed[0]['id']}")
                case.headers["If-Match"] = found.headers["ETag"]
        case.call_and_validate(checks=CHECKS, timeout=60)

    try:
        asked()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label  # nothing about it can be wrong


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", GenerationMode)
def test_each_line_of_a_batch_is_answered_as_described(
    served: Running, description: Any, mode: GenerationMode
) -> None:
    """Cases that are made up, one a line, with lines between them that are no cases."""
    components = served.client.get("/openapi.json").json()["components"]
    answers = jsonschema.Draft202012Validator(
        {"$ref": "#/components/schemas/BatchAnswer", "components": components}
    )
    operation = description["/v1/screenings"]["POST"]
    bodies = operation.as_strategy(generation_mode=mode).map(lambda case: line_of(case.body))
    others = st.sampled_from(
        [b"", b"  ", b"{", b"[]", b"null", b"\xef\xbb\xbf{}", b"\xff", *map(line_of, examples.CASES.values())]
    )

    @made_up()
    @given(lines=st.lists(bodies | others, max_size=8), full=st.booleans(), ended=st.booleans())
    def sent(lines: list[bytes], full: bool, ended: bool) -> None:
        body = b"\n".join(lines) + b"\n" * ended
        answer = served.client.post(
            "/v1/screenings:batch",
            params={"answers": "full" if full else "brief"},
            content=body,
            headers={"Content-Type": "application/x-ndjson"},
        )
        assert answer.status_code == 200, answer.text
        *found, done = [json.loads(each) for each in answer.content.splitlines()]
        for each in (*found, done):
            answers.validate(each)
            assert each.get("status", 0) < 500, (each, body)
        # A body that is no JSON may hold line ends of its own.
        numbers = [number for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
        assert [each["line"] for each in found] == numbers, body
        assert (done["done"], done["stored"] + done["refused"]) == (True, len(numbers))

    sent()


def line_of(body: Any) -> bytes:
    """A body as one line."""
    return body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
