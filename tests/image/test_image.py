"""`make test-image`: the image is built by the steps of its Containerfile, is small, runs as nobody on a root that cannot be
written, is ready within seconds and answers."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import requests

from core.store import schema
from core.version import VERSION
from tests.acceptance.house import QUICK, House
from tests.acceptance.processes import PATIENCE_S, free_ports
from tests.conftest import fresh_database
from tests.image.built import USER, Image, command, run
from tests.production import PRODUCTION
from tests.waiting import until

MOST_BYTES = 250_000_000
READY_S = 5.0
"""Of processor, which does not depend on what else the machine does."""


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    with tempfile.TemporaryDirectory(prefix="turno-image-") as store:
        made = Image(Path(store))
        made.build()
        yield made


@pytest.fixture(scope="session")
def root(image: Image) -> Iterator[Path]:
    with image.root() as found:
        yield found


def find(root: Path, *what: str) -> list[str]:
    return run("find", ".", "-xdev", *what, cwd=root).splitlines()


def test_it_is_small_and_says_what_it_is(image: Image) -> None:
    size, told = image.bytes(), image.config()["config"]
    print(f"image: {size / 1e6:.0f} MB in {len(image.config()['rootfs']['diff_ids'])} layers")
    assert size <= MOST_BYTES
    labels = told["Labels"]
    assert labels["org.opencontainers.image.version"] == VERSION
    assert re.fullmatch("[0-9a-f]{40}", labels["org.opencontainers.image.revision"])
    assert (told["Entrypoint"], told["Cmd"]) == (["turno"], ["web"])


def test_nobody_can_change_it_or_rise_in_it(root: Path) -> None:
    places = (
        "-path",
        "./tmp",
        "-o",
        "-path",
        "./var/lib/turno",
        "-o",
        "-path",
        "./var/tmp",
        "-o",
        "-path",
        "./run/lock",
    )
    theirs = find(
        root,
        "(",
        *places,
        ")",
        "-prune",
        "-o",
        "(",
        "-uid",
        USER,
        "-o",
        "-perm",
        "/0002",
        ")",
        "!",
        "-type",
        "l",
        "-print",
    )
    assert theirs == []
    assert find(root, "-perm", "/6000", "-type", "f") == []
    assert [
        tool for tool in ("apt", "apt-get", "pip", "perl", "gcc", "curl") if find(root, "-name", tool, "-type", "f")
    ] == []
    assert find(root, "-iname", "*pgserver*") == []


class Container:
    def __init__(self, image: Image, root: Path, url: str, log: Path, *arguments: str, **environ: str):
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        inside = {**environ, "DATABASE_URL": f"{url.partition('?')[0]}?host=/tmp"}
        self.log = log
        self.began = monotonic()
        with log.open("wb") as told:
            self.process = subprocess.Popen(
                command(root, image.config(), folder / ".s.PGSQL.5432", inside, *arguments), stdout=told, stderr=told
            )

    def told(self) -> str:
        return self.log.read_text()

    def memory(self) -> int:
        return sum(each.memory_full_info().pss for each in psutil.Process(self.process.pid).children(recursive=True))

    def stop(self) -> int:
        """Ask its first process to end, as an engine does. Its exit code."""
        for child in psutil.Process(self.process.pid).children():
            child.terminate()
        return self.process.wait(PATIENCE_S)


@contextmanager
def running(*containers: Container) -> Iterator[None]:
    try:
        yield
    finally:
        for container in containers:
            if container.process.poll() is None:
                container.stop()


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=PATIENCE_S).status_code == 200
    except requests.ConnectionError:
        return False


def test_without_its_secrets_it_does_not_start(image: Image, root: Path, postgres: str, tmp_path: Path) -> None:
    refused = Container(image, root, postgres, tmp_path / "log")
    assert refused.process.wait(PATIENCE_S) != 0
    assert "production needs WHATSAPP_VERIFY_TOKEN" in refused.told()


def test_every_role_runs_as_nobody_and_a_customer_is_answered(
    image: Image, root: Path, postgres: str, tmp_path: Path
) -> None:
    for url in fresh_database(postgres, "template0"):
        migrating = Container(image, root, url, tmp_path / "migrate", "migrate", APP_ENV="development")
        assert migrating.process.wait(PATIENCE_S) == 0, migrating.told()
        assert f"is at {schema.head()}" in migrating.told()
        with House(url, tmp_path) as house:
            in_use(image, root, house, tmp_path)


def in_use(image: Image, root: Path, house: House, folder: Path) -> None:
    window_port, figures = free_ports(2)
    told = {**QUICK, **PRODUCTION, "BIND": "127.0.0.1", "PHOTOS_STORE": "database"}
    told |= {name: house.environ[name] for name in house.environ if name.startswith(("WHATSAPP_", "GRAPH_"))}
    web = Container(image, root, house.url, folder / "web", "web", PORT=str(house.port), WINDOW_CONCURRENCY="0", **told)
    until(lambda: answers(f"http://127.0.0.1:{house.port}/health/ready"), PATIENCE_S, told=web.told)
    ready_s, work_s = monotonic() - web.began, worked_s(web)
    window = Container(image, root, house.url, folder / "window", "window", PORT=str(window_port), **told)
    worker = Container(image, root, house.url, folder / "worker", "work", "--metrics-port", str(figures), **told)
    with running(web, window, worker):
        house.say("hola")
        house.settle(PATIENCE_S)
        house.check()
        until(lambda: answers(f"http://127.0.0.1:{window_port}/admin/sign-in"), PATIENCE_S, told=window.told)
        users = {user for each in (web, window, worker) for user in users_of(each)}
        sizes = {
            name: each.memory() // 10**6 for name, each in {"web": web, "window": window, "worker": worker}.items()
        }
        print(f"ready after {ready_s:.1f} s and {work_s:.1f} s of work; MB of memory: {sizes}")
        assert users == {int(USER)}
        assert work_s <= READY_S
        assert [each.stop() for each in (web, window, worker)] == [0, 0, 0]


def worked_s(container: Container) -> float:
    """Seconds of processor that its processes took. A machine that has other things to do makes them wait, not work."""
    times = [each.cpu_times() for each in psutil.Process(container.process.pid).children(recursive=True)]
    return sum(each.user + each.system for each in times)


def users_of(container: Container) -> set[int]:
    everybody = psutil.Process(container.process.pid).children(recursive=True)
    return {uid for each in everybody for uid in each.uids()}


def test_it_trusts_the_authorities_of_its_system(image: Image, root: Path) -> None:
    python = [
        root / "opt/turno/bin/python",
        "-c",
        "import ssl; print(len(ssl.create_default_context().get_ca_certs()))",
    ]
    assert int(run("chroot", f"--userspec={USER}", root, "/opt/turno/bin/python", *python[1:])) > 100


def test_two_builds_of_one_commit_are_alike(image: Image) -> None:
    assert image.build("localhost/again") == str(image.config()["rootfs"]["diff_ids"])
