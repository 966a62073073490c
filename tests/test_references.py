"""What a docstring, a page or a message refers to is there: names of the code, files of the repository, links."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from markdown_it import MarkdownIt

from tests.paths import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted((ROOT / "imr_rules").rglob("*.py"))
TOPS = (
    "benchmarks",
    "deploy",
    "docs",
    "fixtures",
    "imr_rules",
    "requirements",
    "rulesets",
    "scripts",
    "tests",
)
ROLE = re.compile(r":(?:mod|class|func|meth|attr|data|exc|obj|const):`~?([\w.]+)`")
FILE = re.compile(rf"`((?:{'|'.join(TOPS)}|\.ci)/[\w./*-]+|[A-Z]+\.md)`")


def docstrings(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each docstring of a module, with the names of the classes around it."""

    def inside(node: ast.AST, classes: list[str]) -> Iterator[tuple[str, list[str]]]:
        for child in ast.iter_child_nodes(node):
            within = [*classes, child.name] if isinstance(child, ast.ClassDef) else classes
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                if isinstance(child.value.value, str):
                    yield child.value.value, classes
            else:
                yield from inside(child, within)

    yield from inside(ast.parse(path.read_text(encoding="utf-8")), [])


def resolves(name: str, module: ModuleType, classes: list[str]) -> bool:
    """Whether a name means something: in the module, in the classes around it, or from the top."""
    for start in (module, *(getattr(module, each, None) for each in classes)):
        found: object = start
        for part in name.split("."):
            found = getattr(found, part, None) or getattr(found, "__annotations__", {}).get(part)
        if found is not None:
            return True
    head, _, tail = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ImportError:
        return bool(head) and resolves_in(head, tail)
    return True


def resolves_in(head: str, name: str) -> bool:
    """Whether a module, or a class of one, has a name."""
    try:
        return hasattr(importlib.import_module(head), name)
    except ImportError:
        top, _, owner = head.rpartition(".")
        try:
            return hasattr(getattr(importlib.import_module(top), owner, None), name) if top else False
        except ImportError:
            return False


def test_docstrings_refer_to_names_that_are_there() -> None:
    lost = []
    for path in MODULES:
        wanted = [(name, classes) for text, classes in docstrings(path) for name in ROLE.findall(text)]
        if wanted:
            dotted = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            module = importlib.import_module(dotted.removesuffix(".__init__"))
            lost += [(dotted, name) for name, classes in wanted if not resolves(name, module, classes)]
    assert lost == []


def test_files_that_are_named_are_there() -> None:
    named = [(path, each) for path in (*PAGES, *MODULES) for each in FILE.findall(path.read_text("utf-8"))]
    assert len(named) > 30
    assert [(path.name, each) for path, each in named if not list(ROOT.glob(each.removesuffix("/")))] == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as its readers make them."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    titles = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip()) for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_link_leads_somewhere(path: Path) -> None:
    lost = []
    for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
        for inner in token.children or ():
            target = str(inner.attrs.get("href") or inner.attrs.get("src") or "")
            if not target or re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            page = (path.parent / file).resolve() if file else path
            if not page.exists() or (anchor and anchor not in anchors(page)):
                lost.append(target)
    assert lost == []
