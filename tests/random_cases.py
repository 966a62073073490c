"""Cases made up from a rulebook's own vocabulary, by seed or by Hypothesis: what holds for all cases is tried on these."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from imr_rules import Rulebook
from imr_rules.expression.values import FactType

_COMMON = ("physical_therapy", "occupational_therapy", "chiropractic", "acupuncture", "psychotherapy", "cognitive_behavioral_therapy")  # fmt: skip
_REGIONS = ("low_back", "neck", "shoulder", "knee", "wrist")
_DIAGNOSES = ("lumbar sprain", "chronic low back pain", "depression", "rotator cuff tear", "status post fusion", "neuropathic pain")  # fmt: skip
_LIKELY = ("activities_improved", "restrictions_reduced", "dependence_reduced", "measured_gain", "chronic_pain", "functional_deficit", "plateau", "goals_met", "ready_to_end", "rationale", "treatment_goals")  # fmt: skip
_DAYS = ("2012-03-01", "2014-03-01", "2016-10-01", "2017-05-01", "2019-05-01", "2026-05-01")


MANY = int(os.environ.get("IMR_RULES_RANDOM_CASES", "20000"))
"""How many cases the long tests try; a million, by setting the variable."""
_AT_ONCE = 500
"""Cases of one run of Hypothesis, which remembers all that it drew."""


class CaseMaker:
    """Makes cases: by number, where the same number gives the same case, or as chance has it."""

    def __init__(self, rulebook: Rulebook) -> None:
        vocabulary = rulebook.vocabulary
        self._treatments = sorted(vocabulary.treatments)
        self._common = [name for name in _COMMON if name in vocabulary.treatments]
        self._facts = {name: spec for name, spec in sorted(vocabulary.facts.items()) if not spec.derived}
        self._likely = [name for name in _LIKELY if name in self._facts]
        self._procedures = sorted(vocabulary.facts["postsurgical_procedure"].type.choices)

    def case(self, number: int) -> dict[str, Any]:
        """Return case ``number`` as plain data."""
        return self.made(random.Random(number))

    def made(self, chance: random.Random) -> dict[str, Any]:
        """Return a case as plain data, drawn by ``chance``."""
        requested = date.fromisoformat(chance.choice(_DAYS))
        injured = requested - timedelta(days=chance.choice((5, 40, 120, 400, 1500)))
        region = chance.choice(_REGIONS)
        treatment = chance.choice(self._common if chance.random() < 0.6 else self._treatments)
        made: dict[str, Any] = {
            "injury": {"date": str(injured)},
            "request": {"date": str(requested)},
            "diagnoses": [{"text": chance.choice(_DIAGNOSES)}],
            "documents": [{"kind": "request"}, {"kind": "progress_report"}],
            "items": [self._item(chance, treatment, region)],
            "findings": self._findings(chance),
        }
        if chance.random() < 0.6:
            made["history"] = [
                self._course(chance, treatment, region, injured, requested)
                for _ in range(chance.choice((1, 1, 2)))
            ]
        if chance.random() < 0.25:
            operated = injured + (requested - injured) * chance.random()
            made["surgeries"] = [
                {
                    "procedure": chance.choice(self._procedures),
                    "date": str(operated),
                    "body_part": {"region": region},
                }
            ]
        if chance.random() < 0.2:
            made["measurements"] = [
                {"instrument": "BDI", "date": str(injured), "score": chance.randint(15, 40)},
                {"instrument": "BDI", "date": str(requested), "score": chance.randint(5, 30)},
            ]
        return made

    def _item(self, chance: random.Random, treatment: str, region: str) -> dict[str, Any]:
        count = chance.randint(1, 24)
        item: dict[str, Any] = {"service": "as requested", "treatment": treatment, "in_dispute": count}
        item["body_part"] = {"region": region}
        if chance.random() < 0.5:
            item["course"] = chance.choice(("initial", "continuing"))
        return item

    def _course(
        self, chance: random.Random, treatment: str, region: str, injured: date, requested: date
    ) -> dict[str, Any]:
        least = chance.randint(0, 24)
        attended: Any = least if chance.random() < 0.8 else {"at_least": least}
        course: dict[str, Any] = {
            "treatment": treatment,
            "attended": attended,
            "body_part": {"region": region},
        }
        if chance.random() < 0.5:
            course["since"] = str(injured + (requested - injured) * chance.random() / 2)
        return course

    def _findings(self, chance: random.Random) -> dict[str, Any]:
        names = chance.sample(self._likely, chance.randint(0, len(self._likely)))
        names += chance.sample(list(self._facts), chance.randint(0, 10))
        return {name: self._statement(chance, self._facts[name].type) for name in dict.fromkeys(names)}

    @staticmethod
    def _statement(chance: random.Random, kind: FactType) -> Any:
        if chance.random() < 0.1:
            return {"undocumented": ["progress notes"]}
        if kind.kind == "boolean":
            return chance.random() < 0.6
        if kind.kind == "choice":
            return chance.choice(sorted(kind.choices))
        if kind.kind == "date":
            return str(date(2012, 1, 1) + timedelta(days=chance.randint(0, 5000)))
        return chance.randint(kind.low, min(kind.high, kind.low + 60))


def try_cases(check: Callable[[dict[str, Any]], None], maker: CaseMaker, count: int, first: int = 0) -> None:
    """Call ``check`` with ``count`` made-up cases; one that fails is made as small as it may be.

    Args:
        check: raises an AssertionError where a case does not hold.
        maker: of the cases.
        count: how many.
        first: the seed of the first; runs with other seeds try other cases.
    """
    for part, begin in enumerate(range(0, count, _AT_ONCE)):

        @seed(first + part)
        @settings(max_examples=min(_AT_ONCE, count - begin), deadline=None, database=None,
                  phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(st.randoms(use_true_random=False))
        def holds(chance: random.Random) -> None:
            made = maker.made(chance)
            note(repr(made))
            check(made)

        holds()
