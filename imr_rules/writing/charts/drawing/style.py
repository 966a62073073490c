"""What the three pictures share: the small size of type, hatching, and words cut to fit."""

__all__ = ["HATCH", "SMALL", "fit"]

SMALL = 10.5
HATCH = "////"


def fit(words: str, room: int) -> str:
    """Return words cut to so many characters."""
    return words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
