"""Where an editor begins: a rulebook, a layer, a guideline, an edition, a word or a fixture, written so that lint finds nothing.

Every beginning is complete and wrong: its numbers are to be replaced, and its ``note`` says so. Nothing that is there
is overwritten, and of a file that is added to nothing else changes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from imr_rules._reading import read_document, read_text
from imr_rules._units import UNITS, say_unit
from imr_rules.case import Case
from imr_rules.errors import CaseError, Place, Problem, RulebookError, nearest
from imr_rules.rulebook import Rulebook
from imr_rules.screening import screen
from imr_rules.workbench.answers import answer_of
from imr_rules.workbench.in_place import added_entry, changed_entry

_NOTE = "A beginning. Replace its words and numbers, and say for each number how it is known."


class Begun(NamedTuple):
    """What was written, and what is to be done next."""

    files: tuple[Path, ...]
    then: tuple[str, ...] = ()


def new_rulebook(directory: Path, name: str) -> Begun:
    """Write a rulebook of one source, one treatment and one guideline.

    Raises:
        RulebookError: something is there already.
    """
    files = {
        "sources.yaml": f"""\
# The bibliography: every document a rule can cite.
rulebook: {name}
version: "1"

# The search sequence: guidelines of the first tier that has a criterion decide. Statutes add to them.
tiers:
  schedule: the treatment schedule

sources:
  first-source:
    document: A treatment schedule
    tier: schedule
""",
        "facts.yaml": """\
# The dictionary: the facts that a case gives under `findings`. Counts, times and scores come with the engine.
facts:
  exceptional_factors:
    label: exceptional factors
    type: yes_no
    asks: Does the record document exceptional factors?
    silence: against_request
    domain: the request
  rebuttal_documented:
    label: rebuttal of the guideline
    type: yes_no
    asks: Does the request rebut the guideline with scientific evidence?
    silence: against_request
    domain: the request
  functional_deficit:
    label: deficit of function
    type: yes_no
    asks: Does examination show a deficit of function?
    silence: against_request
    domain: clinical status
""",
        "treatments.yaml": """\
# What requests call the treatments, and the regions of the body.
treatments:
  physical_therapy:
    label: physical therapy
    unit: visit
    words: [physical therapy, physiotherapy]
    short: [pt]

regions:
  neck: {label: neck, words: [neck, cervical spine]}
  low_back: {label: low back, words: [low back, lumbar spine]}
""",
        "instruments.yaml": """\
# Scales, each with its range and with what its severity bands are taken from.
instruments:
  nrs_pain: {label: pain from 0 to 10, names: [nrs pain, pain score], scores: [0, 10], measures: pain}
""",
        "guidelines/physical-therapy.yaml": _guideline(
            f"{name}/physical-therapy", "Physical therapy", "first-source", date(2020, 1, 1),
            "physical_therapy", "visits", "functional_deficit", "a deficit of function",
        ),
    }  # fmt: skip
    then = (f"imr-rules lint {directory}", f"imr-rules rules --rulebook {directory}")
    return Begun(_written({directory / path: text for path, text in files.items()}), then)


def new_layer(directory: Path, name: str, over: str) -> Begun:
    """Write a layer with a source and no guideline.

    Raises:
        RulebookError: something is there already.
    """
    files = {
        "layer.yaml": f"""\
layer: {name}
over: {over}
version: "1"
title: {name.replace("-", " ").capitalize()}
note: {_NOTE}
""",
        "sources.yaml": f"""\
sources:
  {name}-source:
    document: The document that this layer is taken from
    tier: {_first_tier(over)}
""",
    }
    then = (
        f"imr-rules new guideline {name}/first --treatment TREATMENT --source {name}-source --in {directory}",
        f"imr-rules lint {directory}",
        f"imr-rules screen CASE --layer {directory}",
    )
    return Begun(_written({directory / path: text for path, text in files.items()}), then)


def _first_tier(over: str) -> str:
    shipped = Rulebook.load()
    return next(iter(shipped.vocabulary.tiers)) if shipped.name == over else "schedule"


def new_guideline(
    directory: Path, rulebook: Rulebook, id: str, treatment: str, source: str, begins: date
) -> Begun:
    """Write a guideline with one indication, and a limit in what its treatment is counted in.

    Raises:
        RulebookError: the rulebook has this guideline, or has no such treatment or source; or the file is there.
    """
    if id in rulebook.guidelines:
        raise _refused(
            "guideline", id, f"`{id}` is there already, at {rulebook.guidelines[id].place}",
            f"imr-rules new edition {id} --from DATE writes a later edition of it",
        )  # fmt: skip
    _known("treatment", treatment, rulebook.vocabulary.treatments)
    _known("source", source, rulebook.sources)
    facts = rulebook.vocabulary.facts
    wanted = [
        name for name, spec in facts.items()
        if spec.type.kind == "boolean" and spec.silence == "against_request" and not spec.derived
    ]  # fmt: skip
    if not wanted:
        what = "the rulebook has no fact that a request must document"
        raise _refused("guideline", id, what, "imr-rules new fact NAME writes one")
    fact = "functional_deficit" if "functional_deficit" in wanted else wanted[0]
    known = rulebook.vocabulary.treatments[treatment]
    counted = UNITS[known.unit]
    plural = counted.plural if counted.received else None
    text = _guideline(
        id, known.label.capitalize(), source, begins, treatment, plural, fact, facts[fact].label
    )
    path = directory / _file_of(id)
    return Begun(_written({path: text}), (f"imr-rules lint {directory}",))


def _file_of(id: str) -> Path:
    """Return where a guideline belongs: a folder for its edition, a file for its treatment."""
    parts = id.split("/")
    return Path(*parts[1:-1] if len(parts) > 2 else parts[:-1], f"{parts[-1]}.yaml")


def _guideline(
    id: str,
    title: str,
    source: str,
    begins: date,
    treatment: str,
    plural: str | None,
    fact: str,
    label: str,
) -> str:
    head = f"""\
guideline: {id}
title: {_plain(title)}
source: {source}
requests: {{from: {begins}}}
applies:
  treatments: [{treatment}]
note: {_NOTE}
"""
    total = "visits_if_granted" if plural == "visits" else f"{plural}_if_granted"
    limits = f"\nlimits:\n  total: {{{plural}: 10, status: recalled}}\n" if plural else ""
    limit = f"""\
  - id: within-total
    kind: limit
    require: {total} <= limits.total.{plural}
    says:
      met: "It comes to {{{total}}}: within {{limits.total.{plural}}}."
      unmet: "It comes to {{{total}}}: over {{limits.total.{plural}}}."
      undocumented: "What it comes to is not documented; the guideline allows {{limits.total.{plural}}}."
"""
    indication = f"""
criteria:
  - id: indication
    kind: indication
    require: {fact}
    status: recalled
    says:
      met: {_plain(f"The record shows this: {label}.")}
      unmet: {_plain(f"The record denies this: {label}.")}
      undocumented: {_plain(f"The record must show this: {label}.")}
"""
    return head + limits + indication + (limit if plural else "")


def _plain(text: str) -> str:
    """Return a text as YAML, quoted where it must be."""
    return yaml.safe_dump(text, width=10_000, allow_unicode=True).removesuffix("\n...\n").rstrip("\n")


def new_edition(directory: Path, rulebook: Rulebook, id: str, begins: date, source: str | None) -> Begun:
    """Write the edition of a guideline that governs from a day on, and end the one before on the day before.

    The new one says what the old one says, until it is edited.

    Raises:
        RulebookError: there is no such guideline, it stands elsewhere, or it does not govern both days.
    """
    _known("guideline", id, rulebook.guidelines)
    old = rulebook.guidelines[id]
    path = Path(str(old.place.file))
    if not path.resolve().is_relative_to(directory.resolve()):
        raise _refused(
            "guideline", id, f"`{id}` stands in {path}, outside {directory}",
            "a layer replaces it: the same id, and `replaces:` with the reason",
        )  # fmt: skip
    first, last = old.requests
    if begins <= first or (last is not None and begins > last):
        what = f"`{id}` governs requests {old.requests}, so no other edition of it begins on {begins}"
        raise _refused("--from", str(begins), what, "give a day within that")
    if source is not None:
        _known("source", source, rulebook.sources)
    new_id, text = f"{id}-from-{begins}", read_text(path, RulebookError)
    written = path.with_name(f"{path.stem}-from-{begins}.yaml")

    new = _with(_with(text, new_id, "guideline"), begins, "requests", "from")
    if source is not None:
        new = _with(new, source, "source")
    files = _written({written: new})
    path.write_text(_with(text, begins - timedelta(days=1), "requests", "to"), encoding="utf-8", newline="")
    then = [f"edit {written}", f"imr-rules lint {directory}", "imr-rules diff HEAD"]
    for name in _naming(rulebook, id):
        then.insert(0, f"{name} supersedes {id}: let it supersede {new_id} too, where that is meant")
    return Begun((*files, path), tuple(then))


def _with(text: str, value: Any, *path: str) -> str:
    """Return the text of a file in which one of its keys, or a key within one, has another value."""

    def change(file: Any) -> None:
        for step in path[:-1]:
            file = file[step]
        file[path[-1]] = value

    return changed_entry(text, path[0], change)


def _naming(rulebook: Rulebook, id: str) -> list[str]:
    return [
        name
        for name, each in rulebook.guidelines.items()
        if any(other.guideline == id for other in each.supersedes)
    ]


def new_treatment(directory: Path, rulebook: Rulebook, name: str, within: str | None) -> Begun:
    """Add a treatment to the vocabulary.

    Raises:
        RulebookError: there is one of this name, or none of the name that it is to lie within.
    """
    _new("treatment", name, rulebook.vocabulary.treatments)
    words = name.replace("_", " ")
    entry = f"label: {words}\n"
    if within is not None:
        _known("treatment", within, rulebook.vocabulary.treatments)
        entry += f"within: {within}\n"
    else:
        entry += "unit: visit\n"
    entry += f"words: [{words}]\n"
    then = (
        f"give `{name}` the other words that requests call it by",
        f"imr-rules new guideline ID --treatment {name} --source SOURCE --in {directory}",
    )
    return Begun((_added(directory / "treatments.yaml", "treatments", name, entry),), then)


def new_fact(directory: Path, rulebook: Rulebook, name: str, guideline: str | None) -> Begun:
    """Add a fact to the dictionary and, where a guideline is named, a criterion that asks it to be documented.

    Raises:
        RulebookError: there is a fact of this name, or no guideline of that one, or it stands elsewhere.
    """
    _new("fact", name, rulebook.vocabulary.facts)
    words = name.replace("_", " ")
    entry = (
        f"label: {words}\ntype: yes_no\nasks: {_plain(f'Does the record show {words}?')}\n"
        "silence: against_request\ndomain: the request\n"
    )
    if guideline is None:
        added = _added(directory / "facts.yaml", "facts", name, entry)
        return Begun(
            (added,), (f"let a criterion ask for `{name}`: until one does, lint says that none does",)
        )
    _known("guideline", guideline, rulebook.guidelines)
    path = Path(str(rulebook.guidelines[guideline].place.file))
    if not path.resolve().is_relative_to(directory.resolve()):
        what = f"`{guideline}` stands in {path}, outside {directory}"
        raise _refused("--guideline", guideline, what, "name a guideline of this directory")
    criterion = {
        "id": name.replace("_", "-"),
        "kind": "documentation",
        "require": name,
        "status": "recalled",
        "says": {
            "met": f"The record shows this: {words}.",
            "unmet": f"The record denies this: {words}.",
            "undocumented": f"The record must show this: {words}.",
        },
    }

    def asked(file: Any) -> None:
        file["criteria"].append(criterion)

    text = changed_entry(read_text(path, RulebookError), "criteria", asked)
    added = _added(directory / "facts.yaml", "facts", name, entry)
    path.write_text(text, encoding="utf-8", newline="")
    return Begun((added, path), (f"imr-rules lint {directory}",))


def new_instrument(directory: Path, rulebook: Rulebook, name: str) -> Begun:
    """Add a scale.

    Raises:
        RulebookError: there is one of this name.
    """
    _new("instrument", name, rulebook.vocabulary.instruments)
    words = name.replace("_", " ")
    entry = f"label: {words}\nnames: [{words}]\nscores: [0, 100]\nbetter: lower\nmeasures: function\n"
    then = ("give its range, which way is better, what it measures, and what its changes are taken from",)
    return Begun((_added(directory / "instruments.yaml", "instruments", name, entry),), then)


def new_fixture(path: Path, rulebook: Rulebook, treatment: str) -> Begun:
    """Write a case of one request, with the answer that it gets now.

    Raises:
        CaseError: the file is there already.
        RulebookError: there is no such treatment.
    """
    _known("treatment", treatment, rulebook.vocabulary.treatments)
    known = rulebook.vocabulary.treatments[treatment]
    service = f"{known.words[0] if known.words else known.label}"
    text = f"""\
about: {_plain("A beginning. Say what this case is about, and state what the record says.")}
request: {{date: {_day_of_change(rulebook, treatment)}}}
record: {{read: all}}
documents:
  - {{id: report, kind: progress_report}}
items:
  - id: item-1
    service: {_plain(f"{service}, 4 {say_unit(known.unit)}")}
    treatment: {treatment}
    in_dispute: 4
    course: initial
findings: {{}}
"""
    found = answer_of(screen(Case.from_text(text), rulebook).items[0])
    expected: dict[str, Any] = {"suggestion": found.suggestion}
    expected["review_reasons" if found.review_reasons else "grounds"] = list(
        found.review_reasons or found.grounds
    )
    named = f"  rulebook: {rulebook.name}\n" if rulebook.name else ""
    text += "expect:\n" + named + "  items:\n    item-1:\n"
    text += "".join(f"      {line}\n" for line in yaml.safe_dump(expected, sort_keys=False).splitlines())
    if path.exists():
        raise CaseError(Problem("there-already", "there is something here already", Place(str(path))))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Begun((path,), (f"imr-rules screen {path}", f"imr-rules test {path}"))


def _day_of_change(rulebook: Rulebook, treatment: str) -> date:
    """Return the first day that the latest guideline with criteria on a treatment governs."""
    governing = [
        each
        for each in rulebook.for_treatment(rulebook.vocabulary.treatments[treatment])
        if each.known and each.source.tier not in ("statute", "practice")
    ]
    return max((each.requests.first for each in governing), default=date(2024, 1, 1))


def _written(files: dict[Path, str]) -> tuple[Path, ...]:
    """Write new files; none where one of them is there already."""
    for path in files:
        if path.exists():
            what = "there is something here already, and nothing is overwritten"
            raise RulebookError(Problem("there-already", what, Place(str(path)), "choose another name"))
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(files)


def _added(path: Path, section: str, name: str, entry: str) -> Path:
    text = read_text(path, RulebookError) if path.exists() else ""
    if text:
        read_document(path, RulebookError)  # what cannot be read is told, and not added to
    path.write_text(added_entry(text, section, name, entry), encoding="utf-8", newline="")
    return path


def _new(kind: str, name: str, there: Any) -> None:
    if name in there:
        raise _refused(kind, name, f"there is a {kind} `{name}` already", "choose another name")


def _known(kind: str, name: str, there: Any) -> None:
    if name not in there:
        writes = "add it to sources.yaml" if kind == "source" else f"imr-rules new {kind} writes one"
        hint = nearest(name, there) or writes
        raise _refused(kind, name, f"there is no {kind} `{name}`", hint)


def _refused(place: str, name: str, what: str, hint: str) -> RulebookError:
    return RulebookError(Problem("cannot-begin", what, Place(place), hint))
