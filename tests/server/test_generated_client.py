"""Clients are generated from the description, and do with a real service what an intake system does."""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from imr_rules.server import keys
from imr_rules.server.api import examples
from tests.server.running import Running, started

pytestmark = pytest.mark.long

GENERATOR = os.environ.get("IMR_TEST_CLIENT", "")
"""A directory with the packages of requirements/client.txt, where they are not installed."""


@pytest.fixture
def client(tmp_path: Path, embedded: str) -> Any:
    if not GENERATOR and importlib.util.find_spec("openapi_python_client") is None:
        pytest.skip("SKIPPED LOUDLY: openapi-python-client is not installed (requirements/client.txt)")
    with started(embedded) as running:
        description = tmp_path / "openapi.json"
        description.write_bytes(running.client.get("/openapi.json").content)
        config = tmp_path / "config.yaml"
        config.write_text("content_type_overrides: {application/x-ndjson: application/octet-stream}\n")
        command = ["generate", "--path", str(description), "--config", str(config), "--meta", "none"]
        made = subprocess.run(
            [sys.executable, "-m", "openapi_python_client", *command, "--output-path", str(tmp_path / "imr_client")],
            capture_output=True, text=True, timeout=300,
            env={**os.environ, "PYTHONPATH": GENERATOR, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        assert "not be generated" not in made.stdout, made.stdout
        sys.path.insert(0, str(tmp_path))
        try:
            yield running
        finally:
            sys.path.remove(str(tmp_path))
            for name in [each for each in sys.modules if each.startswith("imr_client")]:
                del sys.modules[name]


def part(name: str) -> Any:
    return importlib.import_module(f"imr_client.{name}")


def test_it_posts_batches_signs_amends_and_reads_back(client: Running) -> None:
    _, key = keys.create(client.service.store, scopes=["screen", "read", "sign"])
    client.service.authenticator._read_at = float("-inf")
    models, types = part("models"), part("types")
    session = part("client").AuthenticatedClient(base_url=client.url, token=key, timeout=60)
    with session:
        does_what_an_intake_system_does(session, models, types)


def does_what_an_intake_system_does(session: Any, models: Any, types: Any) -> None:

    def ask(name: str, **arguments: Any) -> Any:
        return part(f"api.{name}").sync_detailed(client=session, **arguments)

    case = models.Case.from_dict(examples.CASES["continued therapy"])
    answer = ask("screenings.post_screening", body=case, idempotency_key="a")
    assert answer.status_code == 201
    posted = answer.parsed
    assert posted.screening.items[0].suggestion == "uphold"
    assert ask("screenings.post_screening", body=case, idempotency_key="a").parsed.id == posted.id
    assert ask("screenings.validate", body=case).parsed.items[0].suggestion == "uphold"

    lines = "".join(json.dumps(each) + "\n" for each in examples.CASES.values()).encode()
    batch = ask("screenings.post_batch", body=types.File(payload=io.BytesIO(lines)))
    answers = [json.loads(line) for line in batch.content.splitlines()]
    assert answers[-1] == {"done": True, "stored": 2, "refused": 0}

    signoff = models.SignOff.from_dict(examples.SIGNOFFS["agrees"])
    signed = ask("review.post_signoff", id=posted.id, body=signoff, if_match=answer.headers["ETag"])
    assert signed.status_code == 201
    assert signed.parsed.human_review.status == "signed"
    late = ask("review.post_signoff", id=posted.id, body=signoff, if_match=answer.headers["ETag"])
    assert late.status_code == 412
    assert late.parsed.type_.endswith(":changed-meanwhile")

    amendment = models.Amendment.from_dict(examples.AMENDMENTS["a fact supplied"])
    amended = ask("review.post_amendment", id=answers[0]["id"], body=amendment)
    assert amended.parsed.amends == answers[0]["id"]

    read = ask("screenings.get_screening", id=posted.id).parsed
    assert read.signoffs[0].specialty == "psychology"
    listed = ask("screenings.list_screenings", limit=2).parsed
    assert len(listed.screenings) == 2
    assert listed.next_
    assert ask("rules.list_facts", treatment="physical_therapy").parsed.facts
    assert ask("health.readyz").parsed.status == "ready"


def generator() -> str:
    """The command that openapi-generator is run with."""
    found = Path(GENERATOR) / "openapi_generator_cli" / "openapi-generator.jar"
    if not GENERATOR:
        spec = importlib.util.find_spec("openapi_generator_cli")
        if spec is None or spec.origin is None:
            pytest.skip("SKIPPED LOUDLY: openapi-generator is not installed (requirements/client.txt)")
        found = Path(spec.origin).parent / "openapi-generator.jar"
    if shutil.which("java") is None:
        pytest.skip("SKIPPED LOUDLY: there is no Java here, so openapi-generator was not tried")
    return str(found)


def test_openapi_generator_s_client_does_the_same(
    tmp_path: Path, embedded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = generator()
    with started(embedded) as running:
        description = tmp_path / "openapi.json"
        description.write_bytes(running.client.get("/openapi.json").content)
        parts = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
        made = subprocess.run(
            ["java", "-jar", jar, "generate", "-g", "python", "-i", str(description), "-o", str(tmp_path / "made"),
             "--package-name", "imr_generated", "--global-property", parts],
            capture_output=True, text=True, timeout=400,
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        monkeypatch.syspath_prepend(str(tmp_path / "made"))
        _, key = keys.create(running.service.store, scopes=["screen", "read", "sign"])
        running.service.authenticator._read_at = float("-inf")
        generated = importlib.import_module("imr_generated")
        with generated.ApiClient(generated.Configuration(host=running.url, access_token=key)) as session:
            works_as_generated(generated, session)


def works_as_generated(generated: Any, session: Any) -> None:
    screenings, review = generated.ScreeningsApi(session), generated.ReviewApi(session)
    case = generated.Case.from_dict(examples.CASES["continued therapy"])
    posted = screenings.post_screening_with_http_info(case, idempotency_key="a")
    assert (posted.status_code, posted.data.screening.items[0].suggestion) == (201, "uphold")
    assert screenings.post_screening(case, idempotency_key="a").id == posted.data.id

    lines = "".join(json.dumps(each) + "\n" for each in examples.CASES.values())
    batch = screenings.post_batch_without_preload_content(lines)
    answers = [json.loads(line) for line in batch.data.splitlines()]
    assert answers[-1] == {"done": True, "stored": 2, "refused": 0}

    signoff = generated.SignOff.from_dict(examples.SIGNOFFS["agrees"])
    version = posted.headers["etag"]
    signed = review.post_signoff(posted.data.id, if_match=version, sign_off=signoff)
    assert signed.to_dict()["human_review"]["status"] == "signed"
    with pytest.raises(generated.ApiException) as late:
        review.post_signoff(posted.data.id, if_match=version, sign_off=signoff)
    assert late.value.status == 412

    amendment = generated.Amendment.from_dict(examples.AMENDMENTS["a fact supplied"])
    amended = review.post_amendment(answers[0]["id"], amendment=amendment)
    assert amended.to_dict()["amends"] == answers[0]["id"]
    assert screenings.get_screening(posted.data.id).signoffs[0].specialty == "psychology"
    assert len(screenings.list_screenings(limit=2).screenings) == 2
    assert generated.RulesApi(session).list_facts("physical_therapy").facts
    assert generated.HealthApi(session).readyz().status == "ready"
