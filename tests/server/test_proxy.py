"""The service behind nginx as deploy/nginx.conf has it: limits, cookies for TLS alone, nothing of a case in a log."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from imr_rules.server import keys
from imr_rules.server.api import examples
from tests.paths import ROOT
from tests.server.running import started, until

NGINX, OPENSSL = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin"), shutil.which("openssl")

if NGINX is None or OPENSSL is None:
    pytest.skip(
        "SKIPPED LOUDLY: nginx or openssl is not installed (Debian, Ubuntu: apt install nginx-light openssl)",
        allow_module_level=True,
    )

NAME = "imr-rules.example"
SECRET = "Zyxomma petiolatum"
"""What only a case says."""


class Proxied(NamedTuple):
    """A client of the service behind the proxy, a key, and where the proxy writes its logs."""

    client: httpx.Client
    key: str
    logs: Path

    def logged(self) -> str:
        return "".join(each.read_text() for each in self.logs.glob("*.log"))

    def authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    certificate, private, logs = folder / "fullchain.pem", folder / "key.pem", folder / "logs"
    logs.mkdir()
    subprocess.run(
        [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1", "-keyout", str(private),
         "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with started(f"sqlite:///{folder}/store.sqlite3") as running:
        _, key = keys.create(running.service.store, scopes=["screen", "read", "sign"])
        running.service.authenticator._read_at = float("-inf")
        documented = (ROOT / "deploy" / "nginx.conf").read_text()
        for said, here in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("/etc/ssl/imr-rules", str(folder)),
            ("/var/log/nginx", str(logs)),
            ("http://127.0.0.1:8000", running.url),
        ):
            assert said in documented
            documented = documented.replace(said, here)
        temporary = "\n".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {logs}/main.log emerg;\n"
            f"events {{}}\nhttp {{\n{temporary}\n{documented}}}\n"
        )
        command = [str(NGINX), "-p", str(folder), "-e", str(logs / "main.log"), "-c", str(configuration)]
        with (folder / "said").open("wb") as said_here:
            proxy = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=said_here)
        try:
            trusted = ssl.create_default_context(cafile=str(certificate))
            with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=trusted, timeout=60) as client:

                def answers() -> bool:
                    assert proxy.poll() is None, (folder / "said").read_text()
                    try:
                        return client.get("/healthz").status_code == 200
                    except httpx.ConnectError:
                        return False

                until(answers, "nginx does not answer")
                yield Proxied(client, key, logs)
        finally:
            proxy.terminate()
            proxy.wait(30)


def test_a_case_goes_in_and_comes_back(proxied: Proxied) -> None:
    client, headers = proxied.client, proxied.authorized()
    posted = client.post("/v1/screenings", json=examples.CASES["continued therapy"], headers=headers)
    assert posted.status_code == 201, posted.text
    assert client.get(posted.headers["Location"], headers=headers).content == posted.content
    assert posted.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert client.post("/v1/screenings", json={}).status_code == 401, "it is not this machine's own request"
    assert client.get("/metrics", headers=headers).status_code == 404


def test_the_service_says_itself_what_is_too_large(proxied: Proxied) -> None:
    large = {"items": [{"service": "x"}], "case": "y" * 1_000_001}
    refused = proxied.client.post("/v1/screenings", json=large, headers=proxied.authorized())
    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"
    far_too_large = proxied.client.post(
        "/v1/screenings", content=b"x" * 3_000_000, headers=proxied.authorized()
    )
    assert far_too_large.status_code == 413


def test_a_batch_is_larger_than_any_other_body(proxied: Proxied) -> None:
    line = b'{"items": [{"service": "' + b"x" * 1_900 + b'"}]}\n'
    answer = proxied.client.post(
        "/v1/screenings:batch",
        content=line * 1_500,
        headers={**proxied.authorized(), "Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 200
    assert answer.content.splitlines()[-1] == b'{"done":true,"stored":1500,"refused":0}'


def test_papers_of_ten_megabytes_reach_the_service(proxied: Proxied) -> None:
    proxied.client.cookies.clear()
    signed_in = proxied.client.post("/sign-in", data={"key": proxied.key})
    assert signed_in.status_code == 303
    csrf = re.search(r'name="csrf" value="([^"]+)"', proxied.client.get("/new").text)
    assert csrf is not None
    answer = proxied.client.post(
        "/new/papers", data={"csrf": csrf[1]}, files={"rfa": ("rfa.pdf", b"%PDF-1.7\n" + b"x" * 10_000_000)}
    )
    assert answer.status_code == 422, "what is no paper is refused by the service, not by the proxy"
    proxied.client.cookies.clear()


def test_the_session_s_cookie_is_for_tls_alone(proxied: Proxied) -> None:
    signed_in = proxied.client.post("/sign-in", data={"key": proxied.key})
    cookie = signed_in.headers["set-cookie"]
    assert {"secure", "httponly", "samesite=strict"} <= {each.strip().lower() for each in cookie.split(";")}
    proxied.client.cookies.clear()


def test_no_log_of_the_proxy_says_a_word_of_a_case(proxied: Proxied) -> None:
    client, headers = proxied.client, proxied.authorized()
    case = {"case": "CASE-4711", "items": [{"service": SECRET}]}
    id = client.post("/v1/screenings", json=case, headers=headers).json()["id"]
    for path in (
        f"/v1/screenings/{id}",
        f"/?q={SECRET}",
        f"/v1/screenings?case=CASE-4711&since={SECRET}",
        "/%zz",
        "/\x00",
    ):
        try:
            client.get(path, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            continue
    client.get("/x" * 10_000)  # too long for the proxy itself
    client.post("/v1/screenings", content=SECRET.encode() * 200_000, headers=headers)
    until(lambda: "POST 413" in proxied.logged())
    said = proxied.logged()
    for word in (id, "CASE-4711", "Zyxomma", "/v1", "/x", proxied.key):
        assert word not in said
    assert re.search(r" GET 200 \d\.\d+ [0-9a-f]{16}$", said, re.MULTILINE), said
