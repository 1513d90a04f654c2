"""How gunicorn serves the web side. Every request is a greenlet, so that those who wait for one commit share it."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import sys  # noqa: E402
from contextlib import suppress  # noqa: E402
from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from core import settings as environment  # noqa: E402
from core.hardening import hide_memory  # noqa: E402

settings = environment.load()
if settings.app_env == "production":
    hide_memory()  # its children inherit that

wsgi_app = "wsgi:app"
worker_class = "webhook.serving.Worker"
windows = int(os.environ.get("WINDOW_CONCURRENCY", "1"))
doors = int(os.environ.get("WEB_CONCURRENCY", "2"))
workers = doors + windows
worker_connections = settings.door_connections + 100  # those that were just dropped still take their leave
forwarder_headers = ""  # no header may say what the path is
bind = f"{f'[{settings.bind}]' if ':' in settings.bind else settings.bind}:{settings.port}"
backlog = 2048
keepalive = 75
timeout = 60
graceful_timeout = 30
accesslog = None
loglevel = "warning"
control_socket_disable = True

ROOMS = (
    "webhook.webchat.page",
    "webhook.webchat.public",
    "dashboard",
    "bot.workers.house",
    "bot.workers.dry_run_process",
    "bot.workers.greeting",
    "bot.workers.presence",
)
"""What `wsgi.py` puts together. `wsgi.py` itself is loaded by each process, as it opens what no two may share."""
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
named = MULTIPROCESS in os.environ  # then others may count there too, and whoever named the folder empties it
METRICS = Path(
    os.environ.setdefault(MULTIPROCESS, f"var/metrics/{'web' if doors else 'window'}")
)  # prometheus_client looks when it is imported


def on_starting(_: Any) -> None:
    """Remove the counters of an earlier run, and load the rooms once for all processes: they share the memory, and one that
    takes the place of another serves at once."""
    from core import loading, telemetry

    if not named:
        telemetry.prepare_multiprocess(METRICS)
    for room in ROOMS:
        with suppress(Exception), loading.kept():  # each process tries again, and tells of it
            import_module(room)


def pre_fork(server: Any, worker: Any) -> None:
    """Staff are answered by processes of their own; none (WINDOW_CONCURRENCY=0): by those at the door. With WEB_CONCURRENCY=0
    nobody is at the door."""
    from webhook import serving

    serving.place(server, worker, windows=windows, doors=doors)


def on_exit(_: Any) -> None:
    from webhook import serving

    serving.leave()


def post_worker_init(worker: Any) -> None:
    """A worker that serves has a heartbeat; one that is asked to stop ends those who follow its log."""
    import wsgi

    wsgi.heartbeat.start("window" if worker.at_window else "web")
    wsgi.chat.logs.serving = lambda: worker.alive


def worker_exit(_: Any, __: Any) -> None:
    """A worker that ends in order takes its leave; one that never served has none to take."""
    if "wsgi" in sys.modules:
        sys.modules["wsgi"].heartbeat.stop()


def child_exit(_: Any, worker: Any) -> None:
    """A worker that is gone no longer counts in gauges."""
    from core import telemetry

    telemetry.mark_dead(worker.pid)
