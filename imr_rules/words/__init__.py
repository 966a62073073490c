"""What words say: the lexicon, and what a line that asks for a service says.

>>> line = read_line("Continue therapy 3 times a week for 2 weeks, right shoulder", TreatmentNames({}, {}))
>>> line.asked.quantity.value, line.asked.quantity.unit, line.asked.quantity.method
(6, 'visit', 'frequency x duration')

The same words stand in the items of determination letters, in the requests of case files and on forms, so all are read
here, on one lexicon. Every number is explained or left over and said; what can be read in two ways is bounded.
"""

from imr_rules.words.amounts import Amount, Rate
from imr_rules.words.body_parts import BodyPart, Side, find_body_parts, overlap, same_region
from imr_rules.words.lexicon import Drug, Lexicon, lexicon
from imr_rules.words.line import ServiceLine, read_service
from imr_rules.words.names import TreatmentNames
from imr_rules.words.numbers import NUMBER, SPELLED, number
from imr_rules.words.plain import plain
from imr_rules.words.request import RequestLine, read_line

__all__ = [
    "NUMBER",
    "SPELLED",
    "Amount",
    "BodyPart",
    "Drug",
    "Lexicon",
    "Rate",
    "RequestLine",
    "ServiceLine",
    "Side",
    "TreatmentNames",
    "find_body_parts",
    "lexicon",
    "number",
    "overlap",
    "plain",
    "read_line",
    "read_service",
    "same_region",
]
