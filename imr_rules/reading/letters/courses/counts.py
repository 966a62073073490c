"""Counts of visits in running words, and the kind of care they count."""

from __future__ import annotations

import re

from imr_rules.reading import NUMBER, Amount, number
from imr_rules.reading.letters.disciplines import DISCIPLINE, name_of

__all__ = ["BARE", "ORDINAL", "ORDINALS", "amount_of", "discipline_of", "find_counts", "reach"]

_UNIT = r"(?:visits?|sessions?|treatments?|appointments?)"
_AT_LEAST = r"at least|more than|over|no fewer than|a minimum of|approximately|about|around|nearly"
_COUNT = re.compile(
    rf"(?P<bound>\b(?:{_AT_LEAST}|up to|at most) )?(?:an? (?:total|set|course) of )?#?"
    rf" ?(?P<low>{NUMBER})(?: ?(?P<joint>-|to|(?<=between .) ?and|(?<=between ..) ?and|of(?: the)?|out of(?: the)?|/) ?(?P<high>\d{{1,3}}|[a-z]+(?:"
    rf" \(\d+\))?))?"
    rf"(?P<middle>(?: [A-Za-z/'-]+){{0,5}}?) (?P<unit>{_UNIT})\b",
    re.I,
)
_TIMES = re.compile(
    rf"(?P<discipline>{DISCIPLINE})(?: sessions?| visits?)?,? ?(?:x|times|#|\() ?(?P<bound>(?:{_AT_LEAST})"
    rf" )?(?P<low>{NUMBER})(?![\w%/x]| ?(?:times|x|days?|weeks?|mg|per|a week)\b)(?! ?\w* ?,? ?#)",
    re.I,
)
_PART_OF = re.compile(
    rf"(?P<low>\d{{1,3}}) ?(?:/|of|out of) ?(?P<high>\d{{1,3}}) (?:{_UNIT} (?:of"
    rf" )?)?(?P<discipline>{DISCIPLINE})",
    re.I,
)
ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}
ORDINAL = re.compile(
    rf"\b(?P<ordinal>{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)) (?:and (?:last|final) )?(?P<middle>(?:[A-Za-z-]+ ){{0,3}}?)"
    r"(?:visit|session|treatment|appointment)\b(?!s)",
    re.I,
)
# "was approved for 12 visits but attended only 5": a count whose unit was said before
BARE = re.compile(
    rf"\b(?:attended|completed|used|received|finished|undergone|had)(?: only| just)? (?P<low>{NUMBER})"
    r"(?: of (?:them|these|those))?(?= ?(?:[.,;]|$|to date\b|so far\b))",
    re.I,
)


def find_counts(text: str) -> list[re.Match[str]]:
    """Return every count of visits in a sentence; of two that overlap, the surer first."""
    return [*_PART_OF.finditer(text), *_COUNT.finditer(text), *_TIMES.finditer(text)]


def reach(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the stretch a count covers together with the discipline right behind it."""
    after = re.match(
        rf"(?: (?:of|in|with|for|course|the|prior|previous|initial|formal|supervised)){{0"
        rf",3}} ?(?:{DISCIPLINE})",
        text[match.end() :],
        re.I,
    )
    return match.start(), match.end() + (after.end() if after else 0)


def discipline_of(text: str, match: re.Match[str]) -> str | None:
    """Return the kind of care that a count is of, by the nearest words."""
    groups = match.groupdict()
    if groups.get("discipline"):
        return name_of(groups["discipline"])
    inside = re.search(DISCIPLINE, match["middle"] + " ", re.I)
    if inside is not None:
        return name_of(match["middle"][inside.start() :].strip())
    after = re.match(rf"(?: [a-z]+){{0,3}}? ?(?P<d>{DISCIPLINE})", text[match.end() : match.end() + 70], re.I)
    if after is not None:
        return name_of(after["d"])
    before = list(re.finditer(DISCIPLINE, text[max(0, match.start() - 70) : match.start()], re.I))
    return name_of(before[-1][0]) if before else None


def amount_of(match: re.Match[str]) -> Amount | None:
    """Return a count, exact or bounded; ``None`` where it is no number."""
    groups = match.groupdict()
    try:
        low = number(match["low"])
        high = number(groups["high"]) if groups.get("high") else None
    except ValueError:
        return None
    joint = (groups.get("joint") or "").strip().lower()
    if match.re is _PART_OF or joint.startswith(("of", "out", "/")):
        return Amount(low, low, "visit", "stated") if high is None or low <= high else None
    bound = (groups.get("bound") or "").strip().lower()
    if high is not None:
        return Amount(min(low, high), max(low, high), "visit", "stated")
    if bound in ("up to", "at most"):
        return Amount(None, low, "visit", "stated")
    if bound in ("more than", "over"):
        return Amount(low + 1, None, "visit", "stated")
    if bound in ("at least", "no fewer than", "a minimum of"):
        return Amount(low, None, "visit", "stated")
    return Amount(low, low, "visit", f"stated, {bound}" if bound else "stated")
