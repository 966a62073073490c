"""Services that really run, for tests: in this process or in one of their own, over SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from imr_rules.server.clock import Clock, utc_now
from imr_rules.server.context import Service
from imr_rules.server.serving import beside
from imr_rules.server.settings import Settings

__all__ = ["Postgres", "Process", "Running", "started"]


def plain_client(url: str, *, timeout: float = 60, **more: Any) -> httpx.Client:
    """A client of a service of this machine, which needs no certificates: to read them takes longer than to answer."""
    return httpx.Client(base_url=url, timeout=timeout, verify=False, **more)


class Running:
    """A service in a thread of this process, with a client to ask it."""

    def __init__(self, service: Service, client: httpx.Client, url: str) -> None:
        self.service, self.client, self.url = service, client, url

    def with_key(self, key: str) -> httpx.Client:
        """A client that sends a key."""
        return plain_client(self.url, headers={"Authorization": f"Bearer {key}"})

    def posted(self, case: dict[str, Any], **headers: str) -> dict[str, Any]:
        """The stored screening of a case."""
        answer = self.client.post("/v1/screenings", json=case, headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


class SettableClock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> datetime:
        from datetime import timedelta

        return utc_now() + timedelta(seconds=self.ahead)


@contextlib.contextmanager
def started(database: str, *, clock: Clock = utc_now, **settings: Any) -> Iterator[Running]:
    """A service that runs while the block does."""
    chosen = Settings(database=database, reload_seconds=0, **settings)
    with beside(chosen, clock=clock) as found, plain_client(found.url) as client:
        # FastAPI works its routes out at the first request, and hushes a warning meanwhile in the whole process:
        # two services of one process must not do so at once.
        client.get("/healthz")
        yield Running(found.service, client, found.url)


class Process:
    """``imr-rules serve`` in a process of its own."""

    def __init__(self, database: str, *options: str, log: Path, **environment: str) -> None:
        self.log = log
        self._options = ("serve", "--database", database, "--port", "0", *options)
        self._environment = {**os.environ, **environment}
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start it (again), and wait until it listens."""
        with self.log.open("ab") as written:
            begun = written.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from imr_rules.cli import main; main()", *self._options],
                stderr=written, stdout=written, stdin=subprocess.DEVNULL, env=self._environment,
            )  # fmt: skip

        def listens() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"the service ended: {self.log.read_bytes()[begun:].decode()}")
            for line in self.log.read_bytes()[begun:].decode().splitlines():
                if line.startswith("imr-rules listens on "):
                    self.url = line.split()[-1]
            return bool(self.url)

        self.url = ""
        _until(listens, "the service did not start")

    def kill(self) -> None:
        """End it without a chance to do anything about it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End it as an operator would; its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(60)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


class Postgres:
    """A PostgreSQL in a temporary directory, run by an unprivileged user where this one is root."""

    _databases = 0

    def __init__(self, directory: Path, binaries: Path, port: int) -> None:
        self.directory, self._binaries, self.port = directory, binaries, port

    @staticmethod
    def missing() -> str | None:
        """Why there can be none here, or None."""
        if _postgres_binaries() is None:
            return "PostgreSQL is not installed (Debian, Ubuntu: apt install postgresql)"
        if os.geteuid() == 0 and _unprivileged() is None:
            return "there is no unprivileged user to run PostgreSQL as"
        return None

    @classmethod
    def start(cls, _: object = None) -> Postgres:
        """Make one and start it."""
        binaries = _postgres_binaries()
        assert binaries is not None
        directory = Path(tempfile.mkdtemp(prefix="imr-pg-"))
        user = _unprivileged()
        if user:
            os.chown(directory, user.pw_uid, user.pw_gid)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        found = cls(directory, binaries, port)
        found._run(
            "initdb", "-D", str(directory / "data"), "-U", "imr", "-A", "trust", "--no-sync", "-E", "UTF8"
        )
        found.resume()
        return found

    def resume(self) -> None:
        """Start it again after :meth:`halt`."""
        # The machine stays up: nothing here needs to wait until a disk has it, which a crash of PostgreSQL does not ask.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self.directory}"
        self._run(
            "pg_ctl",
            "-D",
            str(self.directory / "data"),
            "-l",
            str(self.directory / "log"),
            "-w",
            "-o",
            options,
            "start",
        )

    def halt(self) -> None:
        """Stop it at once, clients or not."""
        self._run("pg_ctl", "-D", str(self.directory / "data"), "-w", "-m", "immediate", "stop")

    def stop(self) -> None:
        """Stop it and remove all it kept."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.halt()
        shutil.rmtree(self.directory, ignore_errors=True)

    def new_database(self) -> str:
        """The URL of an empty database."""
        Postgres._databases += 1
        name = f"imr_{os.getpid()}_{Postgres._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "imr", name)
        return f"postgresql://imr@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *arguments: str) -> str:
        """What one of its programs wrote."""
        return self._run(program, *arguments)

    def _run(self, program: str, *arguments: str) -> str:
        user = _unprivileged()
        drop: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            cwd=self.directory, **drop,
        ) if program != "pg_ctl" else subprocess.run(
            # What it starts lives on and would hold a pipe open.
            [str(self._binaries / program), *arguments], check=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.directory, **drop,
        )  # fmt: skip
        return done.stdout or ""


def _postgres_binaries() -> Path | None:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    which = shutil.which("initdb")
    return Path(which).resolve().parent if which else None


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run PostgreSQL as where this is root, who may not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _until(condition: Any, otherwise: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


def until(condition: Any, otherwise: str = "it did not happen") -> None:
    """Wait until a condition holds; generously, since only its failing ever takes that long."""
    _until(condition, otherwise)
