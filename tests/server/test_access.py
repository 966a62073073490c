"""Who may ask, for what, how often; and that no tenant sees another's screenings by any route."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from imr_rules.errors import ConflictError, NotFoundError, RateError, ServiceError
from imr_rules.server import keys
from imr_rules.server.api import examples
from imr_rules.server.limits import Rates
from imr_rules.server.serving import serve
from imr_rules.server.settings import Settings
from tests.server.running import Running, started, until

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]
EVERYTHING = ("screen", "read", "sign", "admin")


def closed(running: Running) -> None:
    """Wait until the service has seen that there is a key."""
    until(lambda: running.client.get("/v1/rulebooks").status_code == 401)


@pytest.fixture
def tenants(running: Running) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Clients of two tenants."""
    store = running.service.store
    made = [keys.create(store, scopes=EVERYTHING, tenant=name)[1] for name in ("north", "south")]
    with running.with_key(made[0]) as north, running.with_key(made[1]) as south:
        closed(running)
        yield north, south


def test_no_tenant_sees_anothers_screening_by_any_route(
    running: Running, tenants: tuple[httpx.Client, httpx.Client]
) -> None:
    north, south = tenants
    stored = north.post("/v1/screenings", json=THERAPY, headers={"Idempotency-Key": "same"}).json()
    bodies = {
        "/v1/screenings/{id}/amendments": examples.AMENDMENTS["a fact supplied"],
        "/v1/screenings/{id}/signoffs": examples.SIGNOFFS["agrees"],
    }
    tried = 0
    for path, operations in south.get("/openapi.json").json()["paths"].items():
        if "{id}" not in path:
            continue
        for method, operation in operations.items():
            formats = [each for each in operation.get("parameters", ()) if each["name"] == "format"]
            for query in ("", *("?format=markdown" for _ in formats)):
                answer = south.request(
                    method, path.replace("{id}", stored["id"]) + query, json=bodies.get(path),
                    headers={"If-Match": '"1"'},
                )  # fmt: skip
                assert answer.status_code == 404, (method, path)
                tried += 1
    assert tried >= 7
    assert south.get("/v1/screenings").json()["screenings"] == []
    assert south.get("/v1/screenings", params={"case": THERAPY["case"]}).json()["screenings"] == []
    assert south.get("/v1/screenings", params={"cursor": stored["id"]}).json()["screenings"] == []
    # The same idempotency key is another tenant's own, and its reply is not given away.
    other = south.post("/v1/screenings", json=THERAPY, headers={"Idempotency-Key": "same"})
    assert other.json()["id"] != stored["id"]
    line = '{"items": []}\n'
    batch = {"Idempotency-Key": "same", "Content-Type": "application/x-ndjson"}
    assert stored["id"] not in south.post("/v1/screenings:batch", content=line, headers=batch).text
    assert north.get(f"/v1/screenings/{stored['id']}").json() == stored
    assert stored["id"] not in south.get("/metrics").text
    assert "north" not in south.get("/metrics").text


@pytest.mark.parametrize("scope", EVERYTHING)
def test_a_key_does_what_its_scopes_say_and_nothing_else(local: Running, scope: str) -> None:
    store = local.service.store
    id = local.posted(THERAPY)["id"]
    _, text = keys.create(store, scopes=[scope])
    requests: list[tuple[str, str, str, Any]] = [
        ("screen", "POST", "/v1/screenings", THERAPY),
        ("screen", "POST", "/v1/screenings:validate", THERAPY),
        ("screen", "POST", f"/v1/screenings/{id}/amendments", {}),
        ("read", "GET", "/v1/screenings", None),
        ("read", "GET", f"/v1/screenings/{id}", None),
        ("read", "GET", f"/v1/screenings/{id}/report", None),
        ("read", "POST", f"/v1/screenings/{id}/replay", None),
        ("read", "GET", f"/v1/screenings/{id}/fixture-candidate", None),
        ("read", "GET", "/v1/rulebooks", None),
        ("sign", "POST", f"/v1/screenings/{id}/signoffs", {}),
        ("admin", "GET", "/metrics", None),
    ]
    with local.with_key(text) as client:
        closed(local)
        for needed, method, url, body in requests:
            answer = client.request(method, url, json=body)
            assert (answer.status_code == 403) == (needed != scope), (scope, method, url, answer.text)
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    assert local.client.get("/v1/screenings").headers["www-authenticate"] == "Bearer"


def test_keys_are_made_replaced_and_revoked(local: Running) -> None:
    store = local.service.store
    key, text = keys.create(store, scopes=["read"], name="intake")
    with store.reading() as connection:
        everything = [list(row) for row in connection.exec_driver_sql("SELECT * FROM keys")]
    assert text not in str(everything)
    authenticator = keys.Authenticator(store)
    authenticator.refresh()
    assert authenticator.recognize(f"Bearer {text}").id == key.id
    new, new_text = keys.rotate(store, key.id, hours=0)
    assert (new.replaces, new.scopes) == (key.id, key.scopes)
    later = keys.Authenticator(store)
    later.refresh()
    assert later.recognize(f"Bearer {new_text}").id == new.id
    for wrong in (f"Bearer {text}", f"Basic {new_text}", "Bearer x", "", None, f"Bearer {new_text[:-1]}_"):
        with pytest.raises(ServiceError):
            later.recognize(wrong)
    keys.revoke(store, new.id)
    with pytest.raises(ConflictError):
        keys.revoke(store, new.id)
    with pytest.raises(ConflictError):
        keys.rotate(store, new.id)
    with pytest.raises(NotFoundError, match="no key of this id"):
        keys.revoke(store, "0" * 16)


def test_a_revoked_key_is_refused_within_a_second_or_so(local: Running) -> None:
    key, text = keys.create(local.service.store, scopes=["read"])
    with local.with_key(text) as client:
        closed(local)
        assert client.get("/v1/rulebooks").status_code == 200
        keys.revoke(local.service.store, key.id)
        time.sleep(keys.SECONDS + 0.1)
        assert client.get("/v1/rulebooks").status_code == 401


def test_a_key_ends_when_its_days_are_over(embedded: str) -> None:
    from tests.server.running import SettableClock

    clock = SettableClock()
    with started(embedded, clock=clock) as running:
        _, text = keys.create(running.service.store, scopes=["read"], days=1, clock=clock)
        with running.with_key(text) as client:
            closed(running)
            assert client.get("/v1/rulebooks").status_code == 200
            clock.ahead = 86_500
            assert client.get("/v1/rulebooks").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "intake.example"},
        {"X-Forwarded-For": "192.0.2.7"},
        {"Forwarded": "for=192.0.2.7"},
        {"Host": "localhost.example:80"},
    ],
)
def test_without_a_key_nobody_but_this_machine_is_answered(local: Running, headers: dict[str, str]) -> None:
    answer = local.client.get("/v1/screenings", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:imr-rules:problem:no-keys-yet")
    assert "imr-rules keys create" in answer.json()["detail"]


def test_it_does_not_listen_beyond_this_machine_without_a_key(embedded: str) -> None:
    with pytest.raises(
        ServiceError, match=r"0\.0\.0\.0.*before there is a key; make one with imr-rules keys create"
    ):
        serve(Settings(database=embedded, host="0.0.0.0", port=0))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scopes": ["raed"]}, "did you mean `read`"),
        ({"scopes": []}, "at least one scope"),
        ({"scopes": ["read"], "tenant": "A B"}, "a tenant is named with"),
    ],
)
def test_a_key_that_cannot_be_is_refused(local: Running, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ServiceError, match=message):
        keys.create(local.service.store, **given)


def test_a_key_that_asks_too_often_is_told_when_to_come_back(embedded: str) -> None:
    with started(embedded, rate=1, burst=1) as running, ThreadPoolExecutor(16) as several:
        answers = list(several.map(lambda _: running.client.get("/v1/rulebooks"), range(32)))
        refused = [each for each in answers if each.status_code == 429]
        assert refused
        assert int(refused[0].headers["retry-after"]) >= 1
        assert running.client.get("/healthz").status_code == 200


def test_a_bucket_fills_at_an_even_rate_and_never_beyond_its_burst() -> None:
    now = 0.0
    rates = Rates(rate=2, burst=3, clock=lambda: now)

    def taken() -> int:
        count = 0
        try:
            while True:
                rates.take("key")
                count += 1
        except RateError:
            return count

    assert taken() == 3
    now += 1.0
    assert taken() == 2
    now += 100.0
    assert taken() == 3
    rates.take("another key")
