"""Ask for one item in the words of a request, for the tests of what is not limited by visits."""

from collections.abc import Iterable
from typing import Any

from imr_rules import Case, Rulebook, screen
from imr_rules.screening.result import ItemScreening

RULEBOOK = Rulebook.load()
READ = {"record": {"read": "all"}, "documents": [{"kind": "progress_report"}, {"kind": "request"}]}
"""The whole record was read: what it does not say is silent."""
SILENT = {"undocumented": ["the progress notes", "the request"]}


def item(
    service: str,
    *,
    request: str = "2016-12-15",
    injury: str = "2016-10-15",
    history: Any = (),
    region: Any = None,
    diagnoses: Any = (),
    **rest: Any,
) -> ItemScreening:
    """Screen one item; keyword arguments that the case knows go there, the others are findings."""
    of_the_case: dict[str, Any] = {name: rest.pop(name) for name in ("record", "documents") if name in rest}
    fields = ("asked", "authorized", "in_dispute", "duration", "course", "codes")
    asked = {name: rest.pop(name) for name in fields if name in rest}
    if region:
        asked["body_part"] = {"region": region}
    case = Case.from_data(
        {
            **READ,
            "request": {"date": request},
            "injury": {"date": injury},
            "diagnoses": [{"text": text} for text in diagnoses],
            "history": list(history),
            "items": [{"service": service, **asked}],
            "findings": rest,
            **of_the_case,
        }
    )
    return screen(case, RULEBOOK).items[0]


def names(grounds: Iterable[str]) -> set[str]:
    return {ground.split("#")[1] for ground in grounds}


def status(screening: ItemScreening, name: str) -> str:
    return next(each.status for each in screening.criteria if each.id.endswith("#" + name))
