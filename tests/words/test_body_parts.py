"""Region, side and level are read from the words of a service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules.words import BodyPart, find_body_parts, overlap


def found(text: str) -> list[str]:
    return [
        " ".join(filter(None, (part.side, part.region, part.level, "carried" if part.side_carried else None)))
        for part in find_body_parts(text)
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("MRI of the right knee", ["right knee"]),
        ("knee, right", ["right knee"]),
        ("shoulder (left)", ["left shoulder"]),
        ("the lumbar and bilateral knees", ["low_back", "bilateral knee"]),
        ("left and right shoulder joints", ["bilateral shoulder"]),
        ("right knee, left shoulder", ["right knee", "left shoulder"]),
        ("neck, left trapezius and low back", ["neck", "left trapezius", "low_back"]),
        ("left shoulder, wrist and hip", ["left shoulder", "left wrist carried", "left hip carried"]),
        ("left hip and lumbar spine and knee", ["left hip", "low_back", "knee"]),
        ("fingers of the right hand", ["right finger", "right hand"]),
        ("NCS/EMG RUE", ["right upper_extremity"]),
        ("bilateral lower extremities", ["bilateral lower_extremity"]),
        ("epidural injection at L4-5 and L5-S1", ["low_back L4-L5", "low_back L5-S1"]),
        ("lumbar MRI, L4-L5", ["low_back L4-L5"]),
        ("C5-6 fusion", ["neck C5-C6"]),
        ("right lateral elbow", ["right elbow"]),
        ("lower leg, lt. ankle", ["leg", "left ankle"]),
        ("left sided pain; elbow", ["elbow"]),
        ("Continue physical therapy", []),
        ("vitamin B12 500 mg", []),
    ],
)
def test_parts_are_found(text: str, parts: list[str]) -> None:
    assert found(text) == parts


def test_places_are_those_of_the_words() -> None:
    text = "therapy for the left shoulder"
    (part,) = find_body_parts(text)
    assert text[part.start : part.end] == "left shoulder"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (BodyPart("knee", "left"), BodyPart("knee", "right"), False),
        (BodyPart("knee", "left"), BodyPart("knee"), True),
        (BodyPart("knee", "left"), BodyPart("knee", "bilateral"), True),
        (BodyPart("back"), BodyPart("low_back"), True),
        (BodyPart("finger", "right"), BodyPart("hand", "right"), True),
        (BodyPart("neck"), BodyPart("low_back"), False),
    ],
)
def test_parts_overlap_unless_the_sides_are_opposed(one: BodyPart, other: BodyPart, same: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is same


@given(st.text(max_size=300))
def test_any_text_is_accepted(text: str) -> None:
    for part in find_body_parts(text):
        assert 0 <= part.start < part.end <= len(text)
