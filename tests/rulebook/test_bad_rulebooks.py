"""Bad rulebooks: each is refused with one line that says what, where and what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.errors import RulebookError
from tests.paths import ROOT

SHIPPED = ROOT / "rulesets" / "mtus"
VOCABULARY = ("sources", "facts", "treatments", "instruments")
GUIDELINE = """\
guideline: test/part
title: A part
source: mtus-chronic-pain-2009
pages: [23]
requests: {from: 2009-07-18, to: 2016-07-28}
applies: {treatments: [psychotherapy], when: chronic_pain}
limits:
  total: {visits: [6, 10], status: recalled}
criteria:
  - id: within
    kind: limit
    require: visits_if_granted <= limits.total.visits.max
    status: recalled
    says: {unmet: "{prior_visits} of {limits.total.visits}"}
"""
REQUIRE = "visits_if_granted <= limits.total.visits.max"
LIMIT = "{visits: [6, 10], status: recalled}"
SOURCE = "source: mtus-chronic-pain-2009"


def many(template: str, count: int, word: str = " and ") -> str:
    return word.join(template.format(number) for number in range(count))


BAD_GUIDELINES: dict[str, tuple[str, str]] = {
    "misspelled fact": (REQUIRE, "visits_if_grantd <= 3"),
    "misspelled limit": ("limits.total.visits.max", "limits.totl.visits.max"),
    "limit without its end": ("limits.total.visits.max", "limits.total.visits"),
    "limit in another unit": ("limits.total.visits.max", "limits.total.weeks.max"),
    "number of another limit": (
        f"limits:\n  total: {LIMIT}",
        "limits:\n  total: {weeks: [6, 10], status: recalled}\n  trial: {visits: [3, 4], status: recalled}",
    ),
    "no limit of that name": ("limits.total.visits.max", "limits.visits.max"),
    "units that clash": ("visits_if_granted <=", "weeks_since_injury <="),
    "one equals sign": ("<= limits", "= limits"),
    "ampersands": (REQUIRE, "rationale && response"),
    "division": ("visits_if_granted <=", "visits_if_granted / 2 <="),
    "decimal": ("limits.total.visits.max", "2.5"),
    "two facts multiplied": ("visits_if_granted <=", "visits_if_granted * prior_visits <="),
    "chain of comparisons": (REQUIRE, "1 < visits_if_granted <= 3"),
    "truth compared": (REQUIRE, "rationale == true"),
    "number for a truth": (REQUIRE, "prior_visits"),
    "word a fact never is": (REQUIRE, "body_region == sholder"),
    "no such date": (REQUIRE, "injury_date < 2014-02-30"),
    "date plus visits": (REQUIRE, "injury_date + prior_visits < 2014-02-03"),
    "bracket left open": (REQUIRE, "(rationale and response"),
    "two conditions not joined": (REQUIRE, "rationale response"),
    "empty expression": (REQUIRE, '""'),
    "no fact asked for": (REQUIRE, "true"),
    "nested too deep": (REQUIRE, "(" * 60 + "rationale" + ")" * 60),
    "expression too long": (REQUIRE, many("rationale", 300)),
    "too many alternatives met": (REQUIRE, many("(prior_visits > {0} or age > {0})", 9)),
    "too many alternatives unmet": (REQUIRE, many("(prior_visits > {0} and age > {0})", 9, " or ")),
    "too many numbers that differ": (REQUIRE, many("prior_visits != {}", 9)),
    "number too large": ("limits.total.visits.max", "99999999999"),
    "product too large": (REQUIRE, "999999999 * prior_visits * 999999999 < 3"),
    "nothing says how it is known": (REQUIRE + "\n    status: recalled", "rationale"),
    "unknown named citation": ("status: recalled\n    says", "cites: necessity-standrd\n    says"),
    "unknown source cited": ("status: recalled\n    says", "cites: {source: labor-code-46000, status: read}\n    says"),
    "one determination": ("status: recalled\n    says", "cites: {practice: cm16-0228949}\n    says"),
    "unknown determination": ("status: recalled\n    says", "cites: {practice: cm16-0000000}\n    says"),
    "practice of a statute": ("status: recalled\n    says", "cites: {practice: labor-code-4600}\n    says"),
    "cited twice": ("    says", "    cites: necessity-standard\n    says"),
    "limit without a status": (", status: recalled", ""),
    "unknown status": ("10], status: recalled", "10], status: recaled"),
    "unknown source": (SOURCE, SOURCE.replace("2009", "209")),
    "unknown treatment": ("[psychotherapy]", "[psycotherapy]"),
    "no known treatment": ("treatments: [psychotherapy]", "treatments: []"),
    "no treatments at all": ("applies: {treatments: [psychotherapy], when: chronic_pain}\n", ""),
    "period backwards": ("to: 2016-07-28", "to: 2008-07-28"),
    "no such day": ("from: 2009-07-18", "from: 2009-02-30"),
    "month for a day": ("from: 2009-07-18", "from: 2009-07"),
    "no first day": ("from: 2009-07-18, ", ""),
    "range backwards": ("[6, 10]", "[10, 6]"),
    "negative limit": ("[6, 10]", "[-6, 10]"),
    "range of three": ("[6, 10]", "[6, 8, 10]"),
    "decimal limit": ("[6, 10]", "[6.5, 10]"),
    "text for a limit": ("[6, 10]", "ten"),
    "unknown unit": ("visits: [6, 10]", "moons: [6, 10]"),
    "limit without a number": (LIMIT, "{status: recalled}"),
    "placeholder of nothing": ("{prior_visits} of", "{prior_visit} of"),
    "curly bracket left open": ("{prior_visits} of", "{prior_visits of"),
    "says of no status": ("{unmet:", "{unmett:"),
    "one id twice": ("criteria:\n", "criteria:\n  - {id: within, kind: documentation, require: rationale, status: recalled}\n"),
    "an id taken": ("criteria:\n  - id: within", "recommended: {no: chronic_pain, status: recalled}\ncriteria:\n  - id: recommended"),
    "unknown key": ("title:", "titel:"),
    "id without a folder": ("guideline: test/part", "guideline: part"),
    "id with blanks": ("id: within", "id: Within Total"),
    "replaces nothing": ("limits:\n", "supersedes: [{guideline: test/prt}]\nlimits:\n"),
    "replaces itself": ("limits:\n", "supersedes: [{guideline: test/part}]\nlimits:\n"),
    "row without a number": (LIMIT, "{status: recalled, rows: [{when: chronic_pain, label: x}]}"),
    "row of a misspelled fact": (LIMIT, "{status: recalled, rows: [{when: chronic_pan, label: x, visits: 3}]}"),
    "row without a status": (LIMIT, "{rows: [{when: chronic_pain, label: x, visits: 3}]}"),
    "rows beside a number": (LIMIT, "{visits: 3, status: recalled, rows: [{when: flare_up, label: x, visits: 3}]}"),
    "otherwise without rows": (LIMIT, "{visits: 3, status: recalled, otherwise: {visits: 3}}"),
    "row of a limit": (LIMIT, "{status: recalled, rows: [{when: prior_visits > limits.total.visits.max, label: x, visits: 3}]}"),
    "rows in other units": (
        LIMIT,
        "{status: recalled, rows: [{when: flare_up, label: x, visits: 3}, {when: plateau, label: y, weeks: 3}]}",
    ),
    "criteria of unknown contents": ("title:", "contents: not_known\ntitle:"),
    "no criteria": (GUIDELINE[GUIDELINE.index("criteria:") :], ""),
    "key given twice": ("title:", "title: again\ntitle:"),
    "not YAML": (GUIDELINE, "guideline: ["),
    "empty file": (GUIDELINE, ""),
    "no guideline but a list": (GUIDELINE, "- a\n"),
    "else of no kind": ("when: chronic_pain}", "when: chronic_pain, else: by_analgy}"),
    "criterion without a kind": ("    kind: limit\n", ""),
    "criterion of no kind": ("kind: limit", "kind: ground"),
    "recommended nowhere": ("limits:\n", "recommended: {status: recalled}\nlimits:\n"),
    "page nought": ("pages: [23]", "pages: [0]"),
}  # fmt: skip

LATER = GUIDELINE.replace("test/part", "test/later").replace(SOURCE, SOURCE.replace("2009", "2016"))
BAD_PAIRS: dict[str, str] = {
    "overlapping editions": LATER,
    "overlapping editions of a broader treatment": LATER.replace("[psychotherapy]", "[psychological_care]"),
    "overlapping editions of a narrower treatment": LATER.replace(
        "[psychotherapy]", "[cognitive_behavioral_therapy]"
    ),
    "one guideline twice": GUIDELINE.replace("A part", "Another"),
}

BAD_VOCABULARY: dict[str, tuple[str, str, str]] = {
    "a treatment within none": ("treatments", "within: psychological_care\n", "within: psychological_car\n"),
    "treatments in a circle": (
        "treatments", "care\n    discipline: psycho", "care\n    within: psychotherapy\n    discipline: psycho",
    ),
    "unknown key of a treatment": ("treatments", "label: psychological care\n", "lable: psychological care\n"),
    "a fact that is worked out": ("facts", "  goals_met:\n", "  prior_visits:\n"),
    "unknown type of a fact": ("facts", "type: number, unit: level", "type: nmber, unit: level"),
    "bounds of a fact backwards": ("facts", "between: [0, 100]", "between: [100, 0]"),
    "scores of a scale backwards": ("instruments", "scores: [0, 63]", "scores: [63, 0]"),
    "number without bounds": ("facts", ", between: [0, 100]", ""),
    "unknown unit of a fact": ("facts", "unit: level", "unit: levle"),
    "unknown silence": ("facts", "silence: absent", "silence: abscent"),
    "unknown tier": ("sources", "tier: mtus\n", "tier: mtuss\n"),
    "citation of no source": ("sources", "    source: labor-code-4610.5\n", "    source: labor-code-4610.55\n"),
    "bands with a gap": ("instruments", "[0, 13]", "[0, 12]"),
}  # fmt: skip


def refusal(folder: Path, files: dict[str, str]) -> str:
    for name in VOCABULARY:
        shutil.copy(SHIPPED / f"{name}.yaml", folder)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    with pytest.raises(RulebookError) as refused:
        Rulebook.load(folder, cached=False)
    return str(refused.value).replace(f"{folder}/", "")


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize("name", BAD_GUIDELINES)
def test_a_bad_guideline_gets_one_line(name: str, tmp_path: Path) -> None:
    said = refusal(tmp_path, {"x/part.yaml": changed(GUIDELINE, *BAD_GUIDELINES[name])})
    assert said == "x/part.yaml:" + SAID[name]


@pytest.mark.parametrize("name", BAD_PAIRS)
def test_guidelines_that_do_not_go_together_get_one_line(name: str, tmp_path: Path) -> None:
    assert (
        refusal(tmp_path, {"x/part.yaml": GUIDELINE, "x/z.yaml": BAD_PAIRS[name]}) == "x/z.yaml:" + SAID[name]
    )


@pytest.mark.parametrize("name", BAD_VOCABULARY)
def test_a_bad_vocabulary_gets_one_line(name: str, tmp_path: Path) -> None:
    file, old, new = BAD_VOCABULARY[name]
    text = changed((SHIPPED / f"{file}.yaml").read_text(), old, new)
    said = refusal(tmp_path, {f"{file}.yaml": text})
    assert re.sub(r":\d+:\d+: ", ": ", said) == f"{file}.yaml: {SAID[name]}"


def test_the_guideline_that_all_of_these_change_is_right(tmp_path: Path) -> None:
    for name in VOCABULARY:
        shutil.copy(SHIPPED / f"{name}.yaml", tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "part.yaml").write_text(GUIDELINE)
    assert list(Rulebook.load(tmp_path, cached=False).guidelines) == ["test/part"]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    text = changed(GUIDELINE, "chronic_pain}", "chronic_pan}").replace("[psychotherapy]", "[psycotherapy]")
    said = refusal(tmp_path, {"x/part.yaml": text, "x/z.yaml": LATER.replace("requests:", "request:")})
    assert [line.split(":")[0] for line in said.splitlines()] == ["x/z.yaml"]  # shapes come first
    said = refusal(
        tmp_path, {"x/z.yaml": GUIDELINE.replace("test/part", "test/z").replace("visits.max", "visits")}
    )
    assert [line.split(":")[0] for line in said.splitlines()] == ["x/part.yaml", "x/part.yaml", "x/z.yaml"]


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    for other in VOCABULARY:
        if other != name:
            shutil.copy(SHIPPED / f"{other}.yaml", tmp_path)
    with pytest.raises(
        RulebookError, match=rf"{name}\.yaml: the file cannot be read: no such file or directory"
    ):
        Rulebook.load(tmp_path, cached=False)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="there is no rulebook here"):
        Rulebook.load(tmp_path / "none")


SAID = {
    "misspelled fact": "12:14: there is no fact `visits_if_grantd`; did you mean `visits_if_granted` or `visits_if_granted_claim`?",
    "misspelled limit": "12:35: there is no limit `limits.totl.visits.max`; did you mean `limits.total.visits.max`?",
    "limit without its end": "12:35: `limits.total.visits` is a range, from 6 to 10: add `.min` or `.max`",
    "limit in another unit": "12:35: there is no limit `limits.total.weeks.max`; `total` is counted in visits: write `limits.total.visits.max` or `limits.total.visits.min`, or give `total` the unit that is meant",
    "number of another limit": (
        "13:35: there is no limit `limits.total.visits.max`; `total` is counted in weeks: write `limits.total.weeks.max` or "
        "`limits.total.weeks.min`, or give `total` the unit that is meant\nx/part.yaml:15:19: there is no fact and no limit "
        "`limits.total.visits` to fill in; `total` is counted in weeks: write `limits.total.weeks.max` or "
        "`limits.total.weeks.min`, or give `total` the unit that is meant"
    ),
    "no limit of that name": (
        "12:35: there is no limit `limits.visits.max`; a limit is written `limits.NAME.UNIT`; "
        "those of this guideline are called `total`"
    ),
    "units that clash": "12:36: the units differ: week and visit; nothing converts by itself",
    "one equals sign": "12:32: this cannot be read; compare with `==`",
    "ampersands": "12:24: this cannot be read; write `and`",
    "division": "12:32: this cannot be read; there is no division: multiply the other side",
    "decimal": "12:35: numbers are whole; use a smaller unit",
    "two facts multiplied": "12:34: two facts cannot be multiplied; one side of `*` must be a number",
    "chain of comparisons": "12:36: comparisons do not chain; join two comparisons with `and`",
    "truth compared": "12:24: `rationale` is true or false and is not compared; write `rationale` or `not rationale`",
    "number for a truth": "12:26: a comparison is expected here; compare it with <, <=, >, >=, == or !=",
    "word a fact never is": "12:29: `body_region` is never `sholder`; did you mean `shoulder`?",
    "no such date": "12:28: there is no such date",
    "date plus visits": "12:28: a date and visit cannot be added; only days are added to dates",
    "bracket left open": "12:37: `)` is expected here",
    "two conditions not joined": "12:24: the expression should end here; join conditions with `and` or `or`",
    "empty expression": "12:14: this must not be empty",
    "no fact asked for": "12:14: `within` asks for no fact",
    "nested too deep": "12:55: nested too deep; make a part of it a criterion of its own",
    "expression too long": "12:14: this text is too long: at most 2,000 characters",
    "too many alternatives met": "10:9: `within` has more than 128 alternatives; split it into several criteria",
    "too many alternatives unmet": "10:9: `within` has more than 128 alternatives; split it into several criteria",
    "too many numbers that differ": "10:9: `within` asks of too many numbers that they differ (`!=`); split it into several criteria",
    "number too large": "12:35: this number is too large",
    "product too large": "10:9: `within` compares numbers too large to be exact; split it into several criteria",
    "nothing says how it is known": "10:9: `within` does not say how it is known; add `status:` where the guideline itself carries it, or `cites:` where something else does",
    "unknown named citation": "13:12: there is no citation `necessity-standrd`; did you mean `necessity-standard`?",
    "unknown source cited": "13:21: there is no source `labor-code-46000`; did you mean `labor-code-4600` or `labor-code-4610`?",
    "one determination": "13:5: one determination is not practice; name two independent determinations",
    "unknown determination": "13:23: there is no source `cm16-0000000`; did you mean `cm17-0010006` or `cm17-0006045`?",
    "practice of a statute": "13:5: `labor-code-4600` is not a determination",
    "cited twice": "13:5: `within` says how it is known and cites something else; give the status inside `cites:`, or leave `cites:` out",
    "limit without a status": "8:3: the limit `total` does not say how it is known; add `status: read`, `secondary`, `recalled` or `practice`",
    "unknown status": "8:36: this must be one of 'read', 'secondary', 'recalled' or 'practice'; did you mean `recalled` or `read`?",
    "unknown source": "3:9: there is no source `mtus-chronic-pain-209`; did you mean `mtus-chronic-pain-2009` or `mtus-chronic-pain-2016`?",
    "unknown treatment": "6:24: there is no treatment `psycotherapy`; did you mean `psychotherapy` or `group_psychotherapy`?",
    "no known treatment": "6:23: at least one entry is needed here",
    "no treatments at all": "1:1: the key `applies` is needed here",
    "period backwards": "5:11: `to` lies before `from`",
    "no such day": "5:18: the calendar has no such day",
    "month for a day": "5:18: a whole date belongs here, written 2009-07-18",
    "no first day": "5:11: the key `from` is needed here",
    "range backwards": "8:10: a range is written with its lesser number first",
    "negative limit": "8:20: this number must be at least 0",
    "range of three": "8:19: this list is too long: at most 2 entries",
    "decimal limit": "8:20: a whole number belongs here",
    "text for a limit": "8:19: a whole number belongs here",
    "unknown unit": "8:11: `moons` is not a key that belongs here; did you mean `months`?",
    "limit without a number": "8:10: a limit has either numbers or `rows`",
    "placeholder of nothing": "14:19: there is no fact and no limit `prior_visit` to fill in; did you mean `prior_visits` or `prior_visits_claim`?",
    "curly bracket left open": "14:19: a curly bracket has no partner",
    "says of no status": "14:20: this must be one of 'met', 'unmet', 'undocumented' or 'unknown'",
    "one id twice": "11:9: `within` is the id of another criterion here",
    "an id taken": "11:9: `recommended` is the id of another criterion here",
    "unknown key": "2:1: `titel` is not a key that belongs here; did you mean `title`?",
    "id without a folder": "1:12: this is not written the way it must be; write it like `mine/2024/tens`",
    "id with blanks": "10:9: this is not written the way it must be; write it like `within-total`",
    "replaces nothing": "7:26: there is no guideline `test/prt`; did you mean `test/part`?",
    "replaces itself": "7:26: a guideline cannot replace itself; leave it out",
    "row without a number": "8:36: a row needs a number",
    "row of a misspelled fact": "8:43: there is no fact `chronic_pan`; did you mean `chronic_pain`?",
    "row without a status": "8:18: row 1 of `total` does not say how it is known; add `status:` to the row or to the limit",
    "rows beside a number": "8:10: a limit has either numbers or `rows`",
    "otherwise without rows": "8:10: `otherwise` belongs to a limit with `rows`",
    "row of a limit": "8:58: there is no limit `limits.total.visits.max`; no limit can be named here; facts are declared in facts.yaml",
    "rows in other units": "12:35: not every row of `limits.total` has visits",
    "criteria of unknown contents": "2:11: contents that are not known have no criteria",
    "no criteria": "1:1: a guideline needs `criteria` or `recommended`, or says `contents: not_known`",
    "key given twice": "3:1: `title` is given twice; keep one of the two",
    "not YAML": "2:1: this is not YAML that can be read; a bracket has no partner, or a text with a colon, comma or bracket in it needs quotes",
    "empty file": "1:1: the file is empty",
    "no guideline but a list": "1:1: keys with values belong here, written `key: value`",
    "else of no kind": "6:66: this must be one of 'by_analogy' or 'left_out'; did you mean `by_analogy`?",
    "criterion without a kind": "10:5: the key `kind` is needed here",
    "criterion of no kind": "11:11: this must be one of 'limit', 'indication', 'bar', 'documentation' or 'caution'",
    "recommended nowhere": "7:14: the key `no` is needed here",
    "page nought": "4:9: this number must be at least 1",
    "overlapping editions": "5:1: two editions govern the same requests: this one from 2009-07-18 to 2016-07-28, `test/part` from 2009-07-18 to 2016-07-28; end the earlier edition the day before the later one begins",
    "overlapping editions of a broader treatment": "5:1: two editions govern the same requests: this one from 2009-07-18 to 2016-07-28, `test/part` from 2009-07-18 to 2016-07-28; end the earlier edition the day before the later one begins",
    "overlapping editions of a narrower treatment": "5:1: two editions govern the same requests: this one from 2009-07-18 to 2016-07-28, `test/part` from 2009-07-18 to 2016-07-28; end the earlier edition the day before the later one begins",
    "one guideline twice": "1:12: `test/part` is also at x/part.yaml:1:12",
    "a treatment within none": "there is no treatment `psychological_car`; did you mean `psychological_care` or `psychological_evaluation`?",
    "treatments in a circle": "`psychological_care` lies within itself; leave out one `within`",
    "unknown key of a treatment": "`lable` is not a key that belongs here; did you mean `label`?",
    "a fact that is worked out": "`prior_visits` is worked out by the engine; leave its entry out",
    "unknown type of a fact": "this must be one of 'yes_no', 'number', 'date' or 'choice'; did you mean `number`?",
    "bounds of a fact backwards": "a range is written with its lesser number first",
    "scores of a scale backwards": "a range is written with its lesser number first",
    "number without bounds": "a number, and nothing else, is `between` two bounds",
    "unknown unit of a fact": "this must be one of 'visit', 'session', 'hour', 'day', 'week', 'month', 'year', 'tablet', 'capsule', 'patch', 'study', 'block', 'level', 'injection', 'item', 'unit15', 'mg_per_day', 'gram_per_day', 'percent' or 'point'; did you mean `level`?",
    "unknown silence": "this must be one of 'against_request', 'absent' or 'unknown'; did you mean `absent`?",
    "unknown tier": "there is no tier `mtuss`; did you mean `mtus`?",
    "citation of no source": "there is no source `labor-code-4610.55`; did you mean `labor-code-4610.5` or `labor-code-4604.5`?",
    "bands with a gap": "the bands leave a gap, overlap, or leave the range",
}
"""What is said of each, after the name of its file."""
