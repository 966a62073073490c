"""What the three pictures share: the small size of type, and hatching."""

SMALL = 10.5
HATCH = "////"
