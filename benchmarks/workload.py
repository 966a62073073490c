"""What is measured: a generated rulebook, random cases, and the same rules written for the other engines.

The rulebook has 30 treatments with five criteria each, over 20 facts: seven worked out from the structured
parts of a case and 13 given as findings. Each criterion counts against a request on one conjunction of tests
(:class:`Against`), so that it is one row of a decision table, one boolean of an expression, one rule of the
bare engine. The others are told what was worked out already, and answer only which criteria count against
the request; ``screen()`` starts from the parsed case and also gives statuses, reasons and citations.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imr_rules import Case, Rulebook, screen
from imr_rules._reading import read_document
from imr_rules.errors import RulebookError
from imr_rules.facts.derive import derive
from imr_rules.rulebook.in_use import shipped
from imr_rules.screening import ItemScreening, PreparedItem, prepare_item

SILENT = "undocumented"
"""How the others are told of a fact that a searched record is silent about."""

DERIVED = (
    "visits_if_granted", "prior_visits", "authorized", "in_dispute", "first_course", "weeks_since_injury", "age",
)  # fmt: skip
SHOWN = ("shown_1", "shown_2", "shown_3", "shown_4")
STATES = ("state_1", "state_2", "state_3", "state_4")
LEVELS = ("level_1", "level_2", "level_3")
CHOICES = {"stage": ("acute", "subacute", "chronic"), "setting": ("home", "office", "hospital")}
FACTS = (*DERIVED, *SHOWN, *STATES, *LEVELS, *CHOICES)


@dataclass(frozen=True)
class Against:
    """One criterion as what counts against the request: tests that must all hold, by fact.

    A test is ``(">", number)`` or the like, or ``("in", values)``.
    """

    id: str
    tests: dict[str, tuple[str, Any]]


@dataclass(frozen=True)
class Workload:
    """A rulebook in a directory, and what counts against a request for each of its treatments."""

    directory: Path
    against: dict[str, tuple[Against, ...]]


def make_workload(directory: Path, treatments: int = 30, seed: int = 1) -> Workload:
    """Write a rulebook of ``5 * treatments`` criteria into ``directory``."""
    draw = random.Random(seed)
    against = {}
    for number in range(treatments):
        name = f"treatment_{number}"
        guideline, found = _guideline(number, name, draw)
        _write(directory / "guidelines" / f"{name}.yaml", guideline)
        against[name] = found
    base = shipped().base
    facts = read_document(base / "facts.yaml", RulebookError).data["facts"]
    _write(directory / "facts.yaml", {"facts": facts | _facts()})
    _write(directory / "treatments.yaml", _treatments(treatments))
    scales = read_document(base / "instruments.yaml", RulebookError).data
    _write(directory / "instruments.yaml", scales)
    source = {"document": "A generated guideline", "regulation": "none", "tier": "mtus"}
    _write(directory / "sources.yaml", {"version": "generated", "sources": {"generated": source}})
    return Workload(directory, against)


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _facts() -> dict[str, Any]:
    def fact(label: str, **more: Any) -> dict[str, Any]:
        return {"label": label, "asks": f"What of {label}?", "domain": "generated", **more}

    found = {name: fact(name, type="yes_no", silence="against_request") for name in SHOWN}
    found |= {name: fact(name, type="yes_no", silence="absent") for name in STATES}
    found |= {name: fact(name, type="number", between=[0, 100]) for name in LEVELS}
    return found | {name: fact(name, type="choice", one_of=list(words)) for name, words in CHOICES.items()}


def _treatments(count: int) -> dict[str, Any]:
    treatments = {
        f"treatment_{number}": {
            "label": f"treatment {number}",
            "unit": "visit",
            "words": [f"treatment {number}"],
        }
        for number in range(count)
    }
    regions = {"knee": {"label": "knee"}, "shoulder": {"label": "shoulder"}}
    return {"treatments": treatments, "regions": regions}


def _guideline(
    number: int, treatment: str, draw: random.Random
) -> tuple[dict[str, Any], tuple[Against, ...]]:
    total, trial = draw.randint(8, 30), draw.randint(2, 6)
    weeks, level, age = draw.randint(2, 60), draw.randint(20, 80), draw.randint(20, 50)
    first, second = draw.sample(SHOWN, 2)
    ending, scale, choice = draw.choice(STATES), draw.choice(LEVELS), draw.choice(list(CHOICES))
    words = draw.sample(CHOICES[choice], 2)
    name = f"generated/guideline-{number}"
    counts = "{prior_visits} attended, {authorized} authorized and {in_dispute} in dispute make {visits_if_granted}"
    criteria = [
        {
            "id": "within-total",
            "kind": "limit",
            "require": "visits_if_granted <= limits.total.visits",
            "says": {
                "met": f"{counts}: within {{limits.total.visits}}.",
                "unmet": f"{counts}: over {{limits.total.visits}}.",
            },
        },
        {
            "id": "response",
            "kind": "indication",
            "when": "visits_if_granted > limits.trial.visits",
            "require": first,
            "says": {
                "met": "Beyond {limits.trial.visits} visits, a response is shown.",
                "unmet": "Beyond {limits.trial.visits} visits, no response is shown.",
                "undocumented": "Beyond {limits.trial.visits} visits, response is not documented.",
            },
        },
        {
            "id": "continued-need",
            "kind": "bar",
            "when": "not first_course",
            "require": f"not {ending}",
            "says": {
                "met": "Nothing in the record ends the treatment.",
                "unmet": f"Continued need is not shown: {{{ending}}}, after {{prior_visits}} visits.",
            },
        },
        {
            "id": "severity",
            "kind": "indication",
            "when": f"weeks_since_injury >= {weeks} and {choice} in [{', '.join(words)}]",
            "require": f"{scale} >= {level}",
            "says": {
                "met": f"The level of {{{scale}}} is enough after {{weeks_since_injury}} weeks.",
                "unmet": f"The level of {{{scale}}} is not enough after {{weeks_since_injury}} weeks.",
            },
        },
        {
            "id": "reason-for-more",
            "kind": "documentation",
            "when": f"prior_visits > 0 and age >= {age}",
            "require": second,
            "says": {
                "met": "A reason for more visits is given.",
                "unmet": "No reason for more visits is given.",
                "undocumented": "A reason for more visits is not documented.",
            },
        },
    ]
    against = (
        Against(f"{name}#within-total", {"visits_if_granted": (">", total)}),
        Against(f"{name}#response", {"visits_if_granted": (">", trial), first: ("in", (False, SILENT))}),
        Against(f"{name}#continued-need", {"first_course": ("in", (False,)), ending: ("in", (True,))}),
        Against(
            f"{name}#severity",
            {"weeks_since_injury": (">=", weeks), choice: ("in", tuple(words)), scale: ("<", level)},
        ),
        Against(
            f"{name}#reason-for-more",
            {"prior_visits": (">", 0), "age": (">=", age), second: ("in", (False, SILENT))},
        ),
    )
    content = {
        "guideline": name,
        "title": f"Guideline {number}",
        "source": "generated",
        "section": f"Chapter {number}",
        "pages": [number + 1],
        "requests": {"from": "2009-07-18"},
        "applies": {"treatments": [treatment]},
        "limits": {
            "total": {"visits": total, "status": "read"},
            "trial": {"visits": trial, "status": "secondary"},
        },
        "criteria": [
            each | ({} if each["id"] == "within-total" else {"status": "read"}) for each in criteria
        ],
    }
    return content, against


def make_cases(count: int, treatments: int = 30, seed: int = 2) -> list[dict[str, Any]]:
    """Return cases of one item each, as ``json.loads`` gives them; about one fact in seven is missing."""
    draw = random.Random(seed)
    return [_case(number, treatments, draw) for number in range(count)]


def _case(number: int, treatments: int, draw: random.Random) -> dict[str, Any]:
    treatment = f"treatment_{draw.randrange(treatments)}"
    asked, granted = draw.randint(4, 24), draw.choice((0, 0, 2, 4))
    request = f"20{draw.randint(10, 23)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    findings: dict[str, Any] = {}
    for name in (*SHOWN, *STATES, *LEVELS, *CHOICES):
        chance = draw.random()
        if chance < 0.15:
            continue
        if name in SHOWN and chance < 0.3:
            findings[name] = {"undocumented": ["progress notes"]}
        elif name in LEVELS:
            findings[name] = draw.randint(0, 100)
        elif name in CHOICES:
            findings[name] = draw.choice(CHOICES[name])
        elif chance < 0.5:
            findings[name] = {"value": draw.random() < 0.5, "evidence": {"document": "notes", "page": 2}}
        else:
            findings[name] = draw.random() < 0.5
    history = [
        {
            "treatment": treatment,
            "attended": {"value": draw.randint(0, 12), "evidence": {"document": "notes", "page": 1}},
            "body_part": {"region": "knee"},
        }
        for _ in range(draw.choice((0, 1, 1, 2)))
    ]
    return {
        "case": f"case-{number}",
        "worker": {"age": draw.randint(18, 70)} if draw.random() > 0.15 else {},
        "injury": {"date": f"20{draw.randint(5, 9):02d}-{draw.randint(1, 12):02d}-15"},
        "diagnoses": [{"text": "sprain of the knee"}],
        "request": {"date": request},
        "items": [
            {
                "service": "visits",
                "treatment": treatment,
                "body_part": {"region": "knee"},
                "asked": asked,
                "authorized": granted,
                "in_dispute": asked - granted,
                "utilization_review": {"decision": "denied"},
            }
        ],
        "history": history,
        "findings": findings,
        "record": {"read": "all"},
        "documents": [{"id": "notes", "kind": "progress_report"}, {"kind": "utilization_review"}],
    }


def question(case: Case, rulebook: Rulebook) -> PreparedItem:
    """Return the one item of a case, ready to be judged."""
    (named,) = case.named_items
    found = prepare_item(case, *named, rulebook, None)
    assert isinstance(found, PreparedItem)
    return found


def context(case: Case, rulebook: Rulebook) -> dict[str, Any]:
    """Return the facts of a case's item as the other engines are given them: plain values, worked out already."""
    record = question(case, rulebook).record
    found: dict[str, Any] = {}
    for name in FACTS:
        spec = rulebook.vocabulary.facts[name]
        value = derive(record, spec)
        if value.state == "undocumented":
            found[name] = SILENT
        elif value.text is not None:
            found[name] = value.text
        elif value.state != "missing":
            assert value.low == value.high
            found[name] = bool(value.low) if spec.type.kind == "boolean" else value.low
    return found


def screen_one(case: Case, rulebook: Rulebook) -> ItemScreening:
    """Screen a case of one item."""
    return screen(case, rulebook).items[0]


def against_in(item: ItemScreening) -> set[str]:
    """Return the criteria that count against the request, in a screening."""
    return {each.id for each in item.criteria if each.status in ("unmet", "undocumented")}
