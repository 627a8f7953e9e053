"""One serving process of a local run. It is started by run.py and ends with it."""

import argparse
import asyncio
import importlib
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence

import uvicorn
import uvloop

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.host import build_host
from localhost.issuer import DevelopmentIssuer
from localhost.portal.pages import Portal
from localhost.ports import listening_socket
from localhost.worker_process import DRAIN_SECONDS, READY

ORPHAN_SECONDS = 8.0
"""A process whose parent died ends after this, even if it hangs."""
KEEP_ALIVE_SECONDS = 130
"""As long as the real host's web server keeps an idle connection (Kestrel's KeepAliveTimeout)."""


class _Server(uvicorn.Server):
    """Tells the parent when it listens."""

    def __init__(self, config: uvicorn.Config, parent: socket.socket) -> None:
        super().__init__(config)
        self._parent = parent

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._parent.sendall(READY)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until SIGTERM, or until stdin, a socket from the parent, is closed at its other end."""
    parser = argparse.ArgumentParser(prog="worker", description=main.__doc__)
    parser.add_argument("--app", required=True, help="the module whose `app` is the FunctionApp")
    parser.add_argument("--data", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--timers", action="store_true", help="run timer functions on their schedules")
    parser.add_argument("--portal", action="store_true", help="serve the administrator's pages too")
    given = parser.parse_args(arguments)
    parent = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(given, parent))


async def _serve(given: argparse.Namespace, parent: socket.socket) -> None:
    # The real worker, too, imports the app inside the running event loop, which all functions share.
    app = importlib.import_module(given.app).app
    host_json = json.loads((PROJECT_FOLDER / "host.json").read_text(encoding="utf-8"))
    route_prefix = host_json["extensions"]["http"]["routePrefix"]
    data = DataFolder(given.data)
    host = build_host(app, data.keys(), route_prefix=route_prefix, runs_timers=given.timers)
    config = uvicorn.Config(
        Portal(host, DevelopmentIssuer(data)) if given.portal else host,
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    await _Server(config, parent).serve([listening_socket(given.port)])


def _end_with_parent(parent: socket.socket) -> None:
    parent.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(ORPHAN_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
