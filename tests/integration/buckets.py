"""An S3-compatible storage over real HTTP, which checks every signature, and one that only makes trouble."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import boto3
import requests
from pydantic import SecretStr

from core.settings import Settings

SERVE = (
    "import sys; from moto.server import ThreadedMotoServer as S; s = S('127.0.0.1', 0, verbose=False); s.start();"
    "print(s.get_host_and_port()[1], flush=True); sys.stdin.read(); s.stop()"
)
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
BUCKET = "turno-photos"


class Storage:
    """Ends with its standard input, so that it outlives nobody."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self.access_key, self.secret_key = self._make_key()
        self.s3 = self._client("s3", self.access_key, self.secret_key)
        self.s3.create_bucket(Bucket=BUCKET)
        # from here on, whoever shows no good signature is refused
        requests.post(f"{self.url}/moto-api/reset-auth", data="0", timeout=30).raise_for_status()

    def settings(self, **more: Any) -> Settings:
        return Settings.model_validate({
            "photos_store": "s3", "s3_endpoint": self.url, "s3_bucket": BUCKET, "s3_timeout_s": 60,
            "s3_access_key": self.access_key, "s3_secret_key": self.secret_key, **more,
        })  # fmt: skip

    def chosen(self) -> dict[str, Any]:
        """The same for settings that are copied."""
        return {
            "photos_store": "s3", "s3_endpoint": self.url, "s3_bucket": BUCKET, "s3_timeout_s": 60.0,
            "s3_access_key": SecretStr(self.access_key), "s3_secret_key": SecretStr(self.secret_key),
        }  # fmt: skip

    def names(self) -> list[str]:
        """What lies there, as another client sees it."""
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def empty(self) -> None:
        for name in self.names():
            self.s3.delete_object(Bucket=BUCKET, Key=name)

    def stop(self) -> None:
        self._process.communicate()

    def _make_key(self) -> tuple[str, str]:
        iam = self._client("iam", "first", "first")
        iam.create_user(UserName="turno")
        iam.put_user_policy(UserName="turno", PolicyName="all", PolicyDocument=POLICY)
        key = iam.create_access_key(UserName="turno")["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def _client(self, service: str, access_key: str, secret_key: str) -> Any:
        return boto3.client(
            service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
        )  # fmt: skip


class Troublesome:
    """Listens, and does with each connection whatever it was told."""

    def __init__(self, *talks: Callable[[socket.socket], None]):
        self._talks, self._listener = list(talks), socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            talk = self._talks[min(self.connections, len(self._talks) - 1)]
            self.connections += 1
            threading.Thread(target=_hold, args=(peer, talk), daemon=True).start()


def _hold(peer: socket.socket, talk: Callable[[socket.socket], None]) -> None:
    with peer:
        try:
            talk(peer)
        except OSError:
            return  # the caller has left


def silent(peer: socket.socket) -> None:
    """Takes everything and says nothing, until the caller leaves."""
    while peer.recv(65_536):
        pass


def trickling(peer: socket.socket) -> None:
    """Answers a byte now and then: no single wait is long."""
    peer.recv(65_536)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    pause = threading.Event()
    while True:
        peer.sendall(b"x")
        pause.wait(0.02)


def hanging_up(peer: socket.socket) -> None:
    """Hears the request and closes, as a server does whose patience with a kept connection was over."""
    peer.recv(65_536)


def answering(body: bytes) -> Callable[[socket.socket], None]:
    def talk(peer: socket.socket) -> None:
        peer.recv(65_536)
        peer.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    return talk
