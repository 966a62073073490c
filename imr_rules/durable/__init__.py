"""One item, in durable-rules: the second implementation that every answer is held to.

durable-rules is a C Rete engine. Fed the wrong way it crashes, hangs or answers wrongly without a word, so
it is driven one way only: its extension module alone, one flat typed fact an item, a constant session,
shards of few rules with a sentinel that must fire, integers, truths and words as values, and a lock around
each evaluation. What this guards is the comparison of leaves and the structure of ``and``, ``or`` and
``not``; it does not guard derivation or selection, which happen before it in Python.
"""

from imr_rules.durable.evaluator import DurableEvaluator
from imr_rules.durable.rules import spread_of
from imr_rules.durable.shard import MOST_RULES, available, why_unavailable
from imr_rules.durable.text import MOST_NUMBER

__all__ = ["MOST_NUMBER", "MOST_RULES", "DurableEvaluator", "available", "spread_of", "why_unavailable"]
