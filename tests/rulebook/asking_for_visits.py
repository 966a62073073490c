"""Ask for visits of a treatment: cases in a line, for the tests of what is limited by visits."""

from typing import Any

from imr_rules import Case, Rulebook, screen
from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking import READ

RULEBOOK = Rulebook.load()

PM09, PM16 = "mtus/chronic-pain-2009/physical-medicine", "mtus/chronic-pain-2016/physical-medicine"
MT09, MT16 = "mtus/chronic-pain-2009/manual-therapy", "mtus/chronic-pain-2016/manual-therapy"
CBT09, CBT16 = (
    "mtus/chronic-pain-2009/behavioral-interventions",
    "mtus/chronic-pain-2016/behavioral-interventions",
)
ACU = "mtus/acupuncture-2007/acupuncture"
PS = "mtus/postsurgical-2009/postsurgical-physical-medicine"
CAP = "mtus/labor-code/visit-cap-2013#visits-per-injury"
NECESSITY = "mtus/labor-code/necessity#principal-procedure-supported"


def item(service: str = "it", **parts: Any) -> dict[str, Any]:
    return {"service": service, **parts}


def judged(
    *items: Any, request: str = "2016-12-01", injury: str = "2016-10-15", **case: Any
) -> tuple[ItemScreening, ...]:
    data = {"request": {"date": request}, "items": list(items), **case}
    if injury:
        data["injury"] = {"date": injury}
    return screen(Case.from_data({**READ, **data}), RULEBOOK).items


def judge(
    treatment: str,
    in_dispute: Any,
    *,
    region: str = "low_back",
    prior: Any = None,
    findings: Any = None,
    request: str = "2016-12-01",
    **rest: Any,
) -> ItemScreening:
    """Screen one request; ``prior`` visits of the same treatment, or a whole course."""
    case = {
        key: rest.pop(key)
        for key in ("injury", "surgeries", "diagnoses", "measurements", "history")
        if key in rest
    }
    if prior is not None:
        course = prior if isinstance(prior, dict) else {"attended": prior}
        case["history"] = [{"treatment": treatment, "body_part": {"region": region}, **course}]
    one = item(
        treatment=treatment,
        in_dispute=in_dispute,
        body_part={"region": region},
        findings=findings or {},
        **rest,
    )
    return judged(one, request=request, **case)[0]


def status(screened: ItemScreening, criterion: str) -> str | None:
    return {each.id: each.status for each in screened.criteria}.get(criterion)


def reason(screened: ItemScreening, criterion: str) -> str:
    return next(each.reason for each in screened.criteria if each.id == criterion)


SILENT = {"undocumented": ["progress notes"]}
IMPROVED = {"objective_improvement": True}
CHRONIC = [{"text": "chronic pain"}]
