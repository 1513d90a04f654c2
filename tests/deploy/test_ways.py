"""Each way to run Turno is run: its own commands, with its own settings and secrets made by its own script."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from bot.__main__ import main
from core.settings import BadSettings, load
from tests.acceptance.house import QUICK, SECRET, TOKEN, House
from tests.acceptance.processes import PATIENCE_S, ROOT, Started, free_ports, started
from tests.conftest import fresh_database
from tests.deploy.ways import DEPLOY, EXAMPLE, WAYS, Role, by_compose, variables
from tests.waiting import until

SECRETS_OF = ("/run/secrets/turno/", "/run/secrets/", "%d/")


def make_secrets(folder: Path, url: str) -> Path:
    given = {"WHATSAPP_APP_SECRET": SECRET, "WHATSAPP_ACCESS_TOKEN": TOKEN}
    command = [DEPLOY / "make-secrets.sh", folder / "secrets", url]
    done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return folder / "secrets"


class Deployed:
    """One way, as processes of this machine. Only addresses are others than there: ports, and the platform's double."""

    def __init__(self, way: str, house: House, folder: Path):
        self.house, self.folder = house, folder
        self.secrets = make_secrets(folder, house.url)
        self.roles = {role.name: role for role in WAYS[way]()}
        self.running: dict[str, Started] = {}
        self.ports = dict(zip(self.roles, free_ports(len(self.roles)), strict=True)) | {"web": house.port}

    def environ(self, role: Role) -> dict[str, str]:
        told = {name: self._here(value) for name, value in role.environ.items()}
        here = {"BIND": "127.0.0.1", "PORT": str(self.ports[role.name]), "PYTHONPATH": str(ROOT)}
        return {
            **QUICK,
            **told,
            **here,
            "GRAPH_API_URL": self.house.environ["GRAPH_API_URL"],
            "PHOTOS_STORE": "database",
        }

    def _here(self, value: str) -> str:
        for there in SECRETS_OF:
            if value.startswith(there):
                return str(self.secrets / value.removeprefix(there))
        return value.replace("/var/lib/turno", str(self.folder))

    def arguments(self, role: Role) -> list[str]:
        """Metrics of workers are served on a port of this test."""
        return ["-m", "bot", *(str(self.ports[role.name]) if each == "9100" else each for each in role.arguments)]

    def start(self, name: str, stack: ExitStack) -> Started:
        role = self.roles[name]
        (self.folder / name).mkdir()
        environ = self.environ(role)
        self.running[name] = stack.enter_context(
            started(*self.arguments(role), environ=environ, folder=self.folder / name)
        )
        return self.running[name]

    def get(self, name: str, path: str, **headers: str) -> requests.Response | None:
        try:
            return requests.get(f"http://127.0.0.1:{self.ports[name]}{path}", headers=headers, timeout=PATIENCE_S)
        except requests.ConnectionError:
            return None

    def answers(self, name: str, path: str) -> bool:
        answer = self.get(name, path)
        return answer is not None and answer.status_code == 200

    def told(self) -> str:
        return "\n".join(f"--- {name}\n{running.told}" for name, running in self.running.items())


@pytest.fixture(scope="module", params=WAYS)
def deployed(
    request: pytest.FixtureRequest, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    for url in fresh_database(postgres, "template0"):
        house = House(url, folder)
        made = Deployed(request.param, house, folder)
        with ExitStack() as stack:
            migrating = made.start("migrate", stack)
            assert migrating.wait() == 0, migrating.told
            stack.enter_context(house)
            for name in made.roles.keys() - {"migrate"}:
                made.start(name, stack)
            until(lambda: made.answers("web", "/health/ready"), PATIENCE_S, told=made.told)
            yield made


def test_it_answers_a_customer_is_watched_and_drains(deployed: Deployed) -> None:
    house = deployed.house
    house.say("hola")
    house.settle(PATIENCE_S)
    house.check()
    assert len(house.accepted) == 1
    key = {"Authorization": f"Bearer {(deployed.secrets / 'metrics_token').read_text()}"}
    figures = deployed.get("web", "/metrics", **key)
    assert figures is not None and "turno_events_total" in figures.text
    assert not deployed.answers("web", "/metrics")
    window = "window" if "window" in deployed.roles else "web"
    until(lambda: deployed.answers(window, "/admin/sign-in"), PATIENCE_S, told=deployed.told)
    worker = next(name for name, role in deployed.roles.items() if role.arguments[0] == "work")
    until(lambda: deployed.answers(worker, "/metrics"), PATIENCE_S, told=deployed.told)
    ended = {name: running.end() for name, running in deployed.running.items() if name != "migrate"}
    assert set(ended.values()) == {0}, deployed.told()


# --- what is wrong in a file of settings ---


def example(tmp_path: Path, **more: str) -> dict[str, str]:
    secrets = make_secrets(tmp_path, "postgresql://nobody@127.0.0.1:1/none")
    told = variables(EXAMPLE.read_text("utf-8"))
    return {name: value.replace("/run/secrets", str(secrets)) for name, value in told.items()} | more


def test_the_example_holds_all_that_production_demands(tmp_path: Path) -> None:
    settings = load(example(tmp_path))
    assert settings.app_env == "production" and settings.proxies == 1
    assert settings.database_url.startswith("postgresql://nobody@")


def test_a_name_and_its_file_are_refused_together_by_every_role(tmp_path: Path) -> None:
    both = example(tmp_path, LOG_TOKEN="x" * 32, METRICS_TOKEN="y" * 32)
    with pytest.raises(BadSettings) as refused:
        load(both)
    for role in by_compose():
        command = [sys.executable, "-m", "bot", *role.arguments]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **both}, capture_output=True, text=True, timeout=120
        )
        told = done.stdout + done.stderr
        assert done.returncode != 0 and str(refused.value) in told, (role.name, told)
    assert "LOG_TOKEN and LOG_TOKEN_FILE are both set: keep one" in str(refused.value)
    assert "METRICS_TOKEN and METRICS_TOKEN_FILE are both set: keep one" in str(refused.value)


def test_secrets_that_are_there_stay_and_those_that_lack_are_told(tmp_path: Path) -> None:
    make = DEPLOY / "make-secrets.sh"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WHATSAPP_")}
    first = subprocess.run([make, tmp_path / "s"], env=environ, capture_output=True, text=True, check=True)
    assert [line.rpartition("/")[2].split()[0] for line in first.stderr.splitlines()] == [
        "whatsapp_app_secret",
        "whatsapp_access_token",
    ]
    before = {file.name: file.read_text() for file in (tmp_path / "s").iterdir()}
    subprocess.run([make, tmp_path / "s"], env=environ, capture_output=True, check=True)
    assert {file.name: file.read_text() for file in (tmp_path / "s").iterdir()} == before
    assert {len(before[name]) for name in ("log_token", "staff_secret", "erasure_secret", "whatsapp_verify_token")} == {
        64
    }
    assert len(set(before.values())) == len(before) - 2  # three are empty
    assert [file.name for file in (tmp_path / "s").iterdir() if file.stat().st_mode & 0o007] == []
    assert before["postgres_password"] in before["database_url"]


@pytest.mark.parametrize("way", WAYS)
def test_every_command_is_one_of_ours(way: str) -> None:
    for role in WAYS[way]():
        with pytest.raises(SystemExit, match="0"):
            main([*role.arguments, "--help"])
