"""What OpenAPI says of each endpoint: its answers, its body, its examples."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from imr_rules.screening import Screening
from imr_rules.server import messages
from imr_rules.server.api import examples
from imr_rules.server.problems import MEDIA_TYPE, TITLES

ScreeningId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of a screening.")]
Digest = Annotated[str, Path(pattern=r"^sha256:[0-9a-f]{64}$", description="The digest of a rulebook.")]

_PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
_ETAG = {"ETag": {"description": "The version of the screening, for If-Match.", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of problems; those that any request can meet are always among them."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted({*statuses, 500, 503}):
        found[status] = {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        if status in (429, 503, 507):
            found[status]["headers"] = _RETRY
    return found


_ASKED = (401, 403, 429)
_BODY = (400, 408, 413, 415, 422)
_STORED = (507,)
_ONE = (404, 410)


def _json(model: type[Any], what: str, **more: Any) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    return {"description": what, "content": {"application/json": content}, **more}


def _body(schema: str, named: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    content = {
        "schema": {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string"},
        "examples": {name: {"value": value} for name, value in named.items()},
    }
    return {"requestBody": {"required": True, "content": {media_type: content}}}


_DOCUMENT = messages.ScreeningDocument


def _changed(what: str) -> dict[str, Any]:
    """Return the description of an answer to a change: the document, or a receipt for a key that may not read it."""
    kinds = (_DOCUMENT, messages.ScreeningReceipt)
    schema = {"anyOf": [{"$ref": f"#/components/schemas/{each.__name__}"} for each in kinds]}
    headers = {**_ETAG, **_LOCATION}
    return {"description": what, "content": {"application/json": {"schema": schema}}, "headers": headers}


def _text(what: str, media_type: str) -> dict[str, Any]:
    return {"description": what, "content": {media_type: {"schema": {"type": "string"}}}}


POST_SCREENING: dict[str, Any] = {
    "responses": {
        201: _json(_DOCUMENT, "Screened and stored.", headers={**_ETAG, **_LOCATION}),
        **_problems(*_ASKED, *_BODY, *_STORED),
    },
    "openapi_extra": _body("Case", examples.CASES),
}
VALIDATE: dict[str, Any] = {
    "responses": {
        200: _json(Screening, "Screened; nothing is stored."),
        **_problems(*_ASKED, *_BODY),
    },
    "openapi_extra": _body("Case", examples.CASES),
}
LIST: dict[str, Any] = {
    "responses": {
        200: _json(
            messages.ScreeningList,
            "A page.",
            headers={"Link": {"description": "The next page (RFC 8288).", "schema": {"type": "string"}}},
        ),
        **_problems(*_ASKED, 400, 422),
    }
}
GET_SCREENING: dict[str, Any] = {
    "responses": {
        200: _json(_DOCUMENT, "The screening as it stands.", headers=_ETAG),
        304: {"description": "It is still what the sender has.", "headers": _ETAG},
        **_problems(*_ASKED, *_ONE, 422, *_STORED),
    }
}
REPORT: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The answer alone.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Screening"}},
                "text/markdown": {"schema": {"type": "string"}},
                "text/html": {"schema": {"type": "string"}},
                "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **_problems(*_ASKED, *_ONE, 409, 422, *_STORED),
    }
}
AMEND: dict[str, Any] = {
    "responses": {
        201: _changed("The new screening; its receipt, for a key without the scope read."),
        **_problems(*_ASKED, *_BODY, *_ONE, 409, 412, 428, *_STORED),
    },
    "openapi_extra": _body("Amendment", examples.AMENDMENTS),
}
SIGN: dict[str, Any] = {
    "responses": {
        201: _changed("The screening as it stands now; its receipt, for a key without the scope read."),
        **_problems(*_ASKED, *_BODY, *_ONE, 409, 412, 428, *_STORED),
    },
    "openapi_extra": _body("SignOff", examples.SIGNOFFS),
}
REPLAY: dict[str, Any] = {
    "responses": {
        200: _json(messages.Replay, "Then and now."),
        **_problems(*_ASKED, *_ONE, 422, *_STORED),
    }
}
FIXTURE: dict[str, Any] = {
    "response_class": Response,  # whose content is described here alone
    "responses": {
        200: _text("A case file.", "application/yaml"),
        **_problems(*_ASKED, *_ONE, 409, 422, *_STORED),
    },
}
BATCH: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: _text("A JSON object a line.", "application/x-ndjson"),
        **_problems(*_ASKED, *_BODY, *_STORED),
    },
    "openapi_extra": _body("", examples.BATCHES, "application/x-ndjson"),
}
RULEBOOKS: dict[str, Any] = {
    "responses": {200: _json(messages.RulebookList, "Every rulebook."), **_problems(*_ASKED, 422)}
}
RULEBOOK: dict[str, Any] = {
    "responses": {200: _json(messages.RulebookShown, "The rulebook."), **_problems(*_ASKED, 404, 422)}
}
FACTS: dict[str, Any] = {
    "responses": {200: _json(messages.FactList, "The facts."), **_problems(*_ASKED, 404, 422)}
}
HEALTH: dict[str, Any] = {"responses": {200: _json(messages.Health, "It answers."), **_problems()}}
READY: dict[str, Any] = {"responses": {200: _json(messages.Readiness, "It can work."), **_problems(507)}}
METRICS: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: _text("Metrics.", "text/plain"),
        **_problems(*_ASKED, 422),
    },
}
