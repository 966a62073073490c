"""What is said of the store, of times and of what was stored is so; who reads is noted; who may not read gets nothing."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from imr_rules import Case, Rulebook
from imr_rules.errors import CaseError, StoreError
from imr_rules.server import audit, keys
from imr_rules.server.api import examples
from imr_rules.server.clock import read_time, say_time
from imr_rules.server.folder import PREFIX
from imr_rules.server.store import screenings as stored
from tests.cli.running import run
from tests.server.pages.reader import Reader
from tests.server.running import Postgres, Process, Running, SettableClock, started, until

pytestmark = pytest.mark.long

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_ready_means_that_a_write_works(embedded: str) -> None:
    with started(embedded) as running:
        assert running.client.get("/readyz").status_code == 200
        writes: list[object] = []
        running.service.store.write(writes.append)

        def refuse(connection: Any) -> None:
            connection.exec_driver_sql("PRAGMA query_only=ON")

        running.service.store.write(refuse)  # the writer's own connection takes no more writes
        assert code(running.client.post("/v1/screenings", json=THERAPY)) == (503, "store-unavailable")
        assert code(running.client.get("/readyz")) == (503, "store-unavailable")
        assert running.client.get("/healthz").status_code == 200


def test_asking_whether_it_is_ready_writes_little(local: Running) -> None:
    writer = local.service.store._writing()
    tried: list[object] = []
    submit = writer.submit

    def counted(work: Any, argument: Any) -> Any:
        tried.append(work)
        return submit(work, argument)

    writer.submit = counted  # type: ignore[method-assign]
    for _ in range(50):
        assert local.client.get("/readyz").status_code == 200
    assert len(tried) <= 1


def test_a_postgresql_that_takes_no_writes_is_not_ready(postgres: Postgres) -> None:
    url = postgres.new_database()
    with started(url) as running:
        name = url.rpartition("/")[2]
        command = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
        postgres.run(
            "psql", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "imr", "-c", command, "postgres"
        )
        running.service.store.engine.dispose()
        assert code(running.client.post("/v1/screenings", json=THERAPY)) == (503, "store-unavailable")
        assert code(running.client.get("/readyz")) == (503, "store-unavailable")


def test_a_damaged_store_is_said_in_one_line_by_every_command(embedded: str, tmp_path: Path) -> None:
    with started(embedded) as running:
        running.posted(THERAPY)
        id = running.posted(THERAPY)["id"]
    path = Path(embedded.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    for damage in (b"x" * len(whole), whole[:100] + b"\xff" * (len(whole) - 100), whole[:4096]):
        path.write_bytes(damage)
        for command in (
            ("audit", "verify"), ("store", "migrate"), ("store", "purge"), ("store", "hold", id), ("keys", "list"),
            ("keys", "create", "--scopes", "read"), ("store", "backup", str(tmp_path / "copy")), ("serve", "--port", "0"),
        ):  # fmt: skip
            done = run(*command, "--database", embedded)
            assert done.status == 2, (command, done.out, done.err)
            assert len(done.err.strip().splitlines()) == 1, (command, done.err)
            assert "damaged" in done.err or "cannot be" in done.err
            (tmp_path / "copy").unlink(missing_ok=True)


def test_a_reply_that_may_be_stored_says_so_and_the_key_finds_out(postgres: Postgres) -> None:
    server = Postgres.start()
    try:
        with started(server.new_database(), request_seconds=2) as running:
            running.posted(THERAPY)
            processes = subprocess.run(["pgrep", "-f", f"^postgres: .*{running.service.store.engine.url.database}"],
                                       capture_output=True, text=True).stdout.split()  # fmt: skip
            assert processes
            for each in processes:
                subprocess.run(["kill", "-STOP", each], check=True)
            headers = {"Idempotency-Key": "k"}
            late = running.client.post("/v1/screenings", json=THERAPY, headers=headers)
            for each in processes:
                subprocess.run(["kill", "-CONT", each], check=True)
            assert code(late) == (503, "perhaps-stored")
            assert "may be stored" in late.json()["detail"]
            again = running.posted(THERAPY, **headers)
            listed = running.client.get("/v1/screenings").json()["screenings"]
            assert [each["id"] for each in listed].count(again["id"]) == 1
            assert len(listed) == 2
    finally:
        server.stop()


def test_a_kept_reply_comes_before_anything_else(local: Running) -> None:
    headers = {"Idempotency-Key": "k"}
    first = local.client.post("/v1/screenings", json=THERAPY, headers=headers)
    rulebooks = local.service.rulebooks

    class Refusing:
        """A rulebook of later, by which nothing can be screened."""

        digest = "sha256:0"
        version = "later"

        def __getattr__(self, name: str) -> Any:
            raise CaseError(())

    before = rulebooks.current
    rulebooks.current = Refusing()  # type: ignore[assignment]
    try:
        again = local.client.post("/v1/screenings", json=THERAPY, headers=headers)
    finally:
        rulebooks.current = before
    assert (again.status_code, again.content) == (201, first.content)
    amendment = {**examples.AMENDMENTS["a fact supplied"]}
    url = f"/v1/screenings/{first.json()['id']}/amendments"
    one = local.client.post(url, json=amendment, headers={"Idempotency-Key": "a"})
    two = local.client.post(url, json=amendment, headers={"Idempotency-Key": "a"})
    assert (one.status_code, two.content) == (201, one.content)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2014-03-04", "2014-03-04T00:00:00.000000Z"),
        ("2014-03-04T05:06:07Z", "2014-03-04T05:06:07.000000Z"),
        ("2014-03-04t05:06:07.5z", "2014-03-04T05:06:07.500000Z"),
        ("2014-03-04T05:06:07-08:00", "2014-03-04T13:06:07.000000Z"),
    ],
)
def test_a_time_is_read_as_the_moment_it_names(text: str, moment: str) -> None:
    assert say_time(read_time(text)) == moment


@pytest.mark.parametrize("text", ["2026-13-45", "2026-02-30", "yesterday", "2026-01-01T25:00:00Z", "2026-01-01T10:00:00", "0001-01-01T00:00:00+23:00", "²", ""])  # fmt: skip
def test_a_time_there_is_not_is_a_bad_request(local: Running, text: str) -> None:
    assert code(local.client.get("/v1/screenings", params={"since": text})) == (400, "not-a-time")


def test_whoever_asks_since_the_last_second_misses_nothing(embedded: str) -> None:
    class Stopped:
        """A clock at a whole second and a bit."""

        def __call__(self) -> datetime:
            return datetime(2026, 3, 4, 5, 6, 7, 250_000, tzinfo=UTC)

    with started(embedded, clock=Stopped()) as running:
        id = running.posted(THERAPY)["id"]

        def found(**when: str) -> list[str]:
            answer = running.client.get("/v1/screenings", params=when).json()
            return [each["id"] for each in answer["screenings"]]

        assert found(since="2026-03-04T05:06:07Z") == [id]
        assert found(until="2026-03-04T05:06:08Z") == [id]
        assert found(since="2026-03-04T05:06:08Z") == []
        assert found(until="2026-03-04T05:06:07Z") == []
        assert found(since="2026-03-04T06:06:07+01:00") == [id]


def test_a_clock_that_went_ahead_stamps_nothing_after_it_was_set_right(database: str) -> None:
    clock = SettableClock()
    with started(database, clock=clock) as running:
        running.posted(THERAPY)
        clock.ahead = 86_400 * 365
        running.posted(THERAPY)
        clock.ahead = 0
        running.posted(THERAPY)
        clock.ahead = -0.5
        running.posted(THERAPY)
        with running.service.store.reading() as connection:
            events = list(audit.events(connection))
            assert audit.verify(connection).fault is None
    years = [event.at[:4] for event in events]
    now = str(datetime.now(UTC).year)
    assert years[-4:] == [now, str(int(now) + 1), now, now]
    assert [(event.entry.details or {}).get("clock") for event in events[-4:]] == [None, None, "behind", None]
    assert events[-1].at >= events[-2].at  # what is out of order by a moment is not


def test_two_services_sign_amend_and_post_without_waiting_crosswise(postgres: Postgres) -> None:
    url = postgres.new_database()
    with started(url) as one, started(url) as other:
        wrong: list[str] = []

        def work(running: Running) -> None:
            for _ in range(12):
                id = running.posted(THERAPY)["id"]
                version = {"If-Match": '"1"'}
                for path, body, headers in (
                    ("signoffs", examples.SIGNOFFS["agrees"], version),
                    ("amendments", examples.AMENDMENTS["a fact supplied"], {}),
                ):
                    answer = running.client.post(f"/v1/screenings/{id}/{path}", json=body, headers=headers)
                    if answer.status_code != 201:
                        wrong.append(answer.text)
                running.client.get(f"/v1/screenings/{id}")

        threads = [threading.Thread(target=work, args=(each,)) for each in (one, other) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        with one.service.store.reading() as connection:
            assert audit.verify(connection).fault is None


def test_a_key_that_may_sign_alone_is_given_no_document(local: Running) -> None:
    stored_ = local.posted(THERAPY)
    _, signs = keys.create(local.service.store, scopes=["sign"])
    _, amends = keys.create(local.service.store, scopes=["screen"])
    _, reads = keys.create(local.service.store, scopes=["read", "sign"])
    local.service.authenticator._read_at = float("-inf")
    url = f"/v1/screenings/{stored_['id']}"
    version = {"If-Match": '"1"', "Idempotency-Key": "k"}
    with local.with_key(signs) as client:
        answer = client.post(f"{url}/signoffs", json=examples.SIGNOFFS["agrees"], headers=version)
        assert answer.json() == {
            "id": stored_["id"], "version": 2, "human_review": {"required": True, "status": "signed"},
        }  # fmt: skip
        assert client.get(url).status_code == 403
    with local.with_key(reads) as client:  # the same request, by one who may read
        again = client.post(f"{url}/signoffs", json=examples.SIGNOFFS["agrees"], headers=version)
        assert again.json()["screening"] == stored_["screening"]
    with local.with_key(amends) as client:
        amended = client.post(f"{url}/amendments", json=examples.AMENDMENTS["a fact supplied"])
        assert set(amended.json()) == {"id", "version", "human_review"}


def test_every_read_that_shows_a_case_is_in_the_audit(local: Running) -> None:
    id = local.posted(THERAPY)["id"]
    base = f"/cases/{id}/items/item-1"

    def opened() -> int:
        with local.service.store.reading() as connection:
            found = audit.events(connection, subject=id)
            return sum(event.entry.kind in ("opened", "exported", "replayed") for event in found)

    reads = [
        f"/cases/{id}",
        f"/cases/{id}/determination",
        f"{base}/flips",
        f"{base}/counts.svg",
        f"{base}/scores.svg",
    ]
    reads += [f"/v1/screenings/{id}", f"/v1/screenings/{id}/report"]
    for url in reads:
        before = opened()
        with httpx.Client(
            base_url=local.url, timeout=60
        ) as client:  # each by somebody who saw nothing of it yet
            assert client.get(url).status_code == 200, url
        assert opened() == before + 1, url
    reader = Reader(local)
    before = opened()
    reader.send(f"{base}/what-if", 200)
    assert opened() == before + 1
    reader.page(f"{base}/counts.svg")  # another part of what is open
    assert opened() == before + 1


def test_the_few_screenings_of_a_case_are_found_by_its_index(local: Running) -> None:
    with local.service.store.reading() as connection:
        said: list[str] = []

        class Explaining:
            """A connection that explains what it is asked."""

            def execute(self, statement: Any, *rest: Any) -> Any:
                compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
                said.extend(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))
                return connection.execute(statement, *rest)

        stored.page(Explaining(), "default", stored.Filter(case_id="c"), after=None, limit=50)  # type: ignore[arg-type]
    assert any("records_of_a_case" in each for each in said), said
    assert not any("SCAN screenings" in each or "SCAN records" in each for each in said), said


def test_two_documents_of_one_id_are_refused() -> None:
    documents = [
        {"id": "a", "kind": "request"},
        {"kind": "other"},
        {"kind": "other"},
        {"id": "a", "kind": "other"},
    ]
    with pytest.raises(CaseError) as caught:
        Case.from_data({"items": [{"service": "x"}], "documents": documents})
    (problem,) = caught.value.problems
    assert (problem.what, problem.place.pointer) == ("another document has this `id`", "/documents/3/id")


def test_no_value_of_a_case_is_repeated(local: Running) -> None:
    name = "quincezebulon"
    for part in (
        {"history": [{"treatment": name}]},
        {"measurements": [{"instrument": name, "score": 3}]},
        {"accepted_body_parts": [{"region": name}]},
        {"surgeries": [{"procedure": name}]},
        {"items": [{"service": "x", "body_part": {"region": name}}]},
        {"items": [{"service": "x", "course": name}]},
    ):
        answer = local.client.post("/v1/screenings", json={"items": [{"service": "x"}], **part})
        assert answer.status_code == 422
        assert name not in answer.text, part


def test_a_batch_is_answered_though_its_sender_reads_only_when_all_is_sent(local: Running) -> None:
    from tests.server.hostile import connected

    line = json.dumps(examples.CASES["only the request"]).encode() + b"\n"
    bad = b'{"items": [' + b'{"service": "x", "y": 1},' * 200 + b"{}]}\n"  # whose answer is long
    number = 1_500
    with connected(local.url) as made:
        head = (
            "POST /v1/screenings:batch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n"
        )
        size = 4 * len(line) + number * len(bad)
        made.sendall((head + f"Connection: close\r\nContent-Length: {size}\r\n\r\n").encode() + line * 4)
        made.settimeout(100)
        for _ in range(number):
            made.sendall(bad)
        answer = bytearray()
        while piece := made.recv(1_000_000):
            answer += piece
    assert len(answer) > 10_000_000
    assert b'{"done":true,"stored":4,"refused":1500}' in answer


def test_work_that_is_out_of_time_is_ended(embedded: str) -> None:
    with started(embedded, request_seconds=1) as running:
        service = running.service
        rulebook = service.rulebooks.current
        processes = {service.workers.submit_with(rulebook, whose).result(60) for _ in range(8)}
        begun = time.monotonic()
        with pytest.raises(StoreError, match="longer than a request"):
            service.result(service.apart(busy_for_ever, rulebook))
        assert time.monotonic() - begun < 10
        until(lambda: any(not Path(f"/proc/{each}").exists() for each in processes), "its process goes on")
        assert service.workers.submit_with(rulebook, whose).result(60) > 0, "another took its place"


def test_what_is_worked_out_of_a_large_stored_case_is_ended_and_stores_nothing(embedded: str) -> None:
    many = [{"service": f"{number} sessions of massage for the low back"} for number in range(2, 42)]
    with started(embedded, request_seconds=120) as running:
        id = running.posted({**THERAPY, "items": many})["id"]
    with started(embedded, request_seconds=1) as running:
        service = running.service
        processes = {service.workers.submit(os.getpid).result(60) for _ in range(8)}
        for path in ("report?format=html", "report?format=pdf&all=true"):
            answer = running.client.get(f"/v1/screenings/{id}/{path}")
            assert code(answer) == (503, "took-too-long")
            assert "nothing was stored" in answer.json()["detail"]
        until(lambda: any(not Path(f"/proc/{each}").exists() for each in processes), "its process goes on")


def test_a_large_page_makes_nobody_wait_who_asks_for_something_else(embedded: str, tmp_path: Path) -> None:
    many = [{"service": f"{number} sessions of massage for the low back"} for number in range(2, 42)]
    with (
        Process(embedded, log=tmp_path / "log", IMR_RULES_REQUEST_SECONDS="120") as service,
        httpx.Client(base_url=service.url, timeout=120) as client,
    ):
        id = client.post("/v1/screenings", json={**THERAPY, "items": many}).json()["id"]
        done = threading.Event()
        waits: list[float] = []

        def look() -> None:
            with httpx.Client(base_url=service.url, timeout=120) as other:
                while not done.is_set():
                    begun = time.monotonic()
                    assert other.get("/healthz").status_code == 200
                    waits.append(time.monotonic() - begun)

        looking = threading.Thread(target=look)
        looking.start()
        begun = time.monotonic()
        for page in ("edit", "edit", "edit"):
            assert client.get(f"/cases/{id}/{page}").status_code == 200
        each = (time.monotonic() - begun) / 3
        done.set()
        looking.join()
    assert max(waits) < max(0.25, each / 2), f"{max(waits):.2f} s, while a page took {each:.2f} s"


def test_a_cookie_of_quotes_makes_nobody_wait(local: Running) -> None:
    local.client.get("/healthz")
    begun = time.monotonic()
    answer = local.client.get("/healthz", headers={"Cookie": 'a="' + '\\"' * 30_000 + '"'})
    assert answer.status_code == 200
    assert time.monotonic() - begun < 5, "Python takes the quotes off in quadratic time"


def test_what_a_killed_service_left_is_gone_when_the_next_one_starts(embedded: str, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    strange = temporary / f"{PREFIX}link"
    strange.symlink_to(tmp_path)

    def folders() -> set[Path]:
        return set(temporary.glob(f"{PREFIX}*")) - {strange}

    with Process(embedded, log=tmp_path / "one", TMPDIR=str(temporary)) as one:
        (first,) = folders()
        with Process(f"sqlite:///{tmp_path}/other", log=tmp_path / "two", TMPDIR=str(temporary)) as other:
            assert first in folders()
            assert len(folders()) == 2, "one that is held was removed"
            other.kill()
            assert len(folders()) == 2
        one.kill()
        one.start()
        (again,) = folders()
        assert again != first
        assert httpx.get(f"{one.url}/healthz", timeout=60).status_code == 200
        one.stop()
    assert folders() == set()
    assert (tmp_path / "one").exists()
    assert strange.is_symlink()


def whose(_: Rulebook) -> int:
    return os.getpid()


def busy_for_ever(_: Rulebook) -> None:
    while True:
        pass
