"""The report of a screening: as Markdown, as a page that stands alone, and as PDF (the extra ``page``)."""

from imr_rules.writing.report.markdown import lists_of, matters, to_markdown, worth_showing

__all__ = ["lists_of", "matters", "to_markdown", "worth_showing"]
