"""Requests made up from the description: none gets a 5xx, and none an answer that is not described.

Half of the bodies fit their schemas and half do not, which is Schemathesis' part; that a body that fits may still be
refused (an id that is given twice, a patch that leaves no case) no schema can say, so that is not held against us.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

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


@schemathesis.serializer("application/x-ndjson")
def lines(_: Any, value: Any) -> bytes:
    """The body of a batch, as it is made up."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with started(
        f"sqlite:///{tmp_path_factory.mktemp('store')}/s.sqlite3", rate=10**6, burst=10**6
    ) as running:
        for case in examples.CASES.values():
            running.posted(case)
        yield running


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # of the libraries that make the requests up
def test_no_request_gets_an_answer_that_is_not_described(served: Running) -> None:
    description = schemathesis.openapi.from_url(f"{served.url}/openapi.json")
    tried = []
    for found in description.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # the description is valid, by another test
        for mode in GenerationMode:
            ask(served, operation, mode)
        tried.append(operation.label)
    assert len(tried) == len(served.client.get("/openapi.json").json()["paths"]) + 1


def ask(served: Running, operation: Any, mode: GenerationMode) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def asked(case: Any, known: bool) -> None:
        if known and "id" in case.path_parameters:  # as often as not, one that is there
            listed = served.client.get("/v1/screenings?limit=1").json()["screenings"]
            case.path_parameters["id"] = listed[0]["id"]
        case.call_and_validate(checks=CHECKS, timeout=60)

    try:
        asked()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, operation.label  # nothing about it can be wrong
