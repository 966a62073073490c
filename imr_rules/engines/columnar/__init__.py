"""Millions of items: an Arrow record batch of flat facts in, one of suggestions out, in NumPy.

One stateless function that judges together what asks alike, and whose pickle is its rulebook: that is all that
one machine, Spark or Ray need. Property tests hold it to the reference on every column.
"""

from imr_rules.engines.columnar._evaluator import ColumnarEvaluator
from imr_rules.engines.columnar._schema import OUTPUT, check_schema

__all__ = ["OUTPUT", "ColumnarEvaluator", "check_schema"]
