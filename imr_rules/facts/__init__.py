"""Facts: the dictionary's types, and one flat typed row of facts for each disputed item."""

from imr_rules.facts.values import FactType, Kind, Row, Silence, State, Value

__all__ = ["FactType", "Kind", "Row", "Silence", "State", "Value"]
