"""Bad case files: each gets one clear line with its place and a way out, and nothing of what it said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.cli import main

ITEM = "items: [{service: physical therapy}]\n"
CANARY = "Zebulon Quince"

BAD: list[tuple[str, str, str | bytes, str]] = [
    (
        "tab for indentation",
        "yaml",
        "items:\n\t- service: x\n",
        ":2:1: this is not YAML that can be read; a tab stands here: indent with spaces",
    ),
    (
        "bracket left open",
        "yaml",
        "items: [",
        ":2:1: this is not YAML that can be read; a bracket has no partner, or a text with a colon, comma or bracket in it needs quotes",
    ),
    (
        "colon in a bare text",
        "yaml",
        "items: [{service: a: b}]",
        ":1:20: this is not YAML that can be read; a bracket has no partner, or a text with a colon, comma or bracket in it needs quotes",
    ),
    ("a bare word", "yaml", "hello", ":1:1: keys with values belong here, written `key: value`"),
    ("a list at the top", "yaml", "- a\n- b\n", ":1:1: keys with values belong here, written `key: value`"),
    (
        "duplicate key",
        "yaml",
        "items: [{service: x}]\nitems: [{service: y}]\n",
        ":2:1: `items` is given twice; keep one of the two",
    ),
    (
        "duplicate key of clinical words",
        "yaml",
        "items: [{service: x, Zebulon Quince: 1, Zebulon Quince: 2}]",
        ":1:41: a key is given twice; keep one of the two",
    ),
    (
        "alias",
        "yaml",
        "a: &a [1]\nitems: *a\n",
        ":1:4: anchors and aliases are not read; write the value out",
    ),
    (
        "alias bomb",
        "yaml",
        "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nitems: *c",
        ":1:4: anchors and aliases are not read; write the value out",
    ),
    (
        "tag",
        "yaml",
        "items: !!python/object/apply:os.system [echo hi]\n",
        ":1:8: YAML tags are not read; remove the tag",
    ),
    ("deep nesting", "yaml", "items: " + "[" * 200 + "]" * 200, ":1:48: nested deeper than 40 levels"),
    (
        "two documents",
        "yaml",
        ITEM + "---\n" + ITEM,
        ":2:1: a second document begins here; give each case a file of its own",
    ),
    (
        "misspelled fact",
        "yaml",
        ITEM + "findings: {rationael: true}",
        ":2:12: there is no fact of this name; did you mean `rationale`?",
    ),
    (
        "misspelled key",
        "yaml",
        "items: [{service: x, in_disptue: 4}]",
        ":1:22: `in_disptue` is not a key that belongs here; did you mean `in_dispute`?",
    ),
    (
        "key of clinical words",
        "yaml",
        "items: [{service: x, Mr Zebulon Quince has pain: 4}]",
        ":1:22: this is not a key that belongs here",
    ),
    (
        "text where a number belongs",
        "yaml",
        "items: [{service: x, asked: Zebulon Quince}]",
        ":1:29: a whole number belongs here",
    ),
    ("quoted number", "yaml", 'items: [{service: x, asked: "12"}]', ":1:29: a whole number belongs here"),
    ("decimal", "yaml", "items: [{service: x, asked: 2.5}]", ":1:29: a whole number belongs here"),
    ("whole decimal", "yaml", "items: [{service: x, asked: 2.0}]", ":1:29: a whole number belongs here"),
    (
        "truth where a number belongs",
        "yaml",
        "items: [{service: x, asked: true}]",
        ":1:29: a whole number belongs here",
    ),
    ("negative count", "yaml", "items: [{service: x, asked: -1}]", ":1:29: this number must be at least 0"),
    (
        "huge count",
        "yaml",
        "items: [{service: x, asked: 99999999999}]",
        ":1:29: this number must be at most 100000",
    ),
    (
        "absurd count of visits",
        "yaml",
        "items: [{service: physical therapy, asked: 50000}]",
        ":1:44: this is more than there can be: at most 1,000 visits; check the number and its unit",
    ),
    (
        "absurd count of hours",
        "yaml",
        "items: [{service: physical therapy, asked: {value: 90000, unit: hour}}]",
        ":1:44: this is more than there can be: at most 20,000 hours; check the number and its unit",
    ),
    ("exponent", "yaml", "items: [{service: x, asked: 1e3}]", ":1:29: a whole number belongs here"),
    ("not a number", "yaml", "items: [{service: x, asked: .nan}]", ":1:29: a whole number belongs here"),
    ("infinity", "yaml", "items: [{service: x, asked: .inf}]", ":1:29: a whole number belongs here"),
    ("leading zero", "yaml", "items: [{service: x, asked: 012}]", ":1:29: a whole number belongs here"),
    ("hexadecimal", "yaml", "items: [{service: x, asked: 0x12}]", ":1:29: a whole number belongs here"),
    (
        "underscore in a number",
        "yaml",
        "items: [{service: x, asked: 1_000}]",
        ":1:29: a whole number belongs here",
    ),
    ("base sixty", "yaml", "items: [{service: x, asked: 1:30}]", ":1:29: a whole number belongs here"),
    (
        "no such day",
        "yaml",
        ITEM + "request: {date: 2014-02-30}",
        ":2:17: there is no such day in that month",
    ),
    ("no such month", "yaml", ITEM + "request: {date: 2014-13-01}", ":2:17: there is no such month"),
    (
        "american date",
        "yaml",
        ITEM + "request: {date: 03/04/2014}",
        ":2:17: a date is written 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known",
    ),
    (
        "a word for a date",
        "yaml",
        ITEM + "request: {date: yesterday}",
        ":2:17: a date is written 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known",
    ),
    (
        "before any injury",
        "yaml",
        ITEM + "request: {date: 1066-01-01}",
        ":2:17: the year must be between 1900 and 2199",
    ),
    (
        "short date",
        "yaml",
        ITEM + "request: {date: 2014-1-1}",
        ":2:17: a date is written 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known",
    ),
    (
        "date with a time",
        "yaml",
        ITEM + "request: {date: 2014-01-01T00:00:00}",
        ":2:17: a date is written 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known",
    ),
    (
        "unknown unit",
        "yaml",
        "items: [{service: x, asked: {value: 1, unit: moons}}]",
        ":1:46: this must be one of 'visit', 'session', 'hour', 'day', 'week', 'month', 'year', 'tablet', 'capsule', 'patch', 'study', 'block', 'level', 'injection', 'item', 'unit15', 'mg_per_day', 'gram_per_day', 'percent' or 'point'",
    ),
    (
        "plural unit",
        "yaml",
        "items: [{service: x, asked: {value: 1, unit: visits}}]",
        ":1:46: this must be one of 'visit', 'session', 'hour', 'day', 'week', 'month', 'year', 'tablet', 'capsule', 'patch', 'study', 'block', 'level', 'injection', 'item', 'unit15', 'mg_per_day', 'gram_per_day', 'percent' or 'point'; did you mean `visit`?",
    ),
    (
        "two kinds of statement",
        "yaml",
        "items: [{service: x, asked: {value: 1, missing: x}}]",
        ":1:29: give one of `value`, `at_least`/`at_most`, `undocumented` or `missing`",
    ),
    (
        "bounds the wrong way",
        "yaml",
        "items: [{service: x, asked: {at_least: 5, at_most: 2}}]",
        ":1:29: `at_least` is more than `at_most`",
    ),
    (
        "an empty statement",
        "yaml",
        "items: [{service: x, asked: {}}]",
        ":1:29: give one of `value`, `at_least`/`at_most`, `undocumented` or `missing`",
    ),
    ("no statement", "yaml", "items: [{service: x, asked: []}]", ":1:29: at least one entry is needed here"),
    ("no items", "yaml", "items: []", ":1:8: at least one entry is needed here"),
    ("no key for items", "yaml", "case: a", ":1:1: the key `items` is needed here"),
    (
        "no service",
        "yaml",
        "items: [{treatment: physical_therapy}]",
        ":1:9: the key `service` is needed here",
    ),
    ("empty service", "yaml", 'items: [{service: ""}]', ":1:19: this must not be empty"),
    (
        "follows nothing",
        "yaml",
        "items: [{service: x, follows: item-9}]",
        ":1:31: `follows` must name another item of this case",
    ),
    (
        "a circle",
        "yaml",
        "items: [{service: x, follows: item-2},{service: y, follows: item-1}]",
        ":1:31: these items follow one another in a circle",
    ),
    (
        "follows itself",
        "yaml",
        "items: [{service: x, follows: item-1}]",
        ":1:31: `follows` must name another item of this case",
    ),
    (
        "same id",
        "yaml",
        "items: [{id: a, service: x},{id: a, service: y}]",
        ":1:34: another item has this `id`",
    ),
    (
        "id that another has by its place",
        "yaml",
        "items: [{service: x},{id: item-1, service: y}]",
        ":1:27: another item has this `id`",
    ),
    (
        "evidence in no document",
        "yaml",
        ITEM
        + "documents: [{id: a, kind: other}]\nhistory: [{treatment: physical_therapy, attended: {value: 3, evidence: {document: b}}}]",
        ":3:83: no document of this `id` is among `documents`",
    ),
    (
        "misspelled treatment",
        "yaml",
        ITEM + "history: [{treatment: physical_therpy}]",
        ":2:23: there is no treatment of this name; did you mean `physical_therapy` or `psychotherapy`?",
    ),
    (
        "clinical words for a treatment",
        "yaml",
        ITEM + "history: [{treatment: Zebulon Quince}]",
        ":2:23: this is not written the way it must be; write it in small letters, digits and underscores, like `physical_therapy`",
    ),
    (
        "misspelled body region",
        "yaml",
        "items: [{service: x, body_part: {region: sholder}}]",
        ":1:42: there is no body region of this name; did you mean `shoulder`?",
    ),
    (
        "no such letter of the spine",
        "yaml",
        "items: [{service: x, body_part: {region: low_back, level: Q4}}]",
        ":1:59: this is not written the way it must be; write it like `L4-L5`",
    ),
    (
        "no such vertebra",
        "yaml",
        "items: [{service: x, body_part: {region: low_back, level: L9-L10}}]",
        ":1:59: this is not written the way it must be; write it like `L4-L5`",
    ),
    (
        "unknown instrument",
        "yaml",
        ITEM + "measurements: [{instrument: BDQ, score: 3}]",
        ":2:29: there is no instrument of this name; did you mean `bdi`?",
    ),
    (
        "score off the scale",
        "yaml",
        ITEM + "measurements: [{instrument: BDI, score: 200}]",
        ":2:41: a BDI (edition not stated) score lies between 0 and 63",
    ),
    (
        "negative score",
        "yaml",
        ITEM + "measurements: [{instrument: BDI, score: -2}]",
        ":2:41: this number must be at least 0",
    ),
    (
        "number for a yes or no",
        "yaml",
        ITEM + "findings: {ready_to_end: 3}",
        ":2:26: `ready_to_end`: true or false belongs here",
    ),
    (
        "quoted yes",
        "yaml",
        ITEM + "findings: {ready_to_end: 'yes'}",
        ":2:26: `ready_to_end`: true or false belongs here",
    ),
    (
        "bare yes",
        "yaml",
        ITEM + "findings: {ready_to_end: yes}",
        ":2:26: `ready_to_end`: true or false belongs here",
    ),
    (
        "truth for a count",
        "yaml",
        ITEM + "findings: {prior_visits: true}",
        ":2:26: `prior_visits`: a whole number belongs here",
    ),
    (
        "bounds of a truth",
        "yaml",
        ITEM + "findings: {ready_to_end: {at_least: 1}}",
        ":2:26: `ready_to_end`: only a number has bounds",
    ),
    (
        "misspelled word of a fact",
        "yaml",
        ITEM + "findings: {body_region: sholder}",
        ":2:25: `body_region`: this is not one of its words; did you mean `shoulder`?",
    ),
    (
        "count off the dictionary",
        "yaml",
        ITEM + "findings: {prior_visits: 99999}",
        ":2:26: `prior_visits`: this number must lie between 0 and 10000",
    ),
    (
        "a fact that is only shown",
        "yaml",
        ITEM + "findings: {scores: x}",
        ":2:20: `scores`: this fact is shown and cannot be given; give scores under `measurements`",
    ),
    (
        "absurd age",
        "yaml",
        ITEM + "worker: {age: 900}",
        ":2:15: this is more than there can be: at most 120 years; check the number and its unit",
    ),
    ("truth for an age", "yaml", ITEM + "worker: {age: true}", ":2:15: a whole number belongs here"),
    (
        "short code number",
        "yaml",
        "items: [{service: x, codes: ['9780']}]",
        ":1:30: this is not written the way it must be; write it like `97110`",
    ),
    ("bare code number", "yaml", "items: [{service: x, codes: [97810]}]", ":1:30: text belongs here"),
    (
        "no ICD-10 code",
        "yaml",
        ITEM + "diagnoses: [{text: x, icd10: 'hello'}]",
        ":2:30: this is not written the way it must be; write it like `M54.5`",
    ),
    (
        "misspelled decision",
        "yaml",
        "items: [{service: x, utilization_review: {decision: denyed}}]",
        ":1:53: this must be one of 'denied', 'modified', 'delayed' or 'conditionally_denied'; did you mean `denied` or `delayed`?",
    ),
    (
        "misspelled kind of document",
        "yaml",
        ITEM + "documents: [{kind: leter}]",
        ":2:20: this must be one of 'request', 'utilization_review', 'imr_application', 'progress_report', 'first_report', 'psychological_report', 'therapy_notes', 'operative_report', 'imaging', 'electrodiagnostics', 'medical_legal', 'permanent_stationary', 'guideline', 'correspondence' or 'other'",
    ),
    (
        "escaped control character",
        "yaml",
        'items: [{service: "a\\u0000b"}]',
        ":1:19: a control character stands in this text; remove it",
    ),
    (
        "raw control character",
        "yaml",
        'items: [{service: "a\x00b"}]',
        ":1:21: a control character stands here; remove it",
    ),
    (
        "terminal escape",
        "yaml",
        'items: [{service: "a\\x1b[31mred"}]',
        ":1:19: a control character stands in this text; remove it",
    ),
    (
        "long text",
        "yaml",
        f"items: [{{service: {'x' * 3000}}}]",
        ":1:19: this text is too long: at most 2,000 characters",
    ),
    (
        "too many items",
        "yaml",
        f"items: [{', '.join(['{service: x}'] * 201)}]",
        ":1:8: this list is too long: at most 200 entries",
    ),
    ("number for a key", "yaml", "1: 2\n" + ITEM, ":1:1: this is not a key that belongs here"),
    ("null for a key", "yaml", "~: 2\n" + ITEM, ":1:1: this is not a key that belongs here"),
    ("list for a key", "yaml", "? [a]\n: 2\n" + ITEM, ":1:3: a key must be plain text"),
    (
        "clinical words for a key",
        "yaml",
        ITEM + "Zebulon Quince: x\n",
        ":2:1: this is not a key that belongs here",
    ),
    ("only a comment", "yaml", "# nothing\n", ":1:1: the file is empty"),
    ("only blanks", "yaml", "   \n", ":1:1: the file is empty"),
    (
        "expects of no item",
        "yaml",
        ITEM + "expect: {items: {item-9: {suggestion: uphold}}}",
        ":2:26: this case has no such item",
    ),
    (
        "a list for the worker",
        "yaml",
        ITEM + "worker: [1]",
        ":2:9: keys with values belong here, written `key: value`",
    ),
    (
        "text for the worker",
        "yaml",
        ITEM + "worker: Zebulon Quince",
        ":2:9: keys with values belong here, written `key: value`",
    ),
    ("keys for the items", "yaml", "items: {service: x}", ":1:8: a list belongs here"),
    (
        "text for an item",
        "yaml",
        "items: [Zebulon Quince]",
        ":1:9: keys with values belong here, written `key: value`",
    ),
    (
        "unknown period",
        "yaml",
        "items: [{service: x, frequency: {times: 2, per: fortnight}, duration: {value: 3, unit: week}}]",
        ":1:49: this must be one of 'day', 'week' or 'month'",
    ),
    (
        "negative frequency",
        "yaml",
        "items: [{service: x, frequency: {times: -2, per: week}}]",
        ":1:41: this number must be at least 0",
    ),
    (
        "absurd duration",
        "yaml",
        "items: [{service: x, duration: {value: 99999, unit: year}}]",
        ":1:40: this is more than there can be: at most 120 years; check the number and its unit",
    ),
    (
        "page nought",
        "yaml",
        "items: [{service: x, cited: {reviewer: [{document: a, pages: [0]}]}}]",
        ":1:63: this number must be at least 1",
    ),
    (
        "absurd edition",
        "yaml",
        "items: [{service: x, cited: {reviewer: [{document: a, edition: 2}]}}]",
        ":1:64: this number must be at least 1990",
    ),
    (
        "duplicate key in JSON",
        "json",
        '{"items":[{"service":"x"}],"items":[]}',
        ": `items` is given twice; keep one of the two",
    ),
    (
        "JSON cut short",
        "json",
        '{"items":[',
        ":1:11: this is not JSON: expecting value; check the commas, quotes and brackets here and just above",
    ),
    ("NaN in JSON", "json", '{"items":[{"service":"x","asked":NaN}]}', ": `NaN` is not a number here"),
    (
        "JSON of nothing but brackets",
        "json",
        "[" * 100_000,
        ": nested deeper than 40 levels",
    ),
    ("deep JSON", "json", '{"items": ' + "[" * 60 + "]" * 60 + "}", ": nested deeper than 40 levels"),
    (
        "JSON number of 5,000 digits",
        "json",
        '{"items": [{"service": "x", "asked": ' + "9" * 5000 + "}]}",
        ": this is not JSON that can be read: a number is too long",
    ),
    (
        "whole decimal in JSON",
        "json",
        '{"items":[{"service":"x","asked":2.0}]}',
        "#/items/0/asked: a whole number belongs here",
    ),
    (
        "JSON number beyond all",
        "json",
        '{"items":[{"service":"x","asked":1e400}]}',
        "#/items/0/asked: a whole number belongs here",
    ),
    ("a JSON text", "json", '"hello"', "#: keys with values belong here, written `key: value`"),
    (
        "empty JSON",
        "json",
        "",
        ":1:1: this is not JSON: expecting value; check the commas, quotes and brackets here and just above",
    ),
    (
        "half a character in JSON",
        "json",
        '{"items":[{"service":"\\ud800"}]}',
        "#/items/0/service: this text holds half a character",
    ),
    (
        "comment in JSON",
        "json",
        '{"items":[{"service":"x"}]} // x',
        ":1:29: this is not JSON: extra data; check the commas, quotes and brackets here and just above",
    ),
    ("binary", "yaml", bytes(range(256)), ": the file is not UTF-8 text; save it as UTF-8 YAML or JSON"),
    (
        "UTF-16",
        "yaml",
        "items: []".encode("utf-16"),
        ": the file is not UTF-8 text; save it as UTF-8 YAML or JSON",
    ),
    (
        "Latin-1",
        "yaml",
        b"items: [{service: caf\xe9}]",
        ": the file is not UTF-8 text; save it as UTF-8 YAML or JSON",
    ),
    ("huge file", "yaml", b"#" * 4_000_001, ": the file is larger than 4,000,000 bytes"),
    (
        "a PDF file",
        "yaml",
        b"%PDF-1.7\n%\xe2\xe3",
        ": the file is not UTF-8 text; save it as UTF-8 YAML or JSON",
    ),
    ("a ZIP file", "yaml", b"PK\x03\x04\x00\x00", ":1:3: a control character stands here; remove it"),
]
"""What is wrong, the file's ending, the file, and what is said of it after the file's name."""

FIT = {
    "byte order mark": b"\xef\xbb\xbf" + ITEM.encode(),
    "carriage returns": ITEM.replace("\n", "\r\n").encode(),
    "YAML directive": b"%YAML 1.2\n---\n" + ITEM.encode(),
    "line separators of other alphabets": 'items: [{service: "a\u0085b\u2028c"}]'.encode(),
    "an operation no table has": ITEM.encode() + b"surgeries: [{text: a new operation, date: 2014-01-01}]",
    "a treatment nobody knows": b"items: [{service: x, treatment: leeches}]",
}
"""Odd and not wrong."""


def written(folder: Path, number: int) -> Path:
    _, ending, content, _ = BAD[number]
    file = folder / f"case-{number}.{ending}"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.parametrize("number", range(len(BAD)), ids=[name for name, *_ in BAD])
def test_a_bad_case_gets_one_line(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, number)
    monkeypatch.setattr(sys, "argv", ["imr-rules", "screen", str(file)])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert (left.value.code, said.out) == (2, "")
    assert said.err == f"error: {file}{BAD[number][-1]}\n"
    assert CANARY.split()[1] not in said.err


def test_the_installed_command_refuses_them_all_at_once(tmp_path: Path) -> None:
    files = [written(tmp_path, number) for number in range(len(BAD))]
    command = Path(sys.executable).with_name("imr-rules")
    done = subprocess.run(
        [command, "screen", *files], capture_output=True, text=True, check=False, env=os.environ
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"error: {file}{bad[-1]}" for file, bad in zip(files, BAD, strict=True)
    ]


@pytest.mark.parametrize("name", FIT)
def test_what_is_only_odd_is_screened(name: str, tmp_path: Path, rulebook: Rulebook) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(FIT[name])
    assert screen(Case.from_file(file), rulebook).items[0].suggestion == "needs_review"


@pytest.mark.parametrize(("path", "words"), [("", "directory"), ("no-such-case.yaml", "no such file")])
def test_what_is_no_file_is_named(
    path: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["imr-rules", "screen", str(tmp_path / path)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert words in capsys.readouterr().err
