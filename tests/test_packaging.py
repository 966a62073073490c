"""What is built is whole, works wherever it is installed, and nothing committed gives a machine away."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT, SEED

RULESETS = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rulesets").rglob("*") if path.is_file()}

# Written so that no pattern matches itself.
REGISTRY = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|crates|rubygems|anaconda|conda|maven|jfrog|golang|ghcr|docker)\.(?:org|io|com|apache)\b"
    r"|\b(?:artifactory|nexus)\.\w+|--(?:index|extra-index)-url|--(?:find)-links",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(
    r"(?<![\w.)}>/:-])/(?:home|Users|root|tmp|work|opt|mnt|private|var/folders)(?![\w-])|\b[A-Z]:\\Users\b"
)


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The standard output of a command that succeeds."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel built from it."""
    for tool in ("build", "hatchling"):
        if importlib.util.find_spec(tool) is None:
            pytest.skip(
                f"SKIPPED LOUDLY: {tool} is not installed, so nothing can be built (make test installs it)"
            )
    target = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", target, ROOT, cwd=target)
    (sdist,), (wheel,) = target.glob("*.tar.gz"), target.glob("*.whl")
    return sdist, wheel


def test_the_wheel_and_the_sdist_hold_what_they_should(built: tuple[Path, Path]) -> None:
    sdist, wheel = built
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    in_wheel = set(zipfile.ZipFile(wheel).namelist())

    assert RULESETS, "there are no rulesets to ship"
    assert in_sdist >= RULESETS | {
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "pyproject.toml",
        "imr_rules/py.typed",
    }
    assert in_wheel >= {f"imr_rules/{path}" for path in RULESETS} | {
        "imr_rules/py.typed",
        "pytest_imr_rules.py",
    }
    assert [name for name in in_wheel if name.endswith("/licenses/LICENSE")]
    for names in (in_sdist, in_wheel):
        assert [
            name for name in names if re.search(r"(^|/)(tests|benchmarks|\.ci|__pycache__)(/|$)", name)
        ] == []


@pytest.mark.long
def test_the_rulebook_is_the_same_however_installed(built: tuple[Path, Path], tmp_path: Path) -> None:
    """From the checkout, an editable install, the wheel and the sdist, one after another."""
    sdist, wheel = built
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    install = (*pip, "install", "--quiet", "--no-deps", "--no-build-isolation")
    lists = [f"--requirement={ROOT / 'requirements' / name}.txt" for name in ("run", "build")]
    run(*install, *lists, cwd=tmp_path)

    def screened(**environment: str) -> tuple[str, object]:
        """Where the package was imported from, and the rulebook it screened the seed by."""
        where = "import imr_rules; print(imr_rules.__file__)"
        screen = "from imr_rules.cli import main; main()"
        place = run(python, "-c", where, cwd=tmp_path, **environment)
        answer = run(python, "-c", screen, "screen", "--format", "json", SEED, cwd=tmp_path, **environment)
        rulebook = json.loads(answer)["rulebook"]
        assert rulebook["digest"]
        return place, rulebook

    inside, checkout = str(tmp_path / "venv"), str(ROOT)
    place, expected = screened(PYTHONPATH=str(ROOT))
    assert place.startswith(checkout)
    for package, home in ((("--editable", ROOT), checkout), ((wheel,), inside), ((sdist,), inside)):
        run(*install, *package, cwd=tmp_path)
        place, rulebook = screened(PYTHONPATH="")
        assert place.startswith(home), package
        assert rulebook == expected, package
        run(*pip, "uninstall", "--quiet", "--yes", "imr-rules", cwd=tmp_path)


def tracked() -> list[Path]:
    """Every file git tracks here."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("SKIPPED LOUDLY: not a git checkout, so nobody can say what is committed")
    names = run("git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", cwd=ROOT).split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry", "path"])
def test_nothing_committed_gives_a_machine_away(pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a PDF or the like
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    assert found == []


# Put together from parts, so that this file does not hold what it looks for.
DOT, SLASH, DASH = ".", "/", "-"


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRY, f"https://pypi{DOT}org/simple"),
        (REGISTRY, f"files.pythonhosted{DOT}org/packages"),
        (REGISTRY, f"pip install -{DASH}index-url=x"),
        (MACHINE_PATH, f"cd {SLASH}tmp/x"),
        (MACHINE_PATH, f"'{SLASH}home/somebody'"),
        (MACHINE_PATH, f"PYTHON={SLASH}root"),
    ],
)
def test_what_gives_a_machine_away_is_seen(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize(
    "line", ["zen-engine from PyPI", "work/activity", "#!/usr/bin/env bash", "/items/0/work", "a/tmp"]
)
def test_what_is_harmless_is_left_alone(line: str) -> None:
    assert not REGISTRY.search(line)
    assert not MACHINE_PATH.search(line)
