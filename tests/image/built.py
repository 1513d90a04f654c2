"""The image, built from `deploy/Containerfile` by buildah where no registry can be reached.

The base is made by mmdebstrap from Debian's packages, and Python's packages come from a folder of wheels that is filled by
the lock. Both are kept under `var/image`, so that a second run is quicker. Needs root; `.ci/run` installs the two tools.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.version import VERSION
from tests.acceptance.processes import ROOT

KEPT = ROOT / "var" / "image"
LOCKS = ("requirements-pip.lock", "requirements.lock")
PLATFORMS = tuple(f"manylinux_{version}_x86_64" for version in ("2_28", "2_17", "2_5")) + ("manylinux2014_x86_64",)
EPOCH = "1790000000"
USER = "10001"


def run(*command: str | Path, **more: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return str(done.stdout)


def base() -> Path:
    """Debian 13 as a tar, as small as the slim image that the Containerfile names."""
    file = KEPT / "base.tar"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        left_out = [f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("doc", "man", "locale")]
        run("mmdebstrap", "--variant=minbase", "--mode=root", "--quiet", *left_out, "trixie", file.with_suffix(".part"))
        file.with_suffix(".part").rename(file)
    return file


def wheels() -> Path:
    """What the locks name, for the Python of the image."""
    folder, filled = KEPT / "wheels", KEPT / "wheels.filled"
    wanted = "".join((ROOT / lock).read_text("utf-8") for lock in LOCKS)
    if not (filled.exists() and filled.read_text("utf-8") == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        target = [
            "--python-version",
            "3.13",
            "--implementation",
            "cp",
            "--abi",
            "cp313",
            "--abi",
            "abi3",
            "--abi",
            "none",
        ]
        target += [part for platform in PLATFORMS for part in ("--platform", platform)]
        fetch = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-qq",
            "--only-binary",
            ":all:",
            "--no-deps",
            "--require-hashes",
        ]
        run(*fetch, *target, "--dest", folder, *(part for lock in LOCKS for part in ("-r", lock)), cwd=ROOT)
        filled.write_text(wanted, "utf-8")
    return folder


class Image:
    """Built in a store of its own, which is removed with its folder."""

    def __init__(self, store: Path):
        self._buildah = ["buildah", "--root", str(store / "root"), "--runroot", str(store / "run")]
        self._buildah += ["--storage-driver", "overlay"]
        self._import_base()

    def _import_base(self) -> None:
        container = self.buildah("from", "scratch").strip()
        root = self.buildah("mount", container).strip()
        run("tar", "-C", root, "-xf", base(), "--exclude=./dev/*")
        self.buildah("umount", container)
        self.buildah("commit", "--quiet", "--rm", container, "localhost/base")

    def build(self, name: str = "localhost/turno") -> str:
        """The steps of the Containerfile, each run anew. The digests of its layers."""
        told = {"BASE": "localhost/base", "PIP_NO_INDEX": "1", "SOURCE_DATE_EPOCH": EPOCH, "VERSION": VERSION}
        told["COMMIT"] = run("git", "rev-parse", "HEAD", cwd=ROOT).strip()
        arguments = [part for key, value in told.items() for part in ("--build-arg", f"{key}={value}")]
        arguments += ["--build-context", f"wheels={wheels()}", "--timestamp", EPOCH, "--no-cache", "--network", "host"]
        arguments += ["--ignorefile", "deploy/Containerfile.dockerignore", "--file", "deploy/Containerfile"]
        self.buildah("build", "--isolation", "chroot", "--format", "oci", *arguments, "--tag", name, ".")
        return str(self.config(name)["rootfs"]["diff_ids"])

    def buildah(self, *arguments: str) -> str:
        return run(*self._buildah, *arguments, cwd=ROOT)

    def config(self, name: str = "localhost/turno") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.buildah("inspect", "--type", "image", name))["OCIv1"]
        return found

    def bytes(self) -> int:
        [image] = [
            each for each in json.loads(self.buildah("images", "--json")) if "localhost/turno:latest" in each["names"]
        ]
        return round(float(image["size"].split()[0]) * 1_000_000) if "MB" in image["size"] else 10**12

    @contextmanager
    def root(self) -> Iterator[Path]:
        """Its files."""
        container = self.buildah("from", "localhost/turno").strip()
        yield Path(self.buildah("mount", container).strip())
        self.buildah("rm", container)


RUN = """
set -e
root=$1 socket=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o uid=10001,gid=10001,mode=0750 tmpfs "$root/var/lib/turno"
touch "$root/tmp/.s.PGSQL.5432"
mount --bind "$socket" "$root/tmp/.s.PGSQL.5432"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec=10001:10001 --groups= "$root" "$@"
"""
"""A container without a container engine: a root that cannot be written, a user without privileges, and two places to write.
The network is the machine's, and so is PostgreSQL's socket."""


def command(root: Path, config: dict[str, Any], socket: Path, environ: dict[str, str], *arguments: str) -> list[str]:
    """The command that runs the image with these arguments, or with its own, as its configuration says."""
    told = config["config"]
    assert told["User"] == f"{USER}:{USER}"
    named = dict(line.split("=", 1) for line in told["Env"]) | environ
    inside = [
        "/usr/bin/env",
        "-i",
        f"--chdir={told['WorkingDir']}",
        *(f"{name}={value}" for name, value in named.items()),
    ]
    inside += [*told["Entrypoint"], *(arguments or told["Cmd"])]
    return ["unshare", "--mount", "--fork", "--kill-child=TERM", "sh", "-c", RUN, "sh", str(root), str(socket), *inside]
