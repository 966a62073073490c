"""Run by test_units.py in a process of its own: what one more entry of the table of units gives.

The table is read with an entry for ampoules in it, and each part of the package says what it makes of them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

_TABLE = Path(__file__).parents[1] / "imr_rules" / "_units.py"
_ENTRY = 'UnitEntry("ampoule", "ampoules", 500, "injected", begun_means_one=True, aliases=("amp",)),'

source = _TABLE.read_text(encoding="utf-8")
first = '    UnitEntry("session"'
assert first in source
units = sys.modules["imr_rules._units"] = ModuleType("imr_rules._units")
exec(compile(source.replace(first, f"    {_ENTRY}\n{first}"), str(_TABLE), "exec"), units.__dict__)

# Only now: these read the table when they are imported.
from imr_rules import Case, Rulebook, screen, what_if  # noqa: E402
from imr_rules.rulebook.overview import say_amounts  # noqa: E402
from imr_rules.schemas import case_schema, guideline_schema  # noqa: E402
from imr_rules.writing.charts.counts import counts  # noqa: E402
from imr_rules.writing.words import say_quantities  # noqa: E402

rulebook = Rulebook.load(Path(sys.argv[1]), cached=False)
case = Case.from_data(
    {
        "record": {"read": "all"},
        "documents": [{"kind": "therapy_notes"}],
        "request": {"date": "2014-03-01"},
        "findings": {"chronic_pain": True, "rationale": True},
        "items": [
            {"service": "Therapy", "treatment": "therapy", "in_dispute": {"value": 8, "unit": "ampoule"}}
        ],
        "history": [{"treatment": "therapy", "attended": {"value": 4, "unit": "ampoule"}}],
    }
)
screening = screen(case, rulebook)
(item,) = screening.items
result = {each.id.partition("#")[2]: each for each in item.criteria}["within-total"]
(bar,) = counts(case, screening, "item-1", rulebook)
print(
    json.dumps(
        {
            "status": result.status,
            "reason": result.reason.split(".")[0],
            "flips": [[str(change) for change in way.changes] for way in what_if(case, rulebook)[0].flips],
            "words": say_quantities(item),
            "limit": say_amounts(rulebook.guidelines["example/therapy"].limits["total"].amounts),
            "asks": rulebook.vocabulary.facts["ampoules_attended"].asks,
            "bar": str(bar).partition(";")[0],
            "in the case's schema": "ampoule" in json.dumps(case_schema(rulebook)),
            "in the guideline's schema": "ampoules" in json.dumps(guideline_schema(rulebook)),
        }
    )
)
