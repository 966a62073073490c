"""What a line that asks for a service says: how many, how often, how long, and for which part of the body.

>>> line = read_service("Continue physical therapy 3 times a week for 2 weeks, right shoulder")
>>> line.quantity.value, line.quantity.unit, line.quantity.method
(6, 'visit', 'frequency x duration')

The same words stand in the items of determination letters and in the requests of case files, so both read
them here. Reading is by pattern only: what matched is returned, what was derived says how, and numbers that
matched nothing are listed in ``unrecognized``. Which treatment the words name is not decided here.
"""

from imr_rules.reading.amounts import Amount, Rate
from imr_rules.reading.body_parts import BodyPart, Side, find_body_parts, overlap, same_region
from imr_rules.reading.lexicon import Drug, Lexicon, lexicon
from imr_rules.reading.numbers import NUMBER, SPELLED, number
from imr_rules.reading.plain import plain
from imr_rules.reading.request import Request, read_request
from imr_rules.reading.service import ServiceText, read_service

__all__ = [
    "NUMBER",
    "SPELLED",
    "Amount",
    "BodyPart",
    "Drug",
    "Lexicon",
    "Rate",
    "Request",
    "ServiceText",
    "Side",
    "find_body_parts",
    "lexicon",
    "number",
    "overlap",
    "plain",
    "read_request",
    "read_service",
    "same_region",
]
