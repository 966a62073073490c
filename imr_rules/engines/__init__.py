"""One criteria tree, several machines; all are held to :mod:`~imr_rules.expression.reference`."""
