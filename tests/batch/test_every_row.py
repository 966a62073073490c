"""Every record of a file is judged or rejected, whatever program wrote it and whatever was done to it since."""

from __future__ import annotations

import csv
import io
import json
import random
import struct
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_rules import Rulebook
from imr_rules.batch import Total, batch, rejects_beside
from imr_rules.batch import work as batch_work
from imr_rules.batch.plain_csv import is_plain
from imr_rules.errors import CaseError, EngineError, InputError
from tests.batch.running import run

NAMES = ("case", "item", "treatment", "edition_from", "follows", "note")
Damage = Literal["stray quote", "a quote too few", "a cell too few", "a cell too many", "no date", "bytes"]
DAMAGES: tuple[Damage, ...] = (
    "stray quote", "a quote too few", "a cell too few", "a cell too many", "no date", "bytes",
)  # fmt: skip


def rows(count: int, chance: random.Random) -> list[list[str]]:
    """Rows that can all be judged; the notes hold whatever people write, line ends too."""
    notes = ("", "seen, discharged", 'a 5" incision', "two\nlines", "naïve", " ")
    return [
        [f"C{place // 2}", str(place % 2), "massage", "2014-03-04", "0" if place % 2 else "", chance.choice(notes)]
        for place in range(count)
    ]  # fmt: skip


def written(content: Sequence[Sequence[str]], separator: str, quoting: Literal[0, 1]) -> list[str]:
    """Each row as CSV, without the line end behind it."""
    lines = []
    for row in content:
        text = io.StringIO()
        csv.writer(text, delimiter=separator, quoting=quoting, lineterminator="\n").writerow(row)
        lines.append(text.getvalue()[:-1])
    return lines


def damaged(line: str, how: Damage, separator: str) -> str:
    """A row after something happened to it, so that it cannot be read any more."""
    if how == "stray quote":
        return f'"{line}' if not line.startswith('"') else f'"x"y{line}'
    if how == "a quote too few":
        return line.replace(f"{separator}massage{separator}", f'{separator}"massage{separator}').replace(
            '"massage"', '"massage'
        )
    if how == "a cell too few":
        return line[: line.index(separator)]
    if how == "a cell too many":
        return line + separator + "and"
    if how == "no date":
        return line.replace("2014-03-04", "3/4/2014")
    return "\udcff\udc81" + line if not line.startswith('"') else line[0] + "\udcff\udc81" + line[1:]


def judged(
    content: bytes, name: str, rulebook: Rulebook, ignored: Sequence[str] = ()
) -> tuple[Total, list[Any]]:
    """Run a batch over one file; its total, and its rejects."""
    with tempfile.TemporaryDirectory() as directory:
        path, output = Path(directory, name), Path(directory, "out.parquet")
        path.write_bytes(content)
        total = batch([str(path)], output, rulebook, ignored=frozenset(ignored))
        beside = rejects_beside(output)
        rejects = [json.loads(line) for line in beside.read_text().splitlines()] if beside.exists() else []
        assert pq.read_table(output).num_rows == total.rows
    return total, rejects


@settings(max_examples=30)
@given(
    st.integers(1, 30), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([0, 1]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.integers(0, 3), st.booleans(), st.integers(0, 2**32),
)  # fmt: skip
def test_what_any_program_writes_is_read_whole(
    shipped: Rulebook, count: int, separator: str, end: str, quoting: Literal[0, 1], encoding: str, blank: int, last: bool, seed: int
) -> None:  # fmt: skip
    lines = written([NAMES, *rows(count, random.Random(seed))], separator, quoting)
    text = end * blank + end.join(line.replace("\n", end) for line in lines) + (end if last else "")
    total, rejects = judged(text.encode(encoding), "in.csv", shipped, ["note"])
    assert (total.records, total.rows, rejects) == (count, count, [])


@settings(max_examples=40)
@given(
    st.integers(2, 30), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from([0, 1]),
    st.dictionaries(st.integers(0, 29), st.sampled_from(DAMAGES), min_size=1, max_size=6), st.integers(0, 2**32),
)  # fmt: skip
def test_damage_costs_the_rows_it_was_done_to_and_their_followers(
    shipped: Rulebook,
    count: int,
    separator: str,
    end: str,
    quoting: Literal[0, 1],
    damages: dict[int, Damage],
    seed: int,
) -> None:
    content = [[*row[:-1], row[-1].replace("\n", " ")] for row in rows(count, random.Random(seed))]
    lines = written([NAMES, *content], separator, quoting)
    hurt = {place: how for place, how in damages.items() if place < count}
    for place, how in hurt.items():
        lines[place + 1] = damaged(lines[place + 1], how, separator)
    text = end.join(lines) + end
    total, rejects = judged(text.encode("utf-8", "surrogateescape"), "in.csv", shipped, ["note"])
    # A row whose principal cannot be read cannot be judged either.
    lost = {*hurt, *(place + 1 for place in hurt if place % 2 == 0 and place + 1 < count)}
    assert total.records == count
    assert {each["row"] - 1 for each in rejects} == lost
    assert total.rows == count - len(lost)


@settings(max_examples=30)
@given(st.binary(max_size=300), st.integers(0, 20))
def test_whatever_bytes_stand_behind_a_header_are_counted(
    shipped: Rulebook, noise: bytes, count: int
) -> None:
    good = b"".join(b"C%d,massage\n" % place for place in range(count))
    total, rejects = judged(b"case,treatment\n" + good + noise + b"\n" + good, "in.csv", shipped)
    assert total.records == total.rows + len(rejects)
    assert total.rows >= 2 * count - 1  # the line behind the noise may be its last


Table = Literal["in.parquet", "in.arrow", "in.arrows"]
Cell = Literal["below zero", "beyond all", "follows nothing", "unknown treatment", "no treatment"]
CELLS: tuple[Cell, ...] = ("below zero", "beyond all", "follows nothing", "unknown treatment", "no treatment")
JUDGED: frozenset[Cell] = frozenset({"unknown treatment", "no treatment"})
"""What is judged all the same: nothing governs it."""


def table_of(count: int, wrong: dict[int, Cell]) -> pa.Table:
    """Units of two rows, some of them with a cell that cannot be."""
    made = []
    for place in range(count):
        row: dict[str, Any] = {
            "case": f"C{place // 2}", "item": str(place % 2), "treatment": "massage", "edition_from": date(2014, 3, 4),
            "follows": "0" if place % 2 else None, "prior_visits": place,
        }  # fmt: skip
        cells: dict[Cell, dict[str, Any]] = {
            "below zero": {"prior_visits": -1}, "beyond all": {"prior_visits": 10_001},
            "follows nothing": {"follows": "9"}, "unknown treatment": {"treatment": "mesage"},
            "no treatment": {"treatment": None},
        }  # fmt: skip
        made.append(row | (cells[wrong[place]] if place in wrong else {}))
    text = pa.string()
    fields = {
        "case": text,
        "item": text,
        "treatment": text,
        "edition_from": pa.date32(),
        "follows": text,
        "prior_visits": pa.int64(),
    }
    return pa.Table.from_pylist(made, pa.schema(list(fields.items())))


def as_file(table: pa.Table, name: Table, size: int, codec: str | None, dictionary: bool) -> bytes:
    """A table as a file of groups of ``size`` rows, its texts as they are or as a dictionary."""
    if dictionary:
        column = table.schema.get_field_index("treatment")
        table = table.set_column(column, "treatment", table["treatment"].dictionary_encode())
    written = io.BytesIO()
    if name == "in.parquet":
        pq.write_table(table, written, row_group_size=size, compression=codec or "none")
        return written.getvalue()
    opened = pa.ipc.new_file if name == "in.arrow" else pa.ipc.new_stream
    options = pa.ipc.IpcWriteOptions(compression=codec, emit_dictionary_deltas=False)
    with opened(written, table.schema, options=options) as writer:
        writer.write_table(table.unify_dictionaries(), max_chunksize=size)
    return written.getvalue()


TABLES = st.tuples(
    st.sampled_from(["in.parquet", "in.arrow", "in.arrows"]), st.integers(1, 12), st.sampled_from([None, "lz4", "zstd"]),
    st.booleans(),
)  # fmt: skip


@settings(max_examples=15)
@given(st.integers(1, 30), TABLES, st.dictionaries(st.integers(0, 29), st.sampled_from(CELLS), max_size=6))
def test_each_row_of_a_table_is_judged_or_rejected(
    shipped: Rulebook, count: int, form: tuple[Table, int, str | None, bool], wrong: dict[int, Cell]
) -> None:
    content = as_file(table_of(count, wrong), *form)
    total, rejects = judged(content, form[0].replace("arrows", "arrow"), shipped)
    hurt = {place for place, how in wrong.items() if place < count and how not in JUDGED}
    lost = {*hurt, *(place + 1 for place in hurt if place % 2 == 0 and place + 1 < count)}
    assert {each["row"] - 1 for each in rejects} == lost
    assert (total.records, total.rows) == (count, count - len(lost))


def test_a_stream_behind_a_stream_is_not_left_out(shipped: Rulebook) -> None:
    stream = as_file(table_of(4, {}), "in.arrows", 2, None, False)
    with pytest.raises(CaseError, match="more follows behind the end of the Arrow stream"):
        judged(stream + stream, "in.arrow", shipped)


@settings(max_examples=30)
@given(
    st.integers(1, 40), TABLES, st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    st.none() | st.floats(0, 1),
)  # fmt: skip
def test_a_table_damaged_anywhere_is_refused_or_every_row_of_it_is_accounted_for(
    shipped: Rulebook,
    count: int,
    form: tuple[Table, int, str | None, bool],
    changes: list[tuple[float, int]],
    kept: float | None,
) -> None:
    content = bytearray(as_file(table_of(count, {}), *form))
    for place, byte in changes:
        content[int(place * len(content))] ^= byte
    damaged_file = bytes(content if kept is None else content[: int(kept * len(content))])
    try:
        total, rejects = judged(damaged_file, form[0].replace("arrows", "arrow"), shipped)
    except InputError as error:
        said = str(error)
    else:
        said = ""
        assert total.records == total.rows + len(rejects)
    assert not said or "in.parquet" in said or "in.arrow" in said


@pytest.mark.parametrize("end", [-1, 255, 2**31 - 1])
@pytest.mark.parametrize("column", ["case", "treatment"])
@pytest.mark.parametrize("name", ["in.arrow", "in.arrows"])
def test_an_offset_that_leads_out_of_the_file_is_refused(
    name: Table, column: str, end: int, shipped: Rulebook
) -> None:
    table = table_of(4, {})
    content = as_file(table, name, 4, None, False)
    begun = table[column].chunk(0).buffers()[1].to_pybytes()[:20]
    assert content.count(begun) >= 1
    wrong = begun[:-4] + struct.pack("<i", end)
    with pytest.raises(CaseError, match="damaged"):
        judged(content.replace(begun, wrong), name.replace("arrows", "arrow"), shipped)


@pytest.mark.parametrize("index", [-1, 1, 2**31 - 1])
@pytest.mark.parametrize("column", ["case", "treatment"])
def test_an_index_of_no_word_is_refused(column: str, index: int, shipped: Rulebook) -> None:
    table = table_of(4, {})
    words = pa.array(["C0" if column == "case" else "massage"])
    wrong = pa.DictionaryArray.from_arrays(pa.array([0, 0, index, 0], pa.int32()), words, safe=False)
    table = table.set_column(table.schema.get_field_index(column), column, wrong)
    written = io.BytesIO()
    with pa.ipc.new_file(written, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(CaseError, match="damaged"):
        judged(written.getvalue(), "in.arrow", shipped)


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(["row", "case", "bad case", "blank", "spaces", "no JSON", "list", "twice"]),
        max_size=20,
    )
)
def test_lines_of_json_are_judged_or_rejected(shipped: Rulebook, kinds: list[str]) -> None:
    line = {
        "row": '{"treatment": "massage", "edition_from": "2014-03-04"}',
        "case": '{"request": {"date": "2014-03-04"}, "items": [{"service": "massage"}, {"service": "acupuncture"}]}',
        "bad case": '{"items": []}', "blank": "", "spaces": "  \t", "no JSON": "{nope}", "list": "[1]",
        "twice": '{"treatment": "massage", "treatment": "massage"}',
    }  # fmt: skip
    text = "".join(line[kind] + "\n" for kind in kinds)
    total, rejects = judged(text.encode(), "in.ndjson", shipped)
    meant = [kind for kind in kinds if kind not in ("blank", "spaces")]
    assert total.records == len(meant)
    assert total.rows == meant.count("row") + 2 * meant.count("case")
    assert [each["row"] - 1 for each in rejects] == [
        place for place, kind in enumerate(kinds) if kind in ("bad case", "no JSON", "list", "twice")
    ]


def test_windows_1252_is_read_where_no_letter_is_of_utf_8(shipped: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("case,treatment\nMuñoz-1,massage\nO’Brien-2,massage\n".encode("cp1252"))
    batch([str(path)], tmp_path / "out.parquet", shipped)
    assert pq.read_table(tmp_path / "out.parquet")["case"].to_pylist() == ["Muñoz-1", "O’Brien-2"]


def test_what_excel_says_of_separators_is_no_record(shipped: Rulebook) -> None:
    total, _ = judged(b"sep=;\r\ncase;treatment\r\nA;massage\r\n", "in.csv", shipped)
    assert (total.records, total.rows) == (1, 1)


@pytest.mark.parametrize("word", ["true", "True", "TRUE", "false", "False", "FALSE"])
def test_truths_of_pandas_and_excel_are_read(word: str, shipped: Rulebook) -> None:
    total, _ = judged(f"treatment,only_denial\nmassage,{word}\n".encode(), "in.csv", shipped)
    assert total.rows == 1


def test_a_date_of_a_spreadsheet_is_refused_with_what_to_do(shipped: Rulebook) -> None:
    _, rejects = judged(b"treatment,edition_from\nmassage,3/4/14\nmassage,04.03.2014\n", "in.csv", shipped)
    assert "format the column as yyyy-mm-dd" in rejects[0]["reason"]
    assert rejects[0]["reason"].startswith("edition_from: ")
    assert rejects[1]["reason"] == "edition_from: a date like 2014-08-05 belongs here"


def test_a_date_of_the_request_alone_chooses_no_edition_and_is_refused(shipped: Rulebook) -> None:
    with pytest.raises(CaseError, match="request_date and none that says whose guidelines govern"):
        judged(b"treatment,request_date\nmassage,2014-03-04\n", "in.csv", shipped)


def test_plain_files_are_read_as_they_are(tmp_path: Path) -> None:
    for content, plain in (
        (b"case,treatment\nA,massage\n", True), (b'case,treatment\r\n"A, B",massage\r\n', True),
        (b"case,treatment\rA,massage\r", False), (b"\ncase,treatment\nA,massage\n", False),
        (b'case,treatment\n"A\nB",massage\n', False), (b'case,treatment\nA,"massage\n', False),
        (b"case;treatment\nA;massage\n", False),
    ):  # fmt: skip
        path = tmp_path / "in.csv"
        path.write_bytes(content)
        assert is_plain(path) == plain, content


@pytest.mark.parametrize("name", ["in.parquet", "in.arrow", "in.ipc", "in.csv", "in.ndjson"])
def test_a_file_without_a_record_is_said_to_have_none(name: str, shipped: Rulebook, tmp_path: Path) -> None:
    table = pa.table({"treatment": pa.array([], pa.string())})
    path = tmp_path / name
    if name == "in.parquet":
        pq.write_table(table, path)
    elif name.endswith(("arrow", "ipc")):
        opened = pa.ipc.new_file if name == "in.arrow" else pa.ipc.new_stream
        with opened(path, table.schema) as writer:
            writer.write_table(table)
    else:
        path.write_text("treatment\n" if name == "in.csv" else "")
    total = batch([str(path)], tmp_path / "out.parquet", shipped)
    assert (total.records, total.rows, total.rejects) == (0, 0, 0)


def test_a_row_that_gets_lost_is_an_error_and_no_summary(
    shipped: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = batch_work.Worker._judged

    def forgetful(self: Any, chunk: Any, unit: Any) -> Any:
        good, bad = whole(self, chunk, unit)
        return good.slice(1), bad

    monkeypatch.setattr(batch_work.Worker, "_judged", forgetful)
    path = tmp_path / "in.csv"
    path.write_text("treatment\nmassage\nmassage\n")
    with pytest.raises(EngineError, match="2 records were read and 1 are accounted for"):
        batch([str(path)], tmp_path / "out.parquet", shipped)
    assert not (tmp_path / "out.parquet").exists()


def test_a_file_that_is_cut_wrong_is_an_error_too(
    shipped: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imr_rules.batch.job.cut", lambda sources: [])
    path = tmp_path / "in.csv"
    path.write_text("treatment\nmassage\n")
    with pytest.raises(EngineError, match="holds 1 records, and 0 were judged or rejected"):
        batch([str(path)], tmp_path / "out.parquet", shipped)


# -- the command -------------------------------------------------------------------------------------------------


def test_where_nothing_can_be_judged_the_exit_status_says_so(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "case,item,treatment,edition_from,follows\nA,1,massage,3/4/2014,\nA,2,massage,3/4/2014,1\n"
    )
    done = run(str(path), str(tmp_path / "out.csv"))
    assert done.returncode == 4
    first, second = done.stdout.decode().splitlines()
    assert first.startswith("2 records read: 0 items judged, 2 rejected: see ")
    assert second.startswith("  2 × edition_from: ")


def test_standard_input_that_does_not_tell_its_format_is_asked_about() -> None:
    done = run("-", "-", input=b"treatment\nmassage\n")
    assert done.returncode == 2
    assert b"standard input does not tell its format" in done.stderr
    assert run("-", "-", "--from", "csv", input=b"treatment\nmassage\n").returncode == 0
    assert run("-", "-", input=b'{"treatment": "massage"}\n').returncode == 0


def test_no_cell_of_a_result_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["case", "item", "treatment"])
        writer.writerows(
            [cell, cell, "massage"] for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain=1")
        )
    output = tmp_path / "out.csv"
    assert run(str(path), str(output)).returncode == 0
    with output.open(newline="") as stream:
        cases = [row["case"] for row in csv.DictReader(stream)]
    assert cases == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain=1"]
