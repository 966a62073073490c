"""Files, disks and workers in trouble: one line that says what, where and what to do, and nothing of a patient."""

from __future__ import annotations

import codecs
import errno
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from imr_rules import Rulebook
from imr_rules.batch import batch
from imr_rules.errors import CaseError, InputError
from tests.cli.running import run


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, workers: str) -> None:
    path = tmp_path / "in.parquet"
    table = pa.table({"treatment": ["acupuncture"] * 5_000, "prior_visits": range(5_000)})
    pq.write_table(table, path, row_group_size=1_000)
    whole = path.read_bytes()
    begin = len(whole) // 3
    path.write_bytes(
        whole[:begin] + bytes(each ^ 0x5A for each in whole[begin : begin + 300]) + whole[begin + 300 :]
    )
    found = run("batch", path, tmp_path / "out.parquet", "--workers", workers)
    assert found.status == 2
    (line,) = found.err.splitlines()
    assert "or it is damaged or cut short" in line


def test_a_mark_of_utf_8_begins_no_record(rulebook: Rulebook, tmp_path: Path) -> None:
    line = b'{"treatment": "treatment_1"}\n'
    (tmp_path / "in.ndjson").write_bytes(codecs.BOM_UTF8 + line + codecs.BOM_UTF8 + line)
    batch([str(tmp_path / "in.ndjson")], tmp_path / "out.parquet", rulebook)
    assert pq.read_table(tmp_path / "out.parquet")["row"].to_pylist() == [1]
    (tmp_path / "in.csv").write_bytes(codecs.BOM_UTF8 + b"treatment\ntreatment_1\n")
    assert batch([str(tmp_path / "in.csv")], tmp_path / "out.parquet", rulebook).rows == 1


def test_an_output_is_no_input_and_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"treatment": ["acupuncture"]}), path)
    before = path.read_bytes()
    (tmp_path / "directory.parquet").mkdir()
    for arguments, said in (
        ([str(path), str(tmp_path / "." / "in.parquet")], "also one of the files to read"),
        ([str(tmp_path / "*.parquet"), str(path)], "also one of the files to read"),
        ([str(path), str(tmp_path / "directory.parquet")], "it is a directory"),
        ([str(path), str(tmp_path / "out.csv"), "--summary"], "only tables can be summed up"),
        ([str(path), str(tmp_path / "out.parquet"), "--against", str(path)], "no result of a batch"),
        ([str(path), str(tmp_path / "out.parquet"), "--against", "none.parquet"], "no result of a batch"),
        ([str(tmp_path / "directory.parquet"), str(tmp_path / "out.parquet")], "no file in this directory"),
    ):
        found = run("batch", *arguments)
        (line,) = found.err.splitlines()
        assert (found.status, said in line) == (2, True)
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["directory.parquet", "in.parquet"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("treatment,treatment", "columns are given twice: `treatment`"),
        ("treatment,John Smith 1970", "no fact or column of this name"),
    ],
)
def test_a_header_that_cannot_be_is_refused_without_what_may_be_of_a_patient(
    rulebook: Rulebook, tmp_path: Path, header: str, said: str
) -> None:
    (tmp_path / "in.csv").write_text(f"{header}\na,b\n")
    with pytest.raises(CaseError) as refused:
        batch([str(tmp_path / "in.csv")], tmp_path / "out.parquet", rulebook)
    assert said in str(refused.value)
    assert "Smith" not in str(refused.value)


def test_a_worker_that_is_ended_from_outside_is_told_in_one_line(
    rulebook: Rulebook, tables: Path, tmp_path: Path
) -> None:
    def end(progress: Any) -> None:
        for worker in multiprocessing.active_children():
            worker.kill()

    sources = [str(tables / "items.parquet")] * 8
    with pytest.raises(InputError, match="a worker was ended from outside"):
        batch(sources, tmp_path / "out.parquet", rulebook, workers=2, told=end)
    assert batch(sources, tmp_path / "out.parquet", rulebook).resumed > 0


def test_a_full_disk_is_told_in_one_line(
    rulebook: Rulebook, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(CaseError, match="No space left") as refused:
            batch([str(tables / "items.parquet")], tmp_path / "out.parquet", rulebook)
    assert "start again" in str(refused.value)
    assert batch([str(tables / "items.parquet")], tmp_path / "out.parquet", rulebook).rows == 3_000
