"""The hosts of the lab, and what runs on each: the deployment that is made to fail."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from core.settings import Settings
from deploy.lab.namespaces import Host, inside, network
from deploy.lab.postgres import Server
from deploy.lab.waiting import until
from simulator import app, serve
from simulator.exchange import Exchange

BESIDE = Path(__file__).parent
ADDRESSES = {
    "platform": "10.77.0.2",
    "balancer": "10.77.0.10",
    "web1": "10.77.0.21",
    "web2": "10.77.0.22",
    "worker1": "10.77.0.31",
    "worker2": "10.77.0.32",
    "db1": "10.77.0.51",
    "db2": "10.77.0.52",
}
"""`platform` is Meta and the phones. haproxy.cfg and turno.env know some of these addresses too."""
ROLES = {"web1": "web", "web2": "web", "worker1": "work", "worker2": "work"}
DOOR = f"http://{ADDRESSES['balancer']}:8000/webhook"
POOLER_USER = "postgres"


class Lab:
    """Everything that runs, and where the primary is at the moment."""

    def __init__(self, hosts: Mapping[str, Host], folder: Path, exchange: Exchange):
        self.hosts, self.folder, self.exchange = hosts, folder, exchange
        self.primary, self.standby = (Server(hosts[name], folder) for name in ("db1", "db2"))
        self._environ = settings()

    def start(self) -> None:
        """Databases first, then the schema and the demo desks, then everybody."""
        self.primary.create()
        self.standby.copy(self.primary)
        direct = {**self._environ, "DATABASE_URL": self.primary.url}
        for command in ("migrate", "demo"):
            self.hosts["worker1"].run(_turno(command), direct)
        self._point_poolers()
        for name in ROLES:
            self.begin(name)
        balancer = ["haproxy", "-db", "-f", str(BESIDE / "haproxy.cfg")]
        self.hosts["balancer"].start("haproxy", balancer, {})
        until(self.ready, 90)

    def begin(self, name: str, **environ: str) -> None:
        """What a host of ours runs: its pooler, and its role."""
        host = self.hosts[name]
        host.plug()
        host.start("pgbouncer", ["pgbouncer", "pgbouncer.ini"], {}, user=POOLER_USER, at=self.folder)
        metrics = self.folder / f"{name}-metrics"
        metrics.mkdir(exist_ok=True)
        own = {"BIND": host.address, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
        host.start(ROLES[name], _turno(ROLES[name]), {**self._environ, **own, **environ})

    def ready(self) -> bool:
        """Every host of ours has a process whose heart beats."""
        beating = {row.pid for row in self.ask("select pid from heartbeats where at > now() - interval '10 seconds'")}
        return all(beating.intersection(self.hosts[name].pids) for name in ROLES)

    def promote(self) -> None:
        """The standby takes the primary's place, and every pooler is told where that is."""
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
        self._point_poolers()
        for name in ROLES:
            self.hosts[name].tell("pgbouncer", signal.SIGHUP)

    def _point_poolers(self) -> None:
        for file in ("pgbouncer.ini", "userlist.txt"):
            shutil.copy(BESIDE / file, self.folder)
        where = f"[databases]\nturno = host={self.primary.host.address} port=5432\n"
        (self.folder / "databases.ini").write_text(where, encoding="utf-8")

    def ask(self, query: str, **values: Any) -> list[Any]:
        return self.primary.ask(query, **values)


def settings() -> dict[str, str]:
    """The lines of turno.env."""
    lines = (BESIDE / "turno.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _turno(command: str) -> list[str]:
    return [sys.executable, "-m", "bot", command]


@contextmanager
def laboratory(folder: Path) -> Iterator[Lab]:
    """The whole deployment, running; nothing of it is left in the end."""
    with network():
        hosts = {name: Host(name, address, folder) for name, address in ADDRESSES.items()}
        with inside(hosts["platform"]), _platform() as exchange:
            lab = Lab(hosts, folder, exchange)
            lab.start()
            yield lab


@contextmanager
def _platform() -> Iterator[Exchange]:
    """A double of the Graph API, whose webhooks go to the balancer, and are repeated until they are taken."""
    secrets = settings()
    told = {name: secrets[name.upper()] for name in ("whatsapp_app_secret", "whatsapp_access_token")}
    server = serve.server(app.create(Settings.model_validate(told), DOOR), ADDRESSES["platform"], 8001)
    exchange: Exchange = server.app.extensions["exchange"]  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield exchange
    finally:
        exchange.postman.close()
        server.shutdown()
        server.server_close()
