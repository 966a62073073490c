"""The cache gives what the files say, reads nothing another could have written, and never gets in the way."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.rulebook import cache
from imr_rules.rulebook.overview import GuidelineShown
from tests.paths import SEED
from tests.workbench.lint_examples import HERE

SMALL = HERE / "base"
"""A rulebook that is read in no time: the cache asks nothing else of one."""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid"), reason="no owner to check: there is no cache here"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own, empty."""
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def rulebook_directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "rulebook"))


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, reading a rulebook from source fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("read from source")

    monkeypatch.setattr("imr_rules.rulebook.loading.load", refuse)


def test_what_is_cached_is_what_the_files_say(folder: Path) -> None:
    source = Rulebook.load(cached=False)
    assert entries(folder) == []
    Rulebook.load()
    assert len(entries(folder)) == 1
    cached = Rulebook.load()
    assert cached.digest == source.digest
    assert cached.version == source.version
    assert list(cached.guidelines) == list(source.guidelines)
    for name, guideline in source.guidelines.items():
        assert GuidelineShown.of(cached.guidelines[name]) == GuidelineShown.of(guideline)
        assert cached.guidelines[name].place == guideline.place
        assert [(each.when, each.require) for each in cached.guidelines[name].criteria] == [
            (each.when, each.require) for each in guideline.criteria
        ]
    assert cached.vocabulary == source.vocabulary
    assert cached.sources == source.sources
    assert cached.citations == source.citations


def test_a_case_is_screened_alike(folder: Path) -> None:
    case = Case.from_file(SEED)
    expected = screen(case, Rulebook.load(cached=False)).to_dict()
    Rulebook.load()
    assert screen(case, Rulebook.load()).to_dict() == expected


def test_the_second_load_reads_no_source(folder: Path, request: pytest.FixtureRequest) -> None:
    Rulebook.load(SMALL)
    request.getfixturevalue("no_source")
    Rulebook.load(SMALL)
    with pytest.raises(AssertionError, match="read from source"):
        Rulebook.load(SMALL, cached=False)


def test_the_second_process_imports_neither_file_shapes_nor_loader(folder: Path) -> None:
    program = (
        "import sys; from imr_rules import Case, Rulebook, screen\n"
        f"screen(Case.from_file({str(SEED)!r}), Rulebook.load())\n"
        "print([name for name in ('imr_rules.rulebook.files', 'imr_rules.rulebook.loading') if name in sys.modules])"
    )

    def run() -> str:
        return subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.strip()

    assert run() == "['imr_rules.rulebook.files', 'imr_rules.rulebook.loading']"
    assert run() == "[]"


def test_every_change_of_a_file_is_seen(folder: Path, rulebook_directory: Path) -> None:
    before = Rulebook.load(rulebook_directory)
    path = rulebook_directory / "sources.yaml"
    path.write_text(
        path.read_text().replace(f'version: "{before.version}"', 'version: "changed"'), encoding="utf-8"
    )
    assert Rulebook.load(rulebook_directory).version == "changed"
    assert len(entries(folder)) == 2


def test_the_same_files_elsewhere_name_their_own_places(folder: Path, rulebook_directory: Path) -> None:
    Rulebook.load(SMALL)
    Rulebook.load(rulebook_directory)
    for guideline in Rulebook.load(rulebook_directory).guidelines.values():
        assert str(guideline.place.file).startswith(str(rulebook_directory))


def test_other_code_of_this_package_is_another_entry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Rulebook.load(SMALL)
    monkeypatch.setattr(cache, "_code", lambda: ["an edited module"])
    Rulebook.load(SMALL)
    assert len(entries(folder)) == 2


@pytest.mark.parametrize("name", ["module.py", "words.yaml", "drugs.csv"])
def test_the_code_is_seen_to_change_and_so_are_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path)
    (tmp_path / name).write_text("one = 1\n")
    before = cache._code()
    assert before
    (tmp_path / name).write_text("one = 12\n")
    assert cache._code() != before


def test_the_names_of_treatments_are_kept_sorted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = ["physcial therapy 2x6, left knee", "Physica1 thera py x 8", "Norco 10/325 mg #60", "a castle"]
    source = Rulebook.load(cached=False).vocabulary
    expected = [source.line(service) for service in services]
    Rulebook.load()

    def refuse(*_: object) -> None:
        raise AssertionError("sorted anew")

    monkeypatch.setattr("imr_rules.words.names.TreatmentNames.__init__", refuse)
    kept = Rulebook.load().vocabulary
    assert [kept.line(service) for service in services] == expected
    assert kept.names.treatments is kept.treatments


def _entry(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest() + payload


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not an entry",
        _entry(b""),
        _entry(b"not a pickle"),
        _entry(pickle.dumps("something else")),
        _entry(b"cimr_rules.rulebook.model\nNoSuchClass\n."),
    ],
    ids=["empty", "short", "nothing", "no-pickle", "another-thing", "unknown-class"],
)
def test_an_entry_that_cannot_be_read_is_written_anew(folder: Path, content: bytes) -> None:
    expected = Rulebook.load(SMALL)
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    entry.write_bytes(content)
    assert list(Rulebook.load(SMALL).guidelines) == list(expected.guidelines)
    assert entries(folder) == [entry]
    assert len(entry.read_bytes()) == len(whole)


@pytest.mark.parametrize("where", [0, 31, 32, 5000, -1])
def test_one_wrong_bit_is_seen(folder: Path, where: int) -> None:
    expected = Rulebook.load(SMALL)
    (entry,) = entries(folder)
    content = bytearray(entry.read_bytes())
    content[where] ^= 1
    entry.write_bytes(content)
    assert cache.fetch(expected.digest, (SMALL,)) is None


class _Planted:
    """Unpickling this makes a file: what a hostile entry would do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def plant(folder: Path, trace: Path) -> Path:
    """Replace the one entry by a hostile one, and return where it stands."""
    Rulebook.load(SMALL)
    (entry,) = entries(folder)
    entry.write_bytes(_entry(pickle.dumps(_Planted(trace))))
    return entry


def test_a_planted_entry_would_be_run(folder: Path, tmp_path: Path) -> None:
    """So that the tests below prove something: where all is private, an entry is trusted."""
    plant(folder, tmp_path / "trace")
    Rulebook.load(SMALL)
    assert (tmp_path / "trace").exists()


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720, 0o755])
def test_a_directory_open_to_others_is_not_used(folder: Path, tmp_path: Path, mode: int) -> None:
    plant(folder, tmp_path / "trace")
    folder.chmod(mode)
    Rulebook.load(SMALL)
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_entry_others_may_write_is_not_read(folder: Path, tmp_path: Path, mode: int) -> None:
    plant(folder, tmp_path / "trace").chmod(mode)
    Rulebook.load(SMALL)
    assert not (tmp_path / "trace").exists()


def test_links_are_not_followed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = plant(folder, tmp_path / "trace")
    entry.rename(tmp_path / "elsewhere")
    entry.symlink_to(tmp_path / "elsewhere")
    Rulebook.load(SMALL)
    assert not entry.is_symlink()
    (tmp_path / "elsewhere").rename(entry)
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "link"))
    Rulebook.load(SMALL)
    assert not (tmp_path / "trace").exists()


def test_what_another_user_owns_is_not_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(folder, tmp_path / "trace")
    somebody_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
    Rulebook.load(SMALL)
    assert not (tmp_path / "trace").exists()


def test_a_pipe_in_place_of_an_entry_does_not_wait(folder: Path) -> None:
    Rulebook.load(SMALL)
    (entry,) = entries(folder)
    entry.unlink()
    os.mkfifo(entry, 0o600)
    Rulebook.load(SMALL)


def test_what_is_written_is_private(folder: Path) -> None:
    before = os.umask(0)
    try:
        Rulebook.load(SMALL)
    finally:
        os.umask(before)
    (entry,) = entries(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert entry.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("value", ["off", "a/relative/path"])
def test_it_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(cache.ENVIRONMENT, value)
    monkeypatch.chdir(tmp_path)
    Rulebook.load(SMALL)
    assert entries(tmp_path) == []


def test_it_follows_the_users_cache_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(cache.ENVIRONMENT, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Rulebook.load(SMALL)
    assert len(entries(tmp_path / "imr-rules")) == 1


def test_where_nothing_can_be_written_the_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "file" / "cache"))
    assert Rulebook.load(SMALL).guidelines


def test_a_write_that_fails_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", refuse)
    assert Rulebook.load(SMALL).guidelines
    assert entries(folder) == []


def test_old_entries_make_room(folder: Path, rulebook_directory: Path) -> None:
    path = rulebook_directory / "sources.yaml"
    text = path.read_text()
    for number in range(cache.MOST_ENTRIES + 2):
        path.write_text(f"{text}# {number}\n", encoding="utf-8")
        last = Rulebook.load(rulebook_directory)
    assert len(entries(folder)) == cache.MOST_ENTRIES
    assert cache.fetch(last.digest, (rulebook_directory,)) is not None


def test_a_rulebook_edited_while_it_was_read_is_not_kept(
    folder: Path, rulebook_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imr_rules.rulebook import loading

    load = loading.load

    def load_while_somebody_edits(directory: Path) -> object:
        path = directory / "sources.yaml"
        path.write_text(path.read_text() + "# edited\n", encoding="utf-8")
        return load(directory)

    monkeypatch.setattr(loading, "load", load_while_somebody_edits)
    Rulebook.load(rulebook_directory)
    assert entries(folder) == []
