"""What fixtures see of a rulebook: statuses of criteria, the surroundings of limits, the edges of editions."""

from imr_rules.workbench.coverage.measure import (
    Coverage,
    CriterionSeen,
    DateSeen,
    GuidelineCoverage,
    LimitSeen,
    measure,
)

__all__ = ["Coverage", "CriterionSeen", "DateSeen", "GuidelineCoverage", "LimitSeen", "measure"]
