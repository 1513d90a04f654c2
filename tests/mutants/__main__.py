"""`python -m tests.mutants [how they begin]`: every mutant, and which live. Goes on where it was stopped."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from core.store import embedded
from tests.mutants import forked, targets
from tests.mutants.forked import GREEN, HUNG, RED, Started, Witness
from tests.mutants.targets import NEAR_THE_PATH, ROOT, Mutant

VAR = ROOT / "var" / "mutants"
TRIED = VAR / "tried.jsonl"
"""The outcomes of this run, until it is whole."""
NOTICED = VAR / "noticed.json"
"""Mutant → the test that noticed it last, which is asked first the next time."""
LIVING = Path(__file__).parent / "living.toml"
RUNNER = Path(__file__).parent / "forked.py"
DOCS = ROOT / "docs" / "reliability.md"
Named = tuple[str, forked.Work]
Ended = tuple[str, str, str, str]
"""Its name, its outcome, the test that noticed, and by what."""


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    options.add_argument("only", nargs="*", help="only mutants whose name begins with one of these")
    options.add_argument("--jobs", type=int, default=2, help="how many at once")
    options.add_argument("--list", action="store_true", help="name them, and run nothing")
    asked = options.parse_args()
    mutants = targets.every(tuple(asked.only))
    if asked.list:
        print("\n".join(mutant.name for mutant in mutants))
        return 0
    VAR.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server below ends with us
    with tempfile.TemporaryDirectory(prefix="turno-mutants-") as folder, embedded.running(Path(folder)) as url:
        assert all(ended[1] == GREEN for ended in _run([("template", lambda _: forked.make_template(url))], 1))
        living = _tried(mutants, url, asked.jobs)
    if not asked.only:
        TRIED.unlink(missing_ok=True)
    return _judge(mutants, living, whole=not asked.only)


def _tried(mutants: list[Mutant], url: str, jobs: int) -> list[Mutant]:
    """The mutants that live. A mutant that died before this run was stopped is not tried again; one that lived is."""
    dead = {line["key"] for line in targets.read_lines(TRIED) if line["outcome"] in (RED, HUNG)}
    left = [mutant for mutant in mutants if mutant.key not in dead]
    living = _phase(url, jobs, [mutant for mutant in left if mutant.is_code])
    forked.warm_up(targets.TESTS["core/store/sql"])
    return living + _phase(url, jobs, [mutant for mutant in left if not mutant.is_code])


def _phase(url: str, jobs: int, mutants: list[Mutant]) -> list[Mutant]:
    by_name = {mutant.name: mutant for mutant in mutants}
    ran = cache(lambda: _recorded(url, jobs))
    living = []
    noticed: dict[str, str] = json.loads(NOTICED.read_text("utf-8")) if NOTICED.exists() else {}
    work = ((m.name, _trial(url, m, ran, noticed.get(m.name, ""))) for m in mutants)
    for name, outcome, by, why in _run(work, jobs):
        with TRIED.open("a", encoding="utf-8") as file:
            tried = {"key": by_name[name].key, "name": name, "outcome": outcome, "by": by, "why": why}
            file.write(json.dumps(tried, ensure_ascii=False) + "\n")
        if outcome == GREEN:
            living.append(by_name[name])
            print(f"lives: {name}", flush=True)
        elif by:
            noticed[name] = by
            NOTICED.write_text(json.dumps(noticed, ensure_ascii=False, indent=1), encoding="utf-8")
    return living


def _trial(url: str, mutant: Mutant, ran: Callable[[], dict[str, dict[str, float]]], noticed: str) -> forked.Work:
    stages = targets.tests_for(mutant, ran, noticed)
    return lambda witness: forked.run_mutant(url, mutant, stages, witness)  # what no test runs lives


def _run(work: Iterable[Named], jobs: int) -> Iterator[Ended]:
    """So many at once, each in a process of its own, as they end."""
    under_way: dict[int, tuple[str, Started]] = {}
    queue = iter(work)
    while True:
        while len(under_way) < jobs and (following := next(queue, None)):
            started = forked.start(following[1])
            under_way[started.pid] = (following[0], started)
        if not under_way:
            return
        pid, status = os.wait()
        if pid in under_way:
            name, started = under_way.pop(pid)
            by, why = started.noticed()
            yield name, forked.outcome(status, why), by, why


def _recorded(url: str, jobs: int) -> dict[str, dict[str, float]]:
    """Block → the tests that run it → their seconds; every one of them is green without a mutant."""
    files = [f"tests/integration/{name}" for name in NEAR_THE_PATH if not _is_recorded(name)]
    ended = _run(((file, _recording(url, file)) for file in files), jobs)
    reds = [f"{name}: {outcome} {by} {why}" for name, outcome, by, why in ended if outcome != GREEN]
    if reds:
        raise SystemExit(f"red without any mutant: {', '.join(reds)}")
    blocks: dict[str, dict[str, float]] = {}
    for path in VAR.glob("ran-*.json"):
        for block, tests in json.loads(path.read_text("utf-8")).items():
            blocks.setdefault(block, {}).update(tests)
    return blocks


def _is_recorded(name: str) -> bool:
    record = VAR / f"ran-{Path(name).stem}.json"
    return record.exists() and record.stat().st_mtime > max(
        file.stat().st_mtime for file in (ROOT / "tests/integration" / name, RUNNER)
    )


def _recording(url: str, file: str) -> forked.Work:
    def record(witness: Witness) -> int:
        recorder = forked.Recorder()
        recorder.watch()
        code = forked.run_tests(url, [file], recorder, witness)
        ran = {name: {test: recorder.took_s[test] for test in tests} for name, tests in recorder.ran.items()}
        if code == 0:
            (VAR / f"ran-{Path(file).stem}.json").write_text(json.dumps(ran), encoding="utf-8")
        return code

    return record


def _scores() -> list[tuple[int, int]]:
    """How many die of how many, by what the page tells; the share may only rise."""
    found = re.findall(r"\*\*(\d+) of (\d+) mutants", DOCS.read_text("utf-8"))
    return [(int(died), int(every)) for died, every in found]


def _judge(mutants: list[Mutant], living: list[Mutant], *, whole: bool) -> int:
    """1 when one lives that `living.toml` gives no reason for, or when a reason there is for one that died."""
    known: dict[str, str] = tomllib.loads(LIVING.read_text("utf-8"))
    names = {mutant.name for mutant in living}
    died = len(mutants) - len(living)
    wrong = [f"lives, and no test notices: {name}" for name in sorted(names - known.keys())]
    if whole:
        wrong += [f"died: take its reason out: {name}" for name in sorted(known.keys() - names)]
        lower = [(before, every) for before, every in _scores() if died * every < before * len(mutants)]
        wrong += [f"{DOCS.name} tells of {before} of {every} that die" for before, every in lower]
    print(f"{died} of {len(mutants)} mutants die")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
