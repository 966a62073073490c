"""Many items: files in, one file of suggestions out, in bounded memory and taken up again after any end."""

from imr_rules.batch.flatten import flat_rows
from imr_rules.batch.job import Progress, Total, batch, commonest, rejects_beside

__all__ = ["Progress", "Total", "batch", "commonest", "flat_rows", "rejects_beside"]
