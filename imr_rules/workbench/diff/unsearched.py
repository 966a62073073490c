"""What two rulebooks differ in beside their rules, and no search goes into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from imr_rules.rulebook import Rulebook


class Bounded(NamedTuple):
    """What was not searched, or not to the end, and why."""

    what: str
    why: str


def unsearched(old: Rulebook, new: Rulebook) -> Iterator[Bounded]:
    """Yield each difference whose effect on suggestions was not searched, fixtures aside."""
    ours, theirs = old.vocabulary, new.vocabulary
    for name in sorted(theirs.treatments.keys() - ours.treatments.keys()):
        yield Bounded(
            f"requests for `{name}`",
            "the old rulebook does not know this treatment: it may have recognized a broader one, or none",
        )
    for name in sorted(ours.treatments.keys() - theirs.treatments.keys()):
        yield Bounded(f"requests for `{name}`", "the new rulebook does not know this treatment")
    for name in sorted(ours.treatments.keys() & theirs.treatments.keys()):
        one, other = ours.treatments[name], theirs.treatments[name]
        if (one.words, one.decides) != (other.words, other.decides):
            yield Bounded(
                f"which requests are recognized as `{name}`", "its words changed in treatments.yaml"
            )
        if (one.unit, one.discipline) != (other.unit, other.discipline):
            yield Bounded(f"how `{name}` is counted", "its unit or discipline changed in treatments.yaml")
    for name in sorted(ours.facts.keys() & theirs.facts.keys()):
        before, after = ours.facts[name], theirs.facts[name]
        if before.type != after.type:
            yield Bounded(
                f"values of `{name}` that one of the rulebooks refuses",
                "its type or range changed in facts.yaml",
            )
        if _diagnosed(before) != _diagnosed(after):
            yield Bounded(f"diagnoses that mean `{name}`", "its words or codes changed in facts.yaml")
    for what, part in _REST.items():
        if part(old) != part(new):
            yield Bounded(*what)
    for name in sorted(old.guidelines.keys() & new.guidelines.keys()):
        if old.guidelines[name].requests != new.guidelines[name].requests:
            yield Bounded(
                f"requests whose date may lie on either side of a boundary of `{name}`",
                "a date without its day, or an edition known by citation alone, was not searched",
            )


def _diagnosed(spec: Any) -> tuple[object, ...]:
    return spec.icd9, spec.icd10, spec.words


_REST: dict[tuple[str, str], Callable[[Rulebook], object]] = {
    ("scores, bands and minimal important differences", "instruments.yaml changed"): (
        lambda each: each.vocabulary.instruments
    ),
    ("requests recognized by their codes", "codes.yaml changed"): lambda each: each.vocabulary.codes,
    ("the status of drugs", "drugs.yaml changed"): lambda each: each.vocabulary.drug_lists,
    ("amounts stated in another unit", "conversions changed in treatments.yaml"): (
        lambda each: each.vocabulary.conversions
    ),
    ("parts of the body", "regions changed in treatments.yaml"): lambda each: each.vocabulary.regions,
    ("editions known by citation alone", "sources.yaml changed in what a citation means"): (
        lambda each: {
            name: (source.in_force, source.cited_as, source.parts, source.edition, source.family)
            for name, source in each.sources.items()
        }
    ),
}
