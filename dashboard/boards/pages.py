"""Pages of boards, each a set of panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answered

from core.errors import Unreachable
from core.panels.panel_file import Panel
from core.panels.parameters import BadValue
from core.store.asking.viewing import Limits, Unanswered, Viewing
from dashboard import masks
from dashboard.boards.asking import Asked, Asking, NotYours
from dashboard.boards.businesses import Businesses
from dashboard.boards.exports import FORMATS, begun
from dashboard.boards.shelf import Board, Shelf
from dashboard.boards.showing import Shown, show
from dashboard.guard import allowed, current
from dashboard.person import Staff
from dashboard.window import Link, Window

Answer = str | Answered
SHARED = ("desk", "since", "until")
RANGES = {"1h": "last hour", "6h": "last 6 hours", "24h": "last 24 hours", "7d": "last 7 days", "30d": "last 30 days"}


def add_to(blueprint: Blueprint, window: Window) -> None:
    settings = window.settings
    shelf = Shelf(live=not window.in_production, settings=settings, desks=window.tools.panels)
    viewing = Viewing(window.db.url, at_once=settings.panels_at_once, wait_s=settings.panel_timeout_s)
    limits = Limits(timeout_s=settings.panel_timeout_s, rows=settings.panel_rows)
    asking = Asking(viewing, window.clock, limits, settings.panel_keep_s)
    businesses = Businesses(window.db)
    pages = _Pages(window, shelf, asking, businesses)
    for rule, view in (
        ("/boards/", pages.first),
        ("/boards/<name>", pages.board),
        ("/panels/<board>/<slug>", pages.panel),
        ("/panels/<board>/<slug>/piece", pages.piece),
        ("/panels/<board>/<slug>.<any(csv, tsv, json):kind>", pages.export),
    ):
        blueprint.add_url_rule(rule, f"boards_{view.__name__}", allowed("viewer")(_plain(view)))
    for board in shelf.boards().values():
        window.links.append(_link(board, businesses))


def _link(board: Board, businesses: Businesses) -> Link:
    """The line of the navigation; that of a desk's board is for those who may see one of its businesses."""

    def shown(staff: Staff) -> bool:
        return not board.menu or businesses.shown_to(staff, board.menu)

    return Link(board.title, "window.boards_board", "viewer", "boards", {"name": board.name}, shown)


def _plain(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """A function of its own: what it lets in is written on it."""

    def plain(**values: str) -> Answer:
        return view(**values)

    return plain


class _Pages:
    def __init__(self, window: Window, shelf: Shelf, asking: Asking, businesses: Businesses):
        self._window, self._shelf, self._asking, self._businesses = window, shelf, asking, businesses

    def first(self) -> Answered:
        return redirect(url_for("window.boards_board", name=next(iter(self._shelf.boards()))))

    def board(self, name: str) -> str:
        """A board: its panels load themselves; with `whole`, for a browser without scripts, all are in the page."""
        board = self._shelf.boards().get(name) or abort(404)
        panels = [panel for panel in board.panels if panel.size != "page" and _may_see(panel)]
        whole = "whole" in request.args
        asked = self._asked(board)
        return render_template(
            "board.html",
            panels=panels,
            shown={panel.slug: self._show(panel, asked) for panel in panels} if whole else {},
            whole=whole,
            **self._shared(board, asked),
        )

    def piece(self, board: str, slug: str) -> str:
        """One panel's inside, for a page that is open."""
        panel = self._found(board, slug)
        asked = self._asked(self._shelf.boards()[board])
        shown = self._show(panel, asked)
        return render_template("panel_piece.html", panel=panel, shown=shown, query=_query(_kept(asked)))

    def panel(self, board: str, slug: str) -> Response:
        """One panel, large: its parameters, its SQL, and its rows as files."""
        panel = self._found(board, slug)
        asked = self._asked(self._shelf.boards()[board])
        shown = self._show(panel, asked)
        page = render_template(
            "panel.html",
            panel=panel,
            shown=shown,
            files=list(FORMATS),
            given=asked.given,
            everything=_query(asked.given),
            **self._shared(self._shelf.boards()[board], asked),
        )
        return Response(page, status=shown.status)

    def export(self, board: str, slug: str, kind: str) -> Response:
        panel = self._found(board, slug)
        content_type, lines = FORMATS[kind]
        try:
            asked = self._asked(self._shelf.boards()[board])
            found, reads = self._asking.stream(panel, asked), masks.may_read()
            batches = begun(masks.rows(batch, reads=reads) for batch in found)
        except BadValue as problem:
            abort(400, str(problem))
        except (Unanswered, Unreachable) as problem:
            abort(503, str(problem))
        name = f"{board}-{slug}-{self._window.clock.now():%Y%m%d-%H%M}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
        return Response(lines(batches), content_type=content_type, headers=headers)

    def _found(self, board: str, slug: str) -> Panel:
        panel = self._shelf.panel(board, slug)
        if panel is None:
            abort(404, "There is no such panel, or no longer.")
        if not _may_see(panel):
            abort(403, f"This panel is for the role {' or '.join(sorted(panel.roles))}.")
        return panel

    def _asked(self, board: Board) -> Asked:
        """The query of the request; on a desk's board, of that desk's businesses only."""
        asked = _asked()
        return asked.within(self._businesses.of(board.menu)) if board.menu else asked

    def _show(self, panel: Panel, asked: Asked) -> Shown:
        zone = self._asking.zone(current(), asked.given.get("desk", ""))
        diagrams, reads = self._window.tools.diagrams, masks.may_read()
        return show(panel, asked, self._asking, diagrams=diagrams, zone=zone, reads=reads)

    def _shared(self, board: Board, asked: Asked) -> dict[str, object]:
        """The filters above a board or a panel, and the parameters they keep."""
        kept = _kept(asked)
        since = kept.get("since", "24h")
        return {
            "board": board,
            "desks": [(row[0], row[1]) for row in self._asking.desks(current()).rows if self._about(board, row[0])],
            "desk": kept.get("desk", ""),
            "since": since,
            "until": kept.get("until", ""),
            "ranges": RANGES if since in RANGES else {since: f"since {since}", **RANGES},
            "query": _query(kept),
        }

    def _about(self, board: Board, desk: str) -> bool:
        return not board.menu or desk in self._businesses.of(board.menu)


def _kept(asked: Asked) -> dict[str, str]:
    """The parameters that follow the user from page to page."""
    return {name: asked.given[name] for name in SHARED if asked.given.get(name)}


def _query(kept: Mapping[str, str]) -> Markup:
    """To be put behind an address."""
    return Markup("?") + urlencode(kept) if kept else Markup("")


def _asked() -> Asked:
    given = {name: value for name, value in request.args.items() if len(value) <= 500}
    try:
        return Asked.by(current(), given)
    except NotYours:
        abort(403, "This desk is not one of yours.")


def _may_see(panel: Panel) -> bool:
    return any(current().may(role) for role in panel.roles)
