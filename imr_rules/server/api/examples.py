"""Examples of request bodies, shown in OpenAPI. Tests send every one of them."""

from __future__ import annotations

import json
from typing import Any

_THERAPY: dict[str, Any] = {
    "case": "intake-2041",
    "request": {"date": "2014-03-04"},
    "injury": {"date": "2012-10"},
    "diagnoses": [{"text": "chronic pain", "icd9": "338.4"}, {"text": "depressive disorder", "icd9": "311"}],
    "items": [
        {
            "id": "item-1",
            "service": "Cognitive behavioral therapy, 4 sessions",
            "asked": {"value": 4, "unit": "session"},
            "authorized": 0,
            "in_dispute": {"value": 4, "unit": "session"},
            "course": "continuing",
            "utilization_review": {"decision": "denied", "date": "2014-03-11"},
        }
    ],
    "history": [{"treatment": "psychotherapy", "attended": {"value": 12, "unit": "session"}}],
    "measurements": [
        {"instrument": "BDI", "date": "2013-11-02", "score": 22},
        {"instrument": "BDI", "date": "2014-02-20", "score": 10},
    ],
    "findings": {
        "ready_to_end": True,
        "rationale": {"undocumented": ["the request", "progress report of 20 February"]},
    },
    "documents": [
        {"id": "rfa", "kind": "request", "date": "2014-03-04", "pages": 2},
        {"id": "pr2", "kind": "progress_report", "date": "2014-02-20", "pages": 4},
        {"id": "ur", "kind": "utilization_review", "date": "2014-03-11", "pages": 6},
    ],
}

_ONLY_THE_REQUEST: dict[str, Any] = {
    "request": {"date": "2014-03-04"},
    "items": [{"service": "Physical therapy, 12 visits", "asked": 12}],
}

CASES: dict[str, Any] = {"continued therapy": _THERAPY, "only the request": _ONLY_THE_REQUEST}

AMENDMENTS: dict[str, Any] = {
    "a fact supplied": {
        "reason": "The provider sent the report of 1 March, which states why more sessions are needed.",
        "changes": {"findings": {"rationale": True}},
    }
}

SIGNOFFS: dict[str, Any] = {
    "agrees": {
        "item": "item-1",
        "outcome": "uphold",
        "position": "agree",
        "specialty": "psychology",
        "credentials_attested": True,
        "seconds_on_case": 95,
        "evidence_opened": [{"document": "pr2", "page": 3}],
    },
    "overrides": {
        "item": "item-1",
        "outcome": "overturn",
        "position": "override",
        "reason_code": "exceptional_factors",
        "reason": "A relapse after the last session is documented on page 3.",
        "specialty": "psychology",
    },
}

BATCHES: dict[str, Any] = {
    "two cases": "".join(json.dumps(case) + "\n" for case in (_THERAPY, _ONLY_THE_REQUEST)),
}
