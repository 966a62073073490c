"""The description says what is so: it is valid, its examples are taken, and real answers have the shapes it gives."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from imr_rules import Case
from imr_rules.server.api import examples
from tests.paths import DETERMINATIONS
from tests.server.running import Running

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def validator(description: dict[str, Any], schema: dict[str, Any]) -> Any:
    whole = {**schema, "components": description["components"]}
    kind = jsonschema.Draft202012Validator
    kind.check_schema(whole)
    return kind(whole)


@pytest.fixture
def description(local: Running) -> dict[str, Any]:
    found: dict[str, Any] = local.client.get("/openapi.json").json()
    return found


def test_it_is_openapi_3_1_and_describes_every_route(local: Running, description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert set(description["paths"]) == {
        "/v1/screenings", "/v1/screenings:validate", "/v1/screenings:batch", "/v1/screenings/{id}",
        "/v1/screenings/{id}/report", "/v1/screenings/{id}/amendments", "/v1/screenings/{id}/signoffs",
        "/v1/screenings/{id}/replay", "/v1/screenings/{id}/fixture-candidate", "/v1/rulebooks",
        "/v1/rulebooks/{digest}", "/v1/facts", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    text = json.dumps(description)
    assert "HTTPValidationError" not in text
    for name in _references(description):
        assert name in description["components"]["schemas"], name


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return {name for each in node for name in _references(each)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"].rpartition("/")[2]} if isinstance(node.get("$ref"), str) else set()
    return own | {name for key, each in node.items() if key != "$ref" for name in _references(each)}


def test_every_example_of_a_body_fits_its_schema(description: dict[str, Any]) -> None:
    tried = 0
    for operations in description["paths"].values():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for example in content["examples"].values():
                    validator(description, content["schema"]).validate(example["value"])
                    tried += 1
    assert tried >= 8


def test_real_answers_have_the_shapes_it_gives(local: Running, description: dict[str, Any]) -> None:
    client = local.client
    stored = local.posted(THERAPY)
    id = stored["id"]
    version = {"If-Match": '"1"'}

    def fits(method: str, path: str, **request: Any) -> None:
        url = path.replace("{id}", id).replace("{digest}", stored["screening"]["rulebook"]["digest"])
        answer = client.request(method, url, **request)
        operation = description["paths"][path.partition("?")[0]][method.lower()]
        declared = operation["responses"][str(answer.status_code)]
        kind = answer.headers["content-type"].partition(";")[0]
        schema = declared["content"][kind]["schema"]
        if kind.endswith("json"):
            validator(description, schema).validate(answer.json())
        for name in ("ETag", "Location", "Retry-After", "Link"):
            assert name not in answer.headers or name in declared.get("headers", {}), (method, path, name)

    for case in examples.CASES.values():
        fits("POST", "/v1/screenings", json=case)
        fits("POST", "/v1/screenings:validate", json=case)
    fits("POST", "/v1/screenings", json={"items": []})
    fits("POST", "/v1/screenings", content="x", headers={"Content-Type": "text/plain"})
    fits("GET", "/v1/screenings")
    fits("GET", "/v1/screenings?limit=1")
    for part in ("", "/report", "/report?format=markdown", "/fixture-candidate"):
        fits("GET", "/v1/screenings/{id}" + part)
    fits("POST", "/v1/screenings/{id}/signoffs", json=examples.SIGNOFFS["agrees"])
    fits("POST", "/v1/screenings/{id}/signoffs", json=examples.SIGNOFFS["agrees"], headers=version)
    fits("POST", "/v1/screenings/{id}/signoffs", json=examples.SIGNOFFS["overrides"], headers=version)
    fits(
        "POST",
        "/v1/screenings/{id}/signoffs",
        json=examples.SIGNOFFS["overrides"],
        headers={"If-Match": '"2"'},
    )
    fits("GET", "/v1/screenings/{id}/fixture-candidate")
    fits("POST", "/v1/screenings/{id}/replay")
    fits("POST", "/v1/screenings/{id}/amendments", json=examples.AMENDMENTS["a fact supplied"])
    fits("POST", "/v1/screenings/{id}/amendments", json=examples.AMENDMENTS["a fact supplied"])
    fits("GET", "/v1/screenings/{id}")
    for path in ("/v1/rulebooks", "/v1/rulebooks/{digest}", "/healthz", "/readyz", "/metrics"):
        fits("GET", path)
    for treatment in ("psychotherapy", "physical_therapy"):
        fits("GET", f"/v1/facts?treatment={treatment}")


@pytest.mark.parametrize("name", examples.BATCHES)
def test_the_examples_of_a_batch_are_taken(local: Running, name: str, description: dict[str, Any]) -> None:
    answer = local.client.post(
        "/v1/screenings:batch?answers=full", content=examples.BATCHES[name],
        headers={"Content-Type": "application/x-ndjson"},
    )  # fmt: skip
    schema = {"$ref": "#/components/schemas/BatchAnswer"}
    for line in answer.text.splitlines():
        validator(description, schema).validate(json.loads(line))
        assert json.loads(line).get("status", 201) == 201


def test_every_fixture_gets_an_answer_of_the_shape_it_gives(
    local: Running, description: dict[str, Any]
) -> None:
    check = validator(description, {"$ref": "#/components/schemas/Screening"})
    accept = validator(description, {"$ref": "#/components/schemas/Case"})
    for path in sorted(DETERMINATIONS.glob("*.yaml")):
        case = Case.from_file(path).model_dump(mode="json", exclude={"expect"}, exclude_defaults=True)
        accept.validate(case)
        answer = local.client.post("/v1/screenings:validate", json=case)
        assert answer.status_code == 200, path.name
        check.validate(answer.json())
