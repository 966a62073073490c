"""The commands of the service: keys, audit, store; and the service itself as a process."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from imr_rules.cli import main
from imr_rules.server.api import examples
from imr_rules.server.store import Store
from imr_rules.server.store.migrate import revisions
from tests.server.running import Process, started, until

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], embedded: str) -> Run:
    """Runs a command against the embedded store: its exit status, and what it wrote to both streams."""

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["imr-rules", *words, "--database", embedded])
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0
        written = capsys.readouterr()
        return status, written.out, written.err

    return command


def test_keys_from_making_to_revoking(run: Run) -> None:
    status, made, _ = run(
        "keys", "create", "--scopes", "screen, read", "--tenant", "north", "--name", "intake"
    )
    assert status == 0
    assert re.fullmatch(r"imr_[0-9a-f]{16}_[\w-]{43}\n", made)
    id = made.split("_")[1]
    assert run("keys", "list")[1].startswith(f"{id}  north  screen,read  since 20")
    status, rotated, _ = run("keys", "rotate", id, "--hours", "0")
    new = rotated.split("_")[1]
    assert run("keys", "revoke", new) == (0, f"{new} opens nothing any more\n", "")
    listed = json.loads(run("keys", "list", "--format", "json")[1])
    assert [(each["id"], each["replaces"], each["revoked"] is None) for each in listed] == [
        (id, None, False), (new, id, False),
    ]  # fmt: skip
    assert made.strip() not in str(listed)
    assert "secret" not in str(listed)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("keys", "create", "--scopes", "raed"), "error: --scopes: there is no such scope; did you mean `read`?\n"),
        (("keys", "revoke", "0" * 16), "error: ID: there is no key of this id; imr-rules keys list lists them\n"),
        (("store", "migrate", "--to", "7"), "error: --to: the store has no such version; known are base, 0001, "),
        (("store", "hold", "0" * 32), "error: ID: the tenant default has no screening of this id; --tenant names another\n"),
        (("audit", "verify", "--head", "x"), "error: --head: this is not a number and a digest; write it as verify said it\n"),
        (("serve", "--host", "0.0.0.0"), "error: --host: the service does not listen beyond this machine (on 0.0.0.0) before there is a key; make one with imr-rules keys create --scopes screen,read, or leave --host out\n"),
        (("serve", "--host", "192.0.2.1", "--port", "1"), "error: --host: the service does not listen beyond"),
    ],
)  # fmt: skip
def test_a_mistake_gets_one_line(run: Run, words: tuple[str, ...], message: str) -> None:
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err.startswith(message)


def test_a_setting_that_is_not_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_RULES_RETENTON_DAYS", "7")
    status, _, err = run("keys", "list")
    assert (status, err) == (
        2, "error: IMR_RULES_RETENTON_DAYS: no setting of imr-rules has this name; did you mean `IMR_RULES_RETENTION_DAYS` or `IMR_RULES_REPLIES_DAYS`?\n",
    )  # fmt: skip
    monkeypatch.delenv("IMR_RULES_RETENTON_DAYS")
    monkeypatch.setenv("IMR_RULES_PORT", "eighty")
    assert run("keys", "list")[2] == "error: IMR_RULES_PORT: a whole number belongs here\n"


def test_the_audit_from_the_command_line(run: Run, embedded: str) -> None:
    with started(embedded) as running:
        ids = [running.posted(THERAPY)["id"] for _ in range(3)]
    status, whole, _ = run("audit", "verify")
    found = re.fullmatch(r"4 events are whole; the last is (4:[0-9a-f]{64})\n", whole)
    assert status == 0
    assert found
    assert run("audit", "verify", "--head", found[1])[0] == 0
    exported = [json.loads(line) for line in run("audit", "export")[1].splitlines()]
    assert [event["kind"] for event in exported] == ["rulebook_loaded", *["screened"] * 3]
    (only,) = run("audit", "export", "--subject", ids[1])[1].splitlines()
    assert json.loads(only) == exported[2]
    assert run("audit", "export", "--tenant", "another")[1] == ""

    store = Store(embedded)
    with store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_events_no_delete"))
        connection.execute(text("DELETE FROM audit_events WHERE number = 3"))
    store.close()
    assert run("audit", "verify") == (1, "event 3: it is missing; 2 events before it are whole\n", "")
    assert run("audit", "verify", "--head", f"4:{'0' * 64}")[0] == 1


def test_the_store_from_the_command_line(run: Run, embedded: str, tmp_path: Path) -> None:
    latest = revisions()[-1]
    assert run("store", "migrate") == (0, f"from nothing to {latest}\n", "")
    assert run("store", "migrate", "--to", "0001")[1] == f"from {latest} to 0001\n"
    with started(embedded) as running:
        id = running.posted(THERAPY)["id"]
    assert run("store", "backup", str(tmp_path / "saved"))[0] == 0
    assert run("store", "backup", str(tmp_path / "saved"))[2].endswith(
        "the file cannot be made: file exists\n"
    )
    assert run("store", "hold", id) == (0, f"{id} is held\n", "")
    assert run("store", "release", id) == (0, f"{id} is no longer held\n", "")
    assert run("store", "purge", "--days", "1", "--dry-run") == (0, "0 screenings would be purged\n", "")
    assert run("store", "purge") == (0, "0 screenings are purged\n", "")


def test_the_service_as_a_process(embedded: str, run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Process(embedded, log=log) as service, httpx.Client(base_url=service.url, timeout=60) as client:
        assert client.get("/readyz").json()["status"] == "ready"
        stored = client.post("/v1/screenings", json=THERAPY).json()
        _, key, _ = run("keys", "create", "--scopes", "read")
        until(lambda: client.get("/v1/screenings").status_code == 401)
        client.headers["Authorization"] = f"Bearer {key.strip()}"
        assert client.get(f"/v1/screenings/{stored['id']}").json() == stored
        service.stop()
    written = log.read_text()
    assert f"imr-rules listens on {service.url}" in written
    assert stored["id"] not in written
    assert Path(embedded.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0
    assert run("audit", "verify")[0] == 0


def test_another_service_on_the_same_port_says_so(embedded: str, tmp_path: Path, run: Run) -> None:
    with Process(embedded, log=tmp_path / "log") as service:
        port = service.url.rpartition(":")[2]
        status, _, err = run("serve", "--port", port)
    assert (status, err) == (
        2, f"error: --port: 127.0.0.1:{port} cannot be listened on: address already in use\n",
    )  # fmt: skip
