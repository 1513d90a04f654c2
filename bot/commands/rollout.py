"""`rollout`: a new version beside the one before: begin, widen, judge, back, done."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from bot.commands import rollout_database, rollout_prometheus
from bot.commands.naming import add_by, who
from bot.commands.opening import open_database, open_settings
from bot.commands.rollout_verdict import CODES, Figures, Verdict, judge
from bot.commands.site import Site, Wrong
from core.store import rollouts
from core.store.db import Tx
from core.store.staff import audit

AFTER_S = 60.0
"""A conversation that is closed for silence is over only a little later."""
Act = Callable[[Tx, argparse.Namespace], str]


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "rollout", help="let a new version take a share of the conversations, each of them whole"
    )
    acts = parser.add_subparsers(required=True, metavar="act")
    _add_begin(acts)
    share = _add_act(acts, "share", "the new version takes so many of a hundred from now on", _share)
    share.add_argument("percent", type=float)
    _add_act(acts, "back", "the new version takes nothing any more; the one before goes on with all of it", _back)
    _add_act(acts, "done", "the rollout is over: the new version is the only one", _done)
    acts.add_parser("show", help="how the rollout stands").set_defaults(run=_show)
    _add_judge(acts)


def _add_begin(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    begin = _add_act(acts, "begin", "a version takes a share of the conversations that begin from now on", _begin)
    begin.add_argument("version", help="as `turno --version` of the new code says")
    begin.add_argument("--share", type=float, default=1.0, dest="percent", help="of a hundred (default 1)")
    begin.add_argument(
        "--conversation", type=int, action="append", default=[], help="and this conversation; repeatable"
    )


def _add_act(
    acts: argparse._SubParsersAction[argparse.ArgumentParser], name: str, sentence: str, act: Act
) -> argparse.ArgumentParser:
    parser = acts.add_parser(name, help=sentence)
    add_by(parser)
    parser.set_defaults(run=_run, act=act)
    return parser


def _add_judge(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = acts.add_parser("judge", help="go (0), wait (3) or back (4), and why")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--prometheus", metavar="URL", help="ask Prometheus")
    source.add_argument("--database", action="store_true", help="ask the database; run it where the disks are")
    parser.add_argument("--new", default='release="canary"', help="labels of the new version's targets")
    parser.add_argument("--baseline", default='release="stable"', help="labels of the other targets")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_judge)


def _run(chosen: argparse.Namespace) -> int:
    """One act, audited."""
    if not 0 <= getattr(chosen, "percent", 0.0) <= 100:
        print("a share is between 0 and 100")
        return 2
    db = open_database(open_settings(), name="rollout")
    try:
        with db.transaction() as tx:
            did = chosen.act(tx, chosen)
            if did:
                audit.note(tx, who=who(chosen.by), did=did, subject="rollout")
    finally:
        db.close()
    print(did or "no rollout is under way: `turno rollout begin VERSION`")
    return 0 if did else 2


def _begin(tx: Tx, chosen: argparse.Namespace) -> str:
    settings = open_settings()
    rest_s = settings.inactivity_warn_s + settings.inactivity_close_s + AFTER_S
    rollouts.begin(tx, chosen.version, share=chosen.percent, conversations=chosen.conversation, rest_s=rest_s)
    return f"began to roll out {chosen.version}: {chosen.percent:g} % of the conversations that begin"


def _share(tx: Tx, chosen: argparse.Namespace) -> str:
    return f"widened the rollout to {chosen.percent:g} %" if rollouts.widen(tx, chosen.percent) else ""


def _back(tx: Tx, _: argparse.Namespace) -> str:
    return "took the rollout back" if rollouts.withdraw(tx) else ""


def _done(tx: Tx, _: argparse.Namespace) -> str:
    return "ended the rollout" if rollouts.finish(tx) else ""


def _show(_: argparse.Namespace) -> int:
    db = open_database(open_settings(), name="rollout")
    try:
        with db.transaction() as tx:
            now = rollouts.now(tx)
    finally:
        db.close()
    if now is None:
        print("no rollout is under way: any version answers anybody")
        return 0
    takes = "nothing, it was taken back" if now.withdrawn else f"{now.share:g} % and {now.listed} conversations by name"
    print(f"{now.version} since {now.began_at:%Y-%m-%d %H:%M}, at this stage since {now.stage_at:%H:%M}: takes {takes}")
    print(f"{now.conversations} conversations were last answered by it")
    return 0


def _judge(chosen: argparse.Namespace) -> int:
    try:
        verdict = judge(_figures(chosen))
    except Wrong as problem:
        verdict = judge(Figures())
        print(problem)
    _show_verdict(verdict, as_json=chosen.json)
    return CODES[verdict.word]


def _figures(chosen: argparse.Namespace) -> Figures:
    if chosen.prometheus:
        return rollout_prometheus.figures(Site(chosen.prometheus), chosen.new, chosen.baseline)
    settings = open_settings()
    db = open_database(settings, name="rollout judge")
    try:
        return rollout_database.figures(db, settings)
    finally:
        db.close()


def _show_verdict(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(verdict.as_json))
        return
    print(verdict.word)
    for reason in verdict.reasons:
        print(f"  {reason.word:5}{reason.what}")
