"""The JSON Schemas say what the readers do, as an editor or an intake system checks by them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from imr_rules import Rulebook
from imr_rules._reading import read_document
from imr_rules.errors import InputError
from imr_rules.schemas import case_schema, guideline_schema
from tests.paths import FIXTURES, ROOT

EVERY_FIXTURE = sorted(FIXTURES.rglob("*.yaml"))
GUIDELINES = sorted((ROOT / "rulesets" / "mtus").glob("*/**/*.yaml"))
ITEM = {"service": "physical therapy"}


@cache
def validator(kind: str) -> Draft202012Validator:
    rulebook = Rulebook.load()
    schema = case_schema(rulebook) if kind == "case" else guideline_schema(rulebook)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(json.loads(json.dumps(schema)))


@pytest.mark.parametrize("file", EVERY_FIXTURE, ids=lambda file: file.stem)
def test_every_fixture_is_a_case_by_the_schema(file: Any) -> None:
    validator("case").validate(read_document(file, InputError).data)


def test_every_guideline_is_one_by_the_schema() -> None:
    for file in GUIDELINES:
        validator("guideline").validate(read_document(file, InputError).data)


BAD: dict[str, dict[str, Any]] = {
    "no items": {"items": []},
    "unknown key": {"items": [ITEM], "itmes": []},
    "text for a count": {"items": [{**ITEM, "asked": "12"}]},
    "negative count": {"items": [{**ITEM, "asked": -1}]},
    "unknown unit": {"items": [{**ITEM, "asked": {"value": 1, "unit": "moons"}}]},
    "unknown fact": {"items": [ITEM], "findings": {"rationael": True}},
    "number for a truth": {"items": [ITEM], "findings": {"rationale": 3}},
    "unknown treatment in the history": {"items": [ITEM], "history": [{"treatment": "leeches"}]},
    "unknown body region": {"items": [{**ITEM, "body_part": {"region": "sholder"}}]},
    "no date": {"items": [ITEM], "request": {"date": "yesterday"}},
    "no vertebra": {"items": [{**ITEM, "body_part": {"region": "low_back", "level": "L9"}}]},
    "control character": {"items": [{"service": "a\x1b[31m"}]},
}


@pytest.mark.parametrize("name", BAD)
def test_what_the_reader_refuses_the_schema_refuses(name: str) -> None:
    with pytest.raises(ValidationError):
        validator("case").validate(BAD[name])
