"""A case file from a letter: what a pre-screen would have known, or what the reviewer found as well.

The facts come from the header, the clinical case summary and the titles of the items; with the rationale, also
from what the reviewer found and both sides cited. The outcome goes into ``expect``, which no rule reads. The
visit limits a rationale applied are evidence of practice and are never written.

What the letter does not say is left out, so it is missing; what it says was looked for and not found is
undocumented. Each fact names the page and the characters of the letter it stands in.
"""

from imr_rules.reading.letters.case_file.writing import case_data, to_case, to_case_text

__all__ = ["case_data", "to_case", "to_case_text"]
