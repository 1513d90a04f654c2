"""Hosts as network namespaces on a bridge of their own: nothing of the machine's own network is touched."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.lab.waiting import until

ROOT = Path(__file__).parents[2]
PREFIX = "turno-lab-"
SWITCH = f"{PREFIX}switch"
NOWHERE = "02:00:00:00:00:99"
"""A hardware address that no host has."""
CLONE_NEWNET = 0x40000000


def ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


def standing() -> list[str]:
    """Namespaces of a lab that exist now."""
    return [line.split()[0] for line in ip("netns", "list").splitlines() if line.startswith(PREFIX)]


def clean() -> None:
    """End every process in the lab's namespaces, and remove them. A Ctrl-C does not leave half of them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for namespace in standing():
            kill(namespace)
            ip("netns", "del", namespace)
    finally:
        signal.signal(signal.SIGINT, before)


def pids(namespace: str) -> list[int]:
    return [pid for pid in map(int, ip("netns", "pids", namespace).split()) if pid != os.getpid()]


def kill(namespace: str) -> None:
    """SIGKILL for everybody in it; returns when they are gone."""
    _signal(namespace, signal.SIGKILL)
    until(lambda: not pids(namespace), 10)


def _signal(namespace: str, number: signal.Signals) -> None:
    for pid in pids(namespace):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@contextmanager
def network() -> Iterator[None]:
    """A bridge to plug hosts into; in the end every host is gone with it."""
    try:
        ip("netns", "add", SWITCH)
        ip("-n", SWITCH, "link", "add", "bridge", "type", "bridge")
        ip("-n", SWITCH, "link", "set", "bridge", "up")
        yield
    finally:
        clean()


class Host:
    """One host: an address, a cable to the bridge, and the programs that run on it."""

    def __init__(self, name: str, address: str, folder: Path):
        self.name, self.address, self._folder = name, address, folder
        self.namespace = PREFIX + name
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        ip("netns", "add", self.namespace)
        ip("-n", SWITCH, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", self.namespace)
        ip("-n", SWITCH, "link", "set", name, "master", "bridge", "up")
        self._ip("link", "set", "lo", "up")
        self._ip("addr", "add", f"{address}/24", "dev", "eth0")
        self._ip("link", "set", "eth0", "up")

    def _ip(self, *arguments: str) -> str:
        return ip("-n", self.namespace, *arguments)

    # programs

    def start(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], *, user: str = "root", at: Path = ROOT
    ) -> None:
        """Start a program in a folder; what it says goes to a file of the lab's."""
        with self.log(name).open("ab") as log:
            program = subprocess.Popen(
                self._inside(command, user), env={**os.environ, **environ}, cwd=at, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._programs[name] = program

    def run(self, command: Sequence[str], environ: Mapping[str, str] | None = None, *, user: str = "root") -> str:
        """Run a command to its end; what it said. Raises with it when it failed."""
        done = subprocess.run(
            self._inside(command, user), env={**os.environ, **(environ or {})}, cwd=ROOT, text=True, capture_output=True
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)} failed\n{done.stdout}{done.stderr}")
        return done.stdout

    def _inside(self, command: Sequence[str], user: str) -> list[str]:
        return ["ip", "netns", "exec", self.namespace, "setpriv", "--pdeathsig=KILL", f"--reuid={user}", f"--regid={user}", "--init-groups",
                *command]  # fmt: skip

    def log(self, name: str) -> Path:
        return self._folder / f"{self.name}-{name}.log"

    @property
    def pids(self) -> list[int]:
        return pids(self.namespace)

    def send(self, number: signal.Signals) -> None:
        _signal(self.namespace, number)

    def tell(self, program: str, number: signal.Signals) -> None:
        """A signal for one program alone."""
        self._programs[program].send_signal(number)

    def stop(self) -> None:
        """SIGTERM for everybody, and SIGKILL for who is there after 40 s."""
        self.send(signal.SIGTERM)
        with suppress(TimeoutError):
            until(lambda: not self._reaped(), 40)
        self.kill()

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        until(lambda: not self._reaped(), 10)
        for program in self._programs.values():
            program.wait(10)

    def _reaped(self) -> list[int]:
        """Processes that are left, after those that ended were waited for."""
        for program in self._programs.values():
            program.poll()
        return self.pids

    # failures

    def plug(self, *, out: bool = False) -> None:
        """Pull the cable, or put it back."""
        ip("-n", SWITCH, "link", "set", self.name, "down" if out else "up")

    def die(self) -> None:
        """As when the power fails: no connection is closed, since nothing is said any more."""
        self.plug(out=True)
        self.kill()

    def go_unheard(self, other: Host) -> None:
        """From now on nothing that this host says reaches the other one; it still hears everything."""
        self._ip("neigh", "replace", other.address, "lladdr", NOWHERE, "dev", "eth0", "nud", "permanent")

    def be_heard(self, other: Host) -> None:
        self._ip("neigh", "del", other.address, "dev", "eth0")


@contextmanager
def inside(host: Host) -> Iterator[None]:
    """This process, and every thread it starts meanwhile, is on that host."""
    with Path("/proc/self/ns/net").open() as home, Path("/run/netns", host.namespace).open() as there:
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(home.fileno())


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
