"""The rulebook is exchanged under load: every answer says which one made it, and no request fails."""

from __future__ import annotations

import gc
import shutil
import threading
import weakref
from pathlib import Path
from typing import Any

import httpx

from imr_rules import Case, Rulebook, screen
from imr_rules.rulebook.in_use import shipped
from imr_rules.server.api import examples
from tests.paths import ROOT
from tests.server.running import Running, started, until

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def wait_for_more(answers: list[dict[str, Any]]) -> None:
    """Wait until there are more than six further answers."""
    seen = len(answers)
    until(lambda: len(answers) > seen + 6)


def test_the_rulebook_is_exchanged_under_load(embedded: str, tmp_path: Path) -> None:
    directory = tmp_path / "rules"
    shutil.copytree(shipped().base, directory)
    file = directory / "chronic-pain-2009" / "behavioral-interventions.yaml"
    texts = [file.read_text(), file.read_text().replace("visits: [6, 10]", "visits: [6, 20]")]
    rulebooks: dict[str, Rulebook] = {}
    for text in texts[::-1]:
        file.write_text(text)
        found = Rulebook.load(directory)
        rulebooks[found.digest] = found
    digests = list(rulebooks)[::-1]
    with started(embedded, rulebook=directory) as running:
        assert running.service.rulebooks.current.digest == digests[0]
        answers: list[dict[str, Any]] = []
        refused: list[str] = []
        stop = threading.Event()

        def load() -> None:
            with httpx.Client(base_url=running.url, timeout=60) as client:
                while not stop.is_set():
                    answer = client.post("/v1/screenings", json=THERAPY)
                    if answer.status_code == 201:
                        answers.append(answer.json()["screening"])
                    else:
                        refused.append(answer.text)

        threads = [threading.Thread(target=load) for _ in range(3)]
        for thread in threads:
            thread.start()
        for turn in range(1, 5):
            file.write_text(texts[turn % 2])
            assert running.service.rulebooks.reload()
            wait_for_more(answers)
            assert running.client.get("/readyz").json()["rulebook"]["digest"] == digests[turn % 2]
        stop.set()
        for thread in threads:
            thread.join()
        listed = running.client.get("/v1/rulebooks").json()["rulebooks"]
    assert refused == []
    assert {answer["rulebook"]["digest"] for answer in answers} == set(digests)
    expected = {digest: screen(Case.from_data(THERAPY), each).to_dict() for digest, each in rulebooks.items()}
    assert all(answer == expected[answer["rulebook"]["digest"]] for answer in answers)
    assert {each["digest"] for each in listed} == set(digests)


def test_files_that_make_no_rulebook_leave_the_one_in_use(embedded: str, tmp_path: Path) -> None:
    directory = tmp_path / "rules"
    shutil.copytree(shipped().base, directory)
    file = directory / "chronic-pain-2009" / "behavioral-interventions.yaml"
    text = file.read_text()
    with started(embedded, rulebook=directory) as running:
        before = running.service.rulebooks.current.digest
        file.write_text(text.replace("require:", "requires:"))
        assert not running.service.rulebooks.reload()
        ready = running.client.get("/readyz").json()
        assert (ready["rulebook"]["digest"], ready["rulebook_stale"]) == (before, True)
        assert "imr_rules_rulebook_stale 1.0" in running.client.get("/metrics").text
        assert running.posted(THERAPY)["screening"]["rulebook"]["digest"] == before
        file.write_text(text)
        running.service.rulebooks.reload()
        assert running.client.get("/readyz").json()["rulebook_stale"] is False


def test_changed_files_are_noticed(embedded: str, tmp_path: Path) -> None:
    directory = tmp_path / "rules"
    shutil.copytree(shipped().base, directory)
    with started(embedded, rulebook=directory) as running:
        running.service.rulebooks.watch(0.05)
        file = directory / "chronic-pain-2009" / "behavioral-interventions.yaml"
        file.write_text(file.read_text().replace("visits: [6, 10]", "visits: [6, 20]"))
        wanted = Rulebook.load(directory).digest
        until(lambda: _digest(running) == wanted)


def _digest(running: Running) -> str:
    found: str = running.client.get("/readyz").json()["rulebook"]["digest"]
    return found


def test_a_layer_is_taken_up_as_one_with_its_rulebook_and_kept_for_replays(
    embedded: str, tmp_path: Path
) -> None:
    layer = tmp_path / "mine"
    shutil.copytree(ROOT / "examples" / "licensed" / "layer", layer)
    therapy = layer / "shoulder" / "therapy.yaml"
    with started(embedded, layers=(layer,)) as running:
        before = running.service.rulebooks.current
        named = running.client.get("/readyz").json()["rulebook"]
        assert named["digest"] == before.digest == Rulebook.load(None, layer).digest
        assert [each["layer"] for each in named["layers"]] == ["adapted-ny-2021", "example-licensed"]
        therapy.write_text(therapy.read_text().replace("visits: 9,", "visits: 12,"))
        assert running.service.rulebooks.reload()
        after = running.service.rulebooks.current
        assert after.guidelines["example/shoulder/therapy"].limits["total"].amounts["visits"] == (12, 12)
        kept = running.service.rulebooks.get(before.digest)
        assert kept.guidelines["example/shoulder/therapy"].limits["total"].amounts["visits"] == (9, 9)
        assert [each.name for each in kept.layers] == [each.name for each in before.layers]
        (layer / "layer.yaml").write_text("layer: mine\n")
        assert not running.service.rulebooks.reload()
        assert running.service.rulebooks.current is after
        assert running.service.rulebooks.stale


def test_a_service_that_is_over_is_forgotten_with_its_rulebook(embedded: str) -> None:
    with started(embedded) as running:
        running.posted(THERAPY)
        assert running.client.get("/openapi.json").status_code == 200
        rulebook = weakref.ref(running.service.rulebooks.current)
    del running
    gc.collect()
    assert rulebook() is None
