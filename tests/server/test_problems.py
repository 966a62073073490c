"""Every mistake gets its own code, its place and what to do, and no value of a case comes back."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from imr_rules.server.api import batches, examples
from tests.server.running import Running, started

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all of these: none of them stores anything."""
    folder = tmp_path_factory.mktemp("store")
    with started(
        f"sqlite:///{folder}/s.sqlite3", max_body_bytes=20_000, max_list=100, request_seconds=2
    ) as found:
        found.service.workers.submit(len, "").result(60)  # the processes are there
        yield found


def problem(answer: Any) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["instance"] == f"urn:imr-rules:request:{answer.headers['x-request-id']}"
    return answer.status_code, found["type"].rpartition(":")[2], found["errors"][0]["pointer"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "not-json", "")),
        (b"{", (400, "not-json", "")),
        (b'{"a": 1, "a": 2}', (400, "duplicate-key", "")),
        (b'{"a": NaN}', (400, "not-a-number", "")),
        (b"\xff\xfe", (400, "not-text", "")),
        (b'{"about": "\\ud800"}', (400, "not-text", "")),
        (b"[" * 50 + b"]" * 50, (400, "too-deep", "")),
        (b"[" * 9000 + b"]" * 9000, (400, "too-deep", "")),
        (b'{"items": 1e400}', (422, "wrong-type", "/items")),
        (b"[]", (422, "wrong-type", "")),
        (b"null", (422, "wrong-type", "")),
        (b'{"items": []}', (422, "empty", "/items")),
        (b'{"items": [{"service": "x", "asked": "12"}]}', (422, "wrong-type", "/items/0/asked")),
        (
            b'{"items": [{"service": "x", "findings": {"no_such": true}}]}',
            (422, "unknown-fact", "/items/0/findings/no_such"),
        ),
        (b'{"items": [' + b"1," * 150 + b"1]}", (413, "list-too-long", "/items")),
        (b'{"about": "' + b"x" * 30_000 + b'"}', (413, "too-large", "")),
    ],
)
def test_a_body_that_is_wrong(shared: Running, body: bytes, expected: tuple[int, str, str]) -> None:
    for path in ("/v1/screenings", "/v1/screenings:validate"):
        assert problem(shared.client.post(path, content=body, headers=JSON)) == expected


@pytest.mark.parametrize(
    ("method", "url", "headers", "expected"),
    [
        ("POST", "/v1/screenings", {"Content-Type": "text/plain"}, (415, "wrong-media-type")),
        ("POST", "/v1/screenings", {**JSON, "Content-Encoding": "gzip"}, (415, "packed")),
        ("POST", "/v1/screenings:batch", JSON, (415, "wrong-media-type")),
        ("GET", "/v1/screenings/x", {}, (422, "bad-parameter")),
        ("GET", f"/v1/screenings/{'0' * 32}", {}, (404, "not-found")),
        ("GET", "/v1/screenings?limit=0", {}, (422, "bad-parameter")),
        ("GET", "/v1/screenings?limit=many", {}, (422, "bad-parameter")),
        ("GET", "/v1/screenings?suggestion=approve", {}, (422, "bad-parameter")),
        ("GET", "/v1/screenings?case=%00", {}, (422, "bad-parameter")),
        ("GET", "/v1/facts", {}, (422, "bad-parameter")),
        ("GET", "/v1/screenings?limt=3", {}, (422, "unknown-parameter")),
        ("GET", f"/v1/screenings/{'0' * 32}?version=1", {}, (422, "unknown-parameter")),
        ("GET", "/v1/rulebooks?Smith", {}, (422, "unknown-parameter")),
        ("GET", "/v1/nothing", {}, (404, "not-found")),
        ("DELETE", "/v1/screenings", {}, (405, "method-not-allowed")),
        ("POST", "/v1/screenings", {**JSON, "Idempotency-Key": "k" * 300}, (422, "bad-parameter")),
    ],
)
def test_a_request_that_is_wrong(
    shared: Running, method: str, url: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    content = json.dumps(THERAPY) if method == "POST" else None
    assert problem(shared.client.request(method, url, headers=headers, content=content))[:2] == expected


def test_a_request_that_may_be_one_sent_again_is_not_refused_for_its_parameters(shared: Running) -> None:
    assert shared.client.post("/v1/screenings:validate?limt=3", json=THERAPY).status_code == 200


@pytest.mark.parametrize(
    ("sent", "answered", "broken"),
    [(2, 2, False), (3, 3, False), (4, 3, True), (9, 3, True)],
)
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_batch_has_as_many_lines_as_it_may_and_no_more(
    shared: Running, monkeypatch: pytest.MonkeyPatch, sent: int, answered: int, broken: bool, end: str
) -> None:
    monkeypatch.setattr(batches, "MOST_LINES", 3)
    body = "\n".join(["{}"] * sent) + end
    headers = {"Content-Type": batches.NDJSON}
    answer = shared.client.post("/v1/screenings:batch", content=body, headers=headers)
    *found, last = map(json.loads, answer.text.splitlines())
    assert [each["line"] for each in found] == [*range(1, answered + 1)]
    if broken:
        assert (last["done"], last["status"], last["problem"]["errors"][0]["code"]) == (
            False, 413, "too-many-lines",
        )  # fmt: skip
    else:
        assert last == {"done": True, "stored": 0, "refused": sent}


def test_health_is_told_to_who_asks_for_the_head_alone(shared: Running) -> None:
    for path in ("/healthz", "/readyz"):
        answer = shared.client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == shared.client.get(path).headers["content-length"]


def test_a_body_that_does_not_arrive_is_not_waited_for(shared: Running) -> None:
    host, port = shared.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"POST /v1/screenings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_a_line_of_a_batch_that_is_too_long_answers_for_itself(shared: Running) -> None:
    good = json.dumps(THERAPY)
    content = f"{good}\n{'x' * 50_000}\n{good}\n{'y' * 50_000}"
    answer = shared.client.post(
        "/v1/screenings:batch", content=content, headers={"Content-Type": "application/x-ndjson"}
    )
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [(each.get("line"), each.get("status")) for each in found[:-1]] == [
        (1, 201),
        (2, 413),
        (3, 201),
        (4, 413),
    ]
    assert found[-1]["done"] is True


def test_every_answer_has_the_security_headers(shared: Running) -> None:
    for answer in (
        shared.client.get("/healthz"),
        shared.client.get("/nope"),
        shared.client.get("/v1/screenings"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers


def test_a_fault_of_our_own_is_told_without_its_words(
    shared: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("Jane Canary was seen on 4 May")

    monkeypatch.setattr("imr_rules.server.tasks.reading.page", fails)
    answer = shared.client.get("/v1/screenings")
    assert problem(answer)[:2] == (500, "fault")
    assert "Canary" not in answer.text
