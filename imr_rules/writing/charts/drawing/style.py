"""What the three pictures share: the small size of type, and hatching."""

__all__ = ["HATCH", "SMALL"]

SMALL = 10.5
HATCH = "////"
