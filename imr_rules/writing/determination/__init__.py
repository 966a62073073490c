"""The determination: a draft rationale for one disputed item, built from its screening.

A physician picks the outcome; the draft follows it, says where it departs from the suggestion, and leaves a
bracketed blank wherever the reviewer must speak. Nothing here decides.
"""

from imr_rules.writing.determination.draft import Determination, Section, draft
from imr_rules.writing.determination.writing import blanks, to_markdown, to_text

__all__ = ["Determination", "Section", "blanks", "draft", "to_markdown", "to_text"]
