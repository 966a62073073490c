"""The screenshots of the documentation, made anew from the real pages in a real Chromium.

``make screenshots`` writes them to docs/images. Without it they are made and thrown away, so that it is known that they
can be made, and that those in the documentation show pages of the same width.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT
from tests.server.pages.reader import SEED_CASE, THERAPY
from tests.server.running import started

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip(
        "SKIPPED LOUDLY: no chromium here (Debian, Ubuntu: apt install chromium)", allow_module_level=True
    )
sync_api = pytest.importorskip("playwright.sync_api", reason="SKIPPED LOUDLY: playwright is not installed")

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1100, "height": 860}


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the screenshots are: of the worklist, of a case, of its draft, and of the form for a new one."""
    folder = tmp_path_factory.mktemp("screenshots")
    with started(f"sqlite:///{folder}/store.sqlite3") as running, sync_api.sync_playwright() as playwright:
        ids = []
        for case in (SEED_CASE, THERAPY):
            ids.append(running.posted(json.loads(json.dumps(case, default=str)))["id"])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, color_scheme="light", reduced_motion="reduce").new_page()
        pages = {
            "worklist": "/", "case": f"/cases/{ids[0]}", "determination": f"/cases/{ids[0]}/determination",
            "new": "/new",
        }  # fmt: skip
        for name, path in pages.items():
            page.goto(running.url + path, wait_until="networkidle")
            page.screenshot(path=folder / f"{name}.png")
        browser.close()
    return folder


def size(image: Path) -> Any:
    head = image.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return struct.unpack(">II", head[16:24])


@pytest.mark.parametrize("name", ["worklist", "case", "determination", "new"])
def test_the_documentation_has_the_page_as_it_is_made_anew(taken: Path, name: str) -> None:
    made, kept = taken / f"{name}.png", IMAGES / f"{name}.png"
    if os.environ.get("IMR_WRITE_SCREENSHOTS"):
        IMAGES.mkdir(exist_ok=True)
        shutil.copyfile(made, kept)
    assert size(made) == size(kept) == (SIZE["width"], SIZE["height"])
    assert made.stat().st_size > 10_000, "an empty page is smaller"
    named = [
        page.name
        for page in (ROOT / "docs").glob("*.md")
        if f"images/{name}.png" in page.read_text(encoding="utf-8")
    ]
    assert named, f"no page shows {name}.png"
