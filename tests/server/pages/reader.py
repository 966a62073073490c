"""Reading the reviewer's pages without a browser: a session, its forms, and what pages say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from imr_rules._reading import parse
from imr_rules.errors import CaseError
from imr_rules.server.workers import Workers
from tests.paths import SEED
from tests.server.running import Running, plain_client, started

SEED_CASE = parse(SEED.read_text(encoding="utf-8"), CaseError).data
THERAPY: dict[str, Any] = {
    "case": "DEMO-1",
    "worker": {"age": 52, "sex": "female"},
    "injury": {"date": "2012-03-14"},
    "diagnoses": [{"text": "lumbar sprain"}, {"text": "chronic low back pain"}],
    "accepted_body_parts": [{"region": "low_back"}],
    "request": {"date": "2014-05-20"},
    "application": {"received": "2014-07-02"},
    "items": [
        {
            "id": "therapy",
            "service": "Physical therapy 2 times a week for 6 weeks, low back",
            "treatment": "physical_therapy",
            "body_part": {"region": "low_back"},
            "asked": 12,
            "authorized": 2,
            "in_dispute": 10,
            "utilization_review": {"decision": "modified", "date": "2014-06-03"},
        },
        {
            "id": "acupuncture",
            "service": "Acupuncture, 6 visits",
            "treatment": "acupuncture",
            "asked": 6,
            "authorized": 0,
            "in_dispute": 6,
        },
    ],
    "history": [
        {
            "treatment": "physical_therapy",
            "body_part": {"region": "low_back"},
            "attended": {"at_least": 4, "at_most": 6, "evidence": {"document": "notes", "page": 2}},
            "since": "2013-02-04",
            "until": "2013-04-20",
        },
        {"treatment": "acupuncture", "since": "2013-10"},
    ],
    "measurements": [
        {"instrument": "ODI", "date": "2013-02-01", "score": 54},
        {"instrument": "ODI", "date": "2014-05-12", "score": {"at_least": 40, "at_most": 44}},
        {"instrument": "PHQ-9", "date": "2014-05-12", "score": 9},
    ],
    "documents": [
        {
            "id": "pr2",
            "kind": "progress_report",
            "author": "treating physician",
            "date": "2014-05-12",
            "pages": 5,
        },
        {"id": "notes", "kind": "therapy_notes", "author": "physical therapist", "pages": 11},
        {"id": "ur", "kind": "utilization_review", "date": "2014-06-03", "pages": 6},
    ],
    "findings": {
        "objective_improvement": {
            "undocumented": ["therapy notes"],
            "evidence": {"document": "notes", "page": 2},
        },
        "home_program": [
            {"value": True, "evidence": {"document": "pr2", "page": 2}},
            {"value": False, "evidence": {"document": "notes", "page": 9}},
        ],
    },
}


_OPEN: list[httpx.Client] = []


class Reader:
    """Somebody who reads the pages in one session."""

    def __init__(self, running: Running, client: httpx.Client | None = None) -> None:
        self.running = running
        self.client = client or plain_client(running.url, timeout=300)
        _OPEN.append(self.client)

    def taken(self, case: dict[str, Any]) -> str:
        """The id of a case's screening."""
        return str(self.running.posted(case)["id"])

    def page(self, url: str, status: int = 200) -> str:
        """The text of a page."""
        answer = self.client.get(url)
        assert answer.status_code == status, (answer.status_code, answer.text[-600:])
        return answer.text

    @property
    def csrf(self) -> str:
        """The token of this session's forms."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.page("/"))
        assert found
        return found[1]

    def send(self, url: str, status: int = 303, /, files: Any = None, **fields: Any) -> httpx.Response:
        """The answer to a form of ours; a field is named with dots for colons where it needs them."""
        data = {name.replace("__", ":"): value for name, value in fields.items()}
        answer = self.client.post(url, data={"csrf": self.csrf, **data}, files=files)
        assert answer.status_code == status, (answer.status_code, answer.text[-900:])
        return answer


class _Lent(Workers):
    """The process of one service after another: it keeps nothing of a service but the rulebooks it loaded."""

    def close(self) -> None:
        """Stay for the next one."""


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """A process for what services do apart, started once; one reader asks for one thing at a time."""
    lent = _Lent(1)
    yield lent
    Workers.close(lent)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: Workers) -> Iterator[Reader]:
    """A reader of a service over an embedded store, open to this machine."""
    monkeypatch.setattr("imr_rules.server.context.Workers", lambda: workers)
    with started(f"sqlite:///{tmp_path}/store.sqlite3", request_seconds=300) as running:  # a busy machine
        yield Reader(running)
        while _OPEN:
            _OPEN.pop().close()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "srcset", "action", "formaction", "hx-get", "hx-post"):
                self.links.append(value or "")
            if name.startswith("on") or name == "style" or (name == "srcdoc"):
                self.bad.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.bad.append(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(page: str) -> _Text:
    """What a page says, where it leads, and what in it a strict policy forbids."""
    found = _Text()
    found.feed(page)
    return found


def words(page: str) -> str:
    """What a page says, on one line."""
    return " ".join(html.unescape(" ".join(read(page).said)).split())
