"""Millions of items: an Arrow record batch of flat facts in, one of suggestions out, in NumPy.

One stateless function that judges together what asks alike, and whose pickle is its rulebook: that is all that
one machine, Spark or Ray need. Property tests hold it to the reference on every column.
"""

from imr_rules.engines.columnar.evaluator import ColumnarEvaluator
from imr_rules.engines.columnar.schema import AT_ONCE, OUTPUT, check_schema

__all__ = ["AT_ONCE", "OUTPUT", "ColumnarEvaluator", "check_schema"]
