"""Reads what an intake desk holds into a draft case: requests, decisions, applications and records.

>>> draft = read_papers(["request.pdf", "decision.pdf"], rulebook.vocabulary)      # doctest: +SKIP
>>> draft.case.items[0].asked, draft.cautions                                      # doctest: +SKIP

Each value has its document, page and place; whoever confirms it sees, in ``draft.proposals``, the sentence or field it was
read from. The case keeps places alone. Names, birth dates, claim numbers, addresses and the like are never kept.
"""

from imr_rules.reading.papers.draft import Draft, Proposal, draft_text
from imr_rules.reading.papers.reading import LIMITS, read_papers

__all__ = ["LIMITS", "Draft", "Proposal", "draft_text", "read_papers"]
