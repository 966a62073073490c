"""The quick starts and the build recipe, followed to the letter by a newcomer: the package as built, in a clean environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import docs_examples
from tests.docs_examples import Command, commands, difference, matches
from tests.paths import ROOT

PAGES = sorted((ROOT / "docs").glob("quick-start-*.md"))
FOLLOWED = [*PAGES, ROOT / "docs" / "drug-list.md"]
WORKFLOW = ROOT / "docs" / "ci" / "guidelines.yml"
_SAVED = re.compile(r"^Save this as `([\w./-]+)`")
_MARK = "@@ command"


def said(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env={**os.environ, **environment}, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built as docs/install.md says, but with the tools that are here."""
    target = tmp_path_factory.mktemp("dist")
    built = said(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", target, ROOT, cwd=target
    )  # fmt: skip
    assert built.returncode == 0, built.stdout
    (found,) = target.glob("imr_rules-*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of a clean environment are, with the package and the extras that the pages name."""
    folder = tmp_path_factory.mktemp("clean")
    assert said(sys.executable, "-m", "venv", folder / "venv", cwd=folder).returncode == 0
    pins = [f"--constraint={path}" for path in sorted((ROOT / "requirements").glob("*.txt"))]
    done = said(
        folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", *pins,
        f"{wheel}[service,workbench]", cwd=folder,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"SKIPPED LOUDLY: the packages cannot be installed here:\n{done.stdout[-2000:]}")
    return folder / "venv" / "bin"


def followed(page: Path, programs: Path, desk: Path) -> list[str]:
    """Do what a page says, line by line, and return what came out otherwise than it says."""
    lines = page.read_text(encoding="utf-8").splitlines()
    script = ["set -m", "exec 2>&1"]
    expected: list[Command] = []
    for example in docs_examples.examples(page):
        saved = next(
            filter(None, (_SAVED.match(line) for line in reversed(lines[: example.line - 1]) if line)), None
        )
        near = lines[max(0, example.line - 6) : example.line - 1]
        if saved and any(_SAVED.match(line) for line in near):
            script.append(f"cat > {saved.group(1)} <<'SAVED'\n{example.text}SAVED")
        elif example.language == "console":
            for command in commands(example.text):
                script += [f"echo '{_MARK} {len(expected)}'", command.line, f'echo "{_MARK} ends $?"']
                expected.append(command)
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)], cwd=desk, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=900, check=False,
        env={
            "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "HOME": str(desk), "COLUMNS": "100", "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8", "IMR_RULES_CACHE": "off",
        },
    )  # fmt: skip
    parts = re.findall(rf"{_MARK} (\d+)\n(.*?){_MARK} ends (\d+)\n", done.stdout, re.DOTALL)
    assert len(parts) == len(expected), done.stdout[-3000:]
    wrong = []
    for command, (_, output, status) in zip(expected, parts, strict=True):
        if status != "0" or (command.output.strip() and not matches(command.output, output)):
            wrong.append(f"$ {command.line}\nexit {status}\n{difference(command.output, output)}")
    return wrong


def test_there_is_one_for_each_kind_of_user() -> None:
    assert [page.stem for page in PAGES] == [f"quick-start-{who}" for who in ("editor", "intake", "reviewer")]


@pytest.mark.long
@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.stem)
def test_a_newcomer_follows_it_to_the_letter(page: Path, programs: Path, tmp_path: Path) -> None:
    for tool in ("bash", "curl", "git"):
        if shutil.which(tool) is None:
            pytest.skip(f"SKIPPED LOUDLY: {tool} is not installed")
    assert "\n\n".join(followed(page, programs, tmp_path)) == ""


@pytest.mark.long
def test_the_build_recipe_runs_step_by_step(wheel: Path, programs: Path, tmp_path: Path) -> None:
    desk = tmp_path / "guidelines"
    (desk / "wheels").mkdir(parents=True)
    shutil.copy(wheel, desk / "wheels")
    environment = {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "IMR_RULES_CACHE": "off",
        "GIT_AUTHOR_NAME": "me", "GIT_AUTHOR_EMAIL": "me@example.org", "GIT_COMMITTER_NAME": "me",
        "GIT_COMMITTER_EMAIL": "me@example.org", "LC_ALL": "C.UTF-8",
    }  # fmt: skip

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", script], cwd=desk, env={**environment, "BASE": "HEAD~1"}, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900,
        )  # fmt: skip

    begun = run(
        "imr-rules new rulebook rulesets/oregon\nimr-rules new fixture fixtures/one.yaml\ngit init --quiet\n"
        "git add rulesets fixtures\ngit commit --quiet --message begun\n"
        "sed --in-place 's/visits: 10/visits: 12/' rulesets/oregon/guidelines/physical-therapy.yaml\n"
        "imr-rules mutate --write || true\ngit add rulesets fixtures\ngit commit --quiet --message edited\n"
    )
    assert begun.returncode == 0, begun.stdout
    steps = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["guidelines"]["steps"]
    ran = []
    for step in steps:
        if "run" not in step or "gh pr comment" in step["run"]:
            continue
        done = run(step["run"])
        assert done.returncode == 0, f"{step.get('name', step['run'])}\n{done.stdout[-3000:]}"
        ran.append(step["run"])
    assert len(ran) == 6
    assert "12" in (desk / "receipt.md").read_text(encoding="utf-8")
