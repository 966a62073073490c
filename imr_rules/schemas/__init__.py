"""JSON Schema of case and guideline files, with the rulebook's own names in it."""

from imr_rules.schemas.case import case_schema
from imr_rules.schemas.guideline import guideline_schema

__all__ = ["case_schema", "guideline_schema"]
