"""JSON Schema of case files and of the files of a rulebook, with the rulebook's own names in them."""

from imr_rules.schemas.case import case_schema
from imr_rules.schemas.files import FILES, file_schema
from imr_rules.schemas.guideline import guideline_schema

__all__ = ["FILES", "case_schema", "file_schema", "guideline_schema"]
