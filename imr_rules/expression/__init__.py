"""The criteria language: text to a typed tree, and what a tree means over three values.

::

    visits_if_granted <= limits.total.visits.max and not ready_to_end
    region in [neck, low_back] or weeks_since_injury >= 6
    surgery_date + 180 >= request_date

Names are facts of the dictionary and ``limits`` of the guideline. There are comparisons, ``and``,
``or``, ``not``, ``in [...]``, ``+``, ``-``, a whole number times something, and days between dates.
There are no decimals, no division and no product of two facts, so every evaluator is exact.

A tree is *true*, *false* or *unknown* (Kleene's three values): a comparison is true or false when every
value still possible agrees.
"""

from imr_rules.expression.parser import Resolver, parse
from imr_rules.expression.tokens import ExpressionFault
from imr_rules.expression.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Compare,
    Constant,
    Leaf,
    Linear,
    Node,
    Not,
    OneOf,
    Truth,
    leaves,
    names,
)
from imr_rules.expression.writer import write

__all__ = [
    "AllOf",
    "AnyOf",
    "Comparator",
    "Compare",
    "Constant",
    "ExpressionFault",
    "Leaf",
    "Linear",
    "Node",
    "Not",
    "OneOf",
    "Resolver",
    "Truth",
    "leaves",
    "names",
    "parse",
    "write",
]
