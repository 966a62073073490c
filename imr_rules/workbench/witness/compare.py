"""Whether two rulebooks can answer differently: proven not, shown by a case, or left open and said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Literal, NamedTuple, TypeVar

import z3

from imr_rules.engines.symbolic import AnyRow, Encoded, encode
from imr_rules.engines.symbolic.values import FALSE, all_of, any_of, negation
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.plan import Plan
from imr_rules.workbench.witness.parts import Unlike, never_unlike, unlike_parts
from imr_rules.workbench.witness.search import Found, Search
from imr_rules.workbench.witness.sites import Site, sites

Extent = Literal["suggestion", "reasons", "recorded", "answer"]
"""What of two answers is compared: the suggestion alone; also its grounds, and the lean with its grounds and what it
rests on; all that a fixture of the old rulebook can record, which is the suggestion, the lean, the grounds, reasons
for review, and the status of each criterion that the old one heard; or all of the answer, which is also what the new
one heard beside, and the deciding tier."""


N = TypeVar("N", bound=str)


class Verdict(NamedTuple):
    """Whether two rulebooks can answer differently.

    Attributes:
        outcome: ``same`` is proven for every case; ``differs`` is shown by a case that both rulebooks were
            asked; ``open`` is neither: no case was found, and that there is none is not proven.
        site: where they differ, or where it is open.
        found: the case, where they differ.
    """

    outcome: Literal["same", "differs", "open"]
    site: Site | None = None
    found: Found | None = None


def tell_apart(old: Rulebook, new: Rulebook, extent: Extent = "suggestion") -> Verdict:
    """Return whether two rulebooks can answer some case differently, with the smallest such case of one site.

    What follows from the vocabulary alone (the words a treatment is recognized by, the unit it is counted in,
    instruments, conversions) and from a request whose day is not known is not looked at.
    """
    left_open: Verdict | None = None
    proven: dict[Unlike, bool] = {}
    for site in sites(old, new):
        if never_differ(site.old, site.new, extent, proven):
            continue
        search = Search((old, new), site.treatment, site.period)
        found = search.find(differs(search.encoded[0], search.encoded[1], extent))
        if found.cases is not None:
            return Verdict("differs", site, found)
        left_open = left_open or Verdict("open", site)
    return left_open or Verdict("same")


def never_differ(
    old: Plan, new: Plan, extent: Extent = "suggestion", proven: dict[Unlike, bool] | None = None
) -> bool:
    """Return whether it is proven that two plans never answer differently, over any row of facts at all.

    False says only that it is not proven.

    Args:
        old, new: the plans.
        extent: what of their answers is compared.
        proven: what was proven before of parts that are not written alike; added to.
    """
    if judged_alike(old, new, {} if proven is None else proven):
        return True
    free = AnyRow()
    before = encode(old, free.row(old.facts), free.words)
    after = encode(new, free.row(new.facts), free.words)
    return free.never(differs(before, after, extent))


def judged_alike(old: Plan, new: Plan, proven: dict[Unlike, bool]) -> bool:
    """Return whether it is proven, from what is not written alike in two plans alone, that they never differ.

    Args:
        old, new: the plans.
        proven: what was proven before of such parts; added to.
    """
    parts = unlike_parts(old, new)
    if parts is None:
        return False
    if parts not in proven:
        facts = {spec.name: spec for spec in (*old.facts, *new.facts)}
        proven[parts] = never_unlike(parts, facts.values())
    return proven[parts]


def differs(old: Encoded, new: Encoded, extent: Extent = "suggestion") -> z3.BoolRef:
    """Return when two answers differ, as a term over the row that both are encoded over."""
    terms = [_unlike(old.suggestion[name], new.suggestion[name]) for name in ("uphold", "overturn")]
    if extent == "suggestion":
        return any_of(terms)
    terms += [_unlike(old.lean[name], new.lean[name]) for name in ("uphold", "overturn")]
    if extent in ("reasons", "answer"):
        terms += [*unlike_grounds(old, new).values(), unlike_lean(old, new)]
    if extent == "reasons":
        return any_of(terms)
    terms += [_unlike(old.reasons[name], new.reasons[name]) for name in old.reasons]
    ours, theirs = _heard(old), _heard(new)
    if extent == "answer":
        terms += [
            _unlike(old.tiers.get(name, FALSE), new.tiers.get(name, FALSE))
            for name in dict.fromkeys((*old.tiers, *new.tiers))
        ]
    for name in dict.fromkeys(chain(ours, theirs)):
        one, other = ours.get(name, FALSE), theirs.get(name, FALSE)
        if extent == "answer" or name[1] == "ground":
            terms.append(_unlike(one, other))
        elif name[1] != "heard" and not z3.eq(one, other):
            terms.append(all_of((one, negation(other))))
    return any_of(terms)


def unlike_grounds(old: Encoded, new: Encoded) -> dict[str, z3.BoolRef]:
    """Return when each criterion is a ground of one suggestion and not of the other, by its full name."""
    return _unlike_each(_by_name(old, old.grounds), _by_name(new, new.grounds))


def unlike_lean(old: Encoded, new: Encoded) -> z3.BoolRef:
    """Return when two leans have other grounds, or rest on something else beside guideline text."""
    grounds = _unlike_each(_by_name(old, old.lean_grounds), _by_name(new, new.lean_grounds))
    return any_of((*grounds.values(), *_unlike_each(old.rests_on, new.rests_on).values()))


def _by_name(encoded: Encoded, terms: Sequence[z3.BoolRef]) -> dict[str, z3.BoolRef]:
    return {planned.id: term for planned, term in zip(encoded.plan.criteria, terms, strict=True)}


def _unlike_each(ours: Mapping[N, z3.BoolRef], theirs: Mapping[N, z3.BoolRef]) -> dict[N, z3.BoolRef]:
    return {
        name: _unlike(ours.get(name, FALSE), theirs.get(name, FALSE))
        for name in dict.fromkeys((*ours, *theirs))
    }


def heard(encoded: Encoded) -> dict[tuple[str, str], z3.BoolRef]:
    """Return when each criterion is heard with each status, by its full name and the status."""
    return {
        (planned.id, status): all_of((encoded.in_scope[place], term))
        for place, planned in enumerate(encoded.plan.criteria)
        for status, term in encoded.statuses[place].items()
    }


def _heard(encoded: Encoded) -> dict[tuple[str, str], z3.BoolRef]:
    """Return the same, with when each is heard at all, and when it is a ground."""
    found = heard(encoded)
    for place, planned in enumerate(encoded.plan.criteria):
        found[planned.id, "ground"] = encoded.grounds[place]
        found[planned.id, "heard"] = encoded.in_scope[place]
    return found


def _unlike(one: z3.BoolRef, other: z3.BoolRef) -> z3.BoolRef:
    return FALSE if z3.eq(one, other) else z3.Xor(one, other)
