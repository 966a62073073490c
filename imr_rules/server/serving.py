"""Running the service: the address, the logs, the signals."""

from __future__ import annotations

import contextlib
import gc
import ipaddress
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI

from imr_rules.errors import Place, Problem, ServiceError
from imr_rules.server import keys, logs
from imr_rules.server.app import create_app
from imr_rules.server.clock import Clock, utc_now
from imr_rules.server.connections import guarded, room_for
from imr_rules.server.context import Service
from imr_rules.server.settings import Settings


def serve(settings: Settings, *, begin: Callable[[Service, str], None] | None = None) -> None:
    """Serve until told to stop (SIGTERM or SIGINT); SIGHUP has the rulebook read again.

    Args:
        settings: what is set about the service.
        begin: called once with the service and its URL, when it listens and before it answers.

    Raises:
        ServiceError: the address cannot be listened on, or is beyond this machine while there is no key.
        StoreError, RulebookError: the store or the rulebook cannot be used.
    """
    app = create_app(settings)
    service: Service = app.state.service
    try:
        _refuse_strangers(service)
        listening = _listen(settings.host, settings.port)
    except BaseException:
        service.close()
        raise
    gc.freeze()  # the rulebook stays: looking through it for garbage, again and again, finds none
    logs.configure()
    host, port = listening.getsockname()[:2]
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: _reload(service))
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    print(f"imr-rules listens on {url}", file=sys.stderr, flush=True)
    if begin is not None:
        try:
            begin(service, url)
        except BaseException:
            listening.close()
            service.close()
            raise
    service.log.say("listening", host=host, port=port, store=service.store.engine.dialect.name)
    service.workers.warm_up(service.rulebooks.current)
    config = configured(app, settings, timeout_graceful_shutdown=settings.request_seconds)
    uvicorn.Server(config).run(sockets=[listening])


def configured(app: FastAPI, settings: Settings, **more: Any) -> uvicorn.Config:
    """Return how the service is served: with the limits of :mod:`imr_rules.server.connections`, and without logs of its own."""
    return uvicorn.Config(
        app,
        http=guarded(room_for(settings.max_connections)),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who asks is told by a key, never by a header
        **more,
    )


class Beside(NamedTuple):
    """A service that runs beside the rest of a program."""

    url: str
    service: Service


@contextlib.contextmanager
def beside(settings: Settings, *, clock: Clock = utc_now) -> Iterator[Beside]:
    """Run a service in a thread of this process while a block does, on a free port of this machine.

    For what needs a service for a while: one local case, a trial, a test. Logs are the program's own affair.

    Raises:
        StoreError, RulebookError: the store or the rulebook cannot be used.
    """
    app = create_app(settings, clock=clock)
    server = uvicorn.Server(configured(app, settings))
    with socket.create_server(
        ("127.0.0.1", settings.port if "port" in settings.model_fields_set else 0)
    ) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield Beside(f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.service)
        finally:
            server.should_exit = True
            thread.join()


def _refuse_strangers(service: Service) -> None:
    """Raise unless the address is this machine's alone, or there is a key to ask for."""
    host = service.settings.host
    if _is_loopback(host) or any(not key.revoked for key in keys.listed(service.store)):
        return
    raise ServiceError(
        Problem(
            "no-keys-yet",
            f"the service does not listen beyond this machine (on {host}) before there is a key",
            Place("--host"),
            "make one with imr-rules keys create --scopes screen,read, or leave --host out",
        )
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    listening: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        if listening is not None:
            listening.close()
        reason = (error.strerror or "it cannot be used").lower()
        problem = Problem("cannot-listen", f"{host}:{port} cannot be listened on: {reason}", Place("--port"))
        raise ServiceError(problem) from None
    return listening


def _reload(service: Service) -> None:
    threading.Thread(target=service.rulebooks.reload, name="imr-rules reload", daemon=True).start()
