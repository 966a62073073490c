"""Where on the body: region, side and spinal level, read from the words of a service or a record.

The words are those of requests and chart notes ("right shoulder", "lumbar and bilateral knees", "L4-5",
"RUE"), and the regions are those of the rulebook's vocabulary, with finer ones (finger, toe, groin) beside them.
Nothing is inferred from a diagnosis. A side written once before a list of limbs ("left shoulder,
wrist and hip") is carried along the list and marked so, because the writer may have meant otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["BodyPart", "Side", "find_body_parts", "overlap", "same_region"]

Side = Literal["left", "right", "bilateral"]


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One part of the body as a text names it, with its place: a reading, where a case records a finding.

    Attributes:
        region: what it is, in snake case (``low_back``, ``shoulder`` ...); see ``_REGIONS``.
        side: which one, where the text says; never set for the spine or trunk.
        level: the spinal level as written, upper-case, ``C5-C6`` for "C5-6".
        side_carried: the side was written before an earlier limb of the same list.
        start, end: character offsets in the text that was given.
    """

    region: str
    side: Side | None = None
    level: str | None = None
    side_carried: bool = False
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, object]:
        """Return ``region``, ``side`` and ``level``; and ``side_carried`` where it is true."""
        found: dict[str, object] = {"region": self.region, "side": self.side, "level": self.level}
        if self.side_carried:
            found["side_carried"] = True
        return found


# region -> the words for it; longer words are tried first, whatever their order here
_REGIONS: dict[str, str] = {
    "neck": r"cervical(?: spine)?|c[- ]?spine|c/s|necks?",
    "upper_back": r"thoracic(?: spine)?|t[- ]?spine|t/s|mid(?:dle)?[- ]?back|upper[- ]?back|dorsal spine",
    "low_back": r"lumbar(?: spine)?|lumbosacral(?: spine)?|l[- ]?spine|l/?s[- ]?spine|l/s|low(?:er)?[- ]?backs?",
    "sacrum": r"sacr(?:um|al)|coccyx|tailbone",
    "sacroiliac_joint": r"sacro-?iliac(?: joints?)?|si joints?",
    "spine": r"spine|spinal",
    "back": r"backs?",
    "trapezius": r"trapezius|trapezii",
    "shoulder": r"shoulders?|rotator cuffs?|scapulas?|clavicles?",
    "upper_arm": r"upper arms?|biceps|humerus",
    "elbow": r"elbows?",
    "forearm": r"forearms?",
    "wrist": r"wrists?|carpal tunnels?",
    "hand": r"hands?",
    "thumb": r"thumbs?",
    "finger": r"(?:(?:index|middle|long|ring|little|small|second|third|fourth|fifth|2nd|3rd|4th|5th)"
    r" )?fingers?",
    "arm": r"arms?",
    "upper_extremity": r"upper (?:extremit(?:y|ies)|limbs?)",
    "hip": r"hips?",
    "pelvis": r"pelvis|pelvic",
    "groin": r"groins?",
    "buttock": r"buttocks?",
    "thigh": r"thighs?|femurs?",
    "knee": r"knees?",
    "leg": r"(?:lower )?legs?|cal(?:f|ves)|tibias?|fibulas?|shins?",
    "ankle": r"ankles?|achilles(?: tendons?)?",
    "foot": r"foot|feet|heels?",
    "toe": r"(?:(?:great|big) )?toes?",
    "lower_extremity": r"lower (?:extremit(?:y|ies)|limbs?)",
    "head": r"head|brain(?:/brainstem)?|skull",
    "face": r"face|facial",
    "jaw": r"jaws?|tmj",
    "eye": r"eyes?",
    "ear": r"ears?",
    "chest": r"chest|ribs?",
    "abdomen": r"abdomen|abdominal",
}
_AXIAL = frozenset(
    {
        "neck",
        "upper_back",
        "low_back",
        "sacrum",
        "spine",
        "back",
        "head",
        "face",
        "chest",
        "abdomen",
        "pelvis",
    }
)
_ABBREVIATED: dict[str, tuple[str, Side]] = {
    "RUE": ("upper_extremity", "right"),
    "LUE": ("upper_extremity", "left"),
    "BUE": ("upper_extremity", "bilateral"),
    "RLE": ("lower_extremity", "right"),
    "LLE": ("lower_extremity", "left"),
    "BLE": ("lower_extremity", "bilateral"),
}
_SIDES: dict[str, Side] = {
    "left": "left",
    "lt": "left",
    "right": "right",
    "rt": "right",
    "l": "left",
    "r": "right",
    "bilateral": "bilateral",
    "bilaterally": "bilateral",
    "both": "bilateral",
    "bil": "bilateral",
    "b/l": "bilateral",
}

_FORMS = sorted(
    ((form, name) for name, forms in _REGIONS.items() for form in re.split(r"\|(?![^(]*\))", forms)),
    key=lambda pair: -len(pair[0]),
)
_FORM_OF = [(re.compile(form, re.I), name) for form, name in _FORMS]
_LEVEL = r"(?P<level>\b(?:[CTL]\d{1,2}(?:-(?:[CTLS])?\d{1,2})?)(?!\d|\s?(?:mg|ml))\b)"
_TOKEN = re.compile(
    rf"{_LEVEL}"
    r"|(?P<limb>\b[RLB](?:UE|LE)\b)"
    r"|(?P<side>\b(?:(?i:left|right|bilaterally|bilateral|both|bil)\b|(?i:lt|rt)\b\.?(?= )|(?i:b/l)\b"
    r"|[RL]\.?(?= (?i:shoulder|upper|elbow|forearm|wrist|hand|thumb|finger|hip|thigh|knee|lower|leg|ankle|foot)\b)))"
    rf"|(?P<region>\b(?i:{'|'.join(form for form, _ in _FORMS)})\b)"
    r"|(?P<joint>(?i:\band\b|\bor\b|\bof\b|\bthe\b|\bto\b)|[,;/&+()])"
    r"|(?P<word>[^\s,;/&+()]+)"
)
_SPINE_OF_LETTER = {"C": "neck", "T": "upper_back", "L": "low_back"}


def _region_of(words: str) -> str:
    return next(name for form, name in _FORM_OF if form.fullmatch(words))


def _level(written: str) -> str:
    """Return ``C5-C6`` for "c5-6": the second vertebra takes the first one's letter unless it has one."""
    first, _, second = written.upper().partition("-")
    if second and second[0].isdigit():
        second = first[0] + second
    return f"{first}-{second}" if second else first


def find_body_parts(text: str) -> tuple[BodyPart, ...]:
    """Return the parts of the body that ``text`` names, in order, each once per side.

    A side stands before its limb ("right knee") or after it ("knee, right"); "left and right" is bilateral.
    """
    found: list[BodyPart] = []
    side: Side | None = None
    side_used = False
    side_start = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        words = token[0]
        if kind == "joint":
            if words == ";":
                side = None
        elif kind == "word":
            # an adjective between the side and the limb ("left distal wrist") does not part them
            if not re.fullmatch(
                r"(?i)distal|proximal|lateral|medial|upper|lower|anterior|posterior|joints?", words
            ):
                if side is not None and not side_used:
                    _settle_behind(found, side)
                side = None
        elif kind == "side":
            new = _SIDES[words.lower().rstrip(".")]
            if side is not None and not side_used and {side, new} == {"left", "right"}:
                new = "bilateral"
            elif side is not None and not side_used:
                _settle_behind(found, side)
            side, side_used, side_start = new, False, token.start()
        elif kind == "limb":
            region, limb_side = _ABBREVIATED[words.upper()]
            found.append(BodyPart(region, limb_side, None, False, token.start(), token.end()))
            side = None
        elif kind == "level":
            region = _SPINE_OF_LETTER[words[0].upper()]
            level = _level(words)
            if found and found[-1].region == region and found[-1].level is None:
                last = found.pop()
                found.append(BodyPart(region, None, level, False, last.start, token.end()))
            else:
                found.append(BodyPart(region, None, level, False, token.start(), token.end()))
        else:
            region = _region_of(words)
            if region in _AXIAL:
                found.append(BodyPart(region, None, None, False, token.start(), token.end()))
                side = None
            else:
                start = side_start if side is not None and not side_used else token.start()
                found.append(BodyPart(region, side, None, side is not None and side_used, start, token.end()))
                # "fingers of the right hand": the finger is on that hand
                if side is not None and not side_used and len(found) > 1:
                    whole, part = found[-1], found[-2]
                    if (
                        part.side is None
                        and (part.region, whole.region) in _PART_OF
                        and re.fullmatch(r" of (?:the )?", text[part.end : whole.start])
                    ):
                        found[-2] = BodyPart(part.region, side, part.level, False, part.start, part.end)
                side_used = True
    if side is not None and not side_used:
        _settle_behind(found, side)
    unique: dict[tuple[str, Side | None, str | None], BodyPart] = {}
    for part in found:
        unique.setdefault((part.region, part.side, part.level), part)
    return tuple(
        part
        for part in unique.values()
        # "lumbar ... spine" said again without its side or level adds nothing
        if part.side is not None
        or part.level is not None
        or not any(o.region == part.region and (o.side or o.level) for o in unique.values())
    )


_PART_OF = {("finger", "hand"), ("thumb", "hand"), ("toe", "foot")}


def _settle_behind(found: list[BodyPart], side: Side) -> None:
    """Give a side that no limb followed to the limb before it: "knee, right"."""
    if found and found[-1].side is None and found[-1].region not in _AXIAL:
        last = found.pop()
        found.append(BodyPart(last.region, side, last.level, False, last.start, last.end))


_WIDER = {
    "spine": {"neck", "upper_back", "low_back", "back", "sacrum", "sacroiliac_joint"},
    "back": {"upper_back", "low_back", "spine"},
    "upper_extremity": {
        "shoulder",
        "upper_arm",
        "elbow",
        "forearm",
        "wrist",
        "hand",
        "thumb",
        "finger",
        "arm",
    },
    "arm": {"shoulder", "upper_arm", "elbow", "forearm", "upper_extremity"},
    "lower_extremity": {"hip", "thigh", "knee", "leg", "ankle", "foot", "toe"},
    "leg": {"thigh", "knee", "ankle", "lower_extremity"},
    "hand": {"finger", "thumb", "wrist"},
    "foot": {"toe", "ankle"},
    "trapezius": {"neck", "shoulder"},
}


def same_region(one: str, other: str) -> bool | None:
    """Return whether two regions are the same; None where one contains the other (``spine``, ``low_back``)."""
    if one == other:
        return True
    within = other in _WIDER.get(one, ()) or one in _WIDER.get(other, ())
    return None if within else False


def overlap(one: BodyPart, other: BodyPart) -> bool:
    """Return whether the two may be the same part: regions that contain one another, sides not opposed."""
    return same_region(one.region, other.region) is not False and {one.side, other.side} != {"left", "right"}
