"""The SQL console: analysts and admins run one SELECT under a role that owns nothing.

A link brings SQL to the page; only a form that was sent from it runs anything.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answered

from core.panels.sql_text import BadSql, typed_select
from core.rows import Rows
from core.store.asking import console
from core.store.asking.confined import Confined, url_of
from core.store.asking.question import Unanswered
from core.store.staff import audit
from dashboard import forms, widgets
from dashboard.answers import say
from dashboard.boards.exports import FORMATS
from dashboard.console import panel_writing
from dashboard.console.asking import FILE, Asking, Found, Wanting
from dashboard.guard import allowed, current
from dashboard.widgets import Frame, Unfit, table
from dashboard.window import Link, Window

LONGEST, LONGEST_NAME = 20_000, 80
FIELD = "p_"
"""Before the name of a parameter, in the form."""


def add_to(blueprint: Blueprint, window: Window) -> None:
    settings = window.settings
    url = url_of(settings.console_database_url.get_secret_value(), window.db.url)
    pages = _Pages(window, Asking(window, Confined(url, at_once=settings.console_at_once)))
    window.links.append(Link("SQL console", "window.console", "analyst", "house"))

    @blueprint.get("/console")
    @allowed("analyst")
    def console() -> str:
        return pages.brought()

    @blueprint.post("/console")
    @allowed("analyst")
    def console_act() -> Response | Answered:
        return pages.act()

    @blueprint.get("/console/queries/<int:id>.sql")
    @allowed("analyst")
    def console_panel(id: int) -> Response:
        return pages.panel(id)

    @blueprint.post("/console/queries/<int:id>/forget")
    @allowed("analyst")
    def console_forget(id: int) -> Answered:
        return pages.forget(id)


class _Pages:
    def __init__(self, window: Window, asking: Asking):
        self._window, self._asking = window, asking

    def brought(self) -> str:
        """Prefill the editor with SQL from a link, the history or a saved query. Nothing is run."""
        saved, asked = (request.args.get(name, type=int) for name in ("query", "again"))
        name, sql = "", request.args.get("sql", "")[:LONGEST]
        with self._window.db.transaction() as tx:
            if saved is not None:
                row = console.saved_one(tx, current().id, saved) or abort(404, "There is no such query, or no longer.")
                name, sql = row.name, row.sql
            elif asked is not None:
                run = console.asked(tx, current().id, asked) or abort(404, "This is not in your history any more.")
                sql = run.sql
        return self._page(sql, name=name)

    def act(self) -> Response | Answered:
        sql, did = forms.text("sql", most=LONGEST).replace("\r\n", "\n"), request.form.get("do", "run")
        if did == "save":
            return self._save(sql)
        closed = self._asking.closed()
        if closed:
            return make_response(self._page(sql, closed=closed), 503)
        try:
            if did in FORMATS:
                return self._file(sql, did)
            ask = self._asking.explain if did == "explain" else self._asking.run
            found = ask(current(), sql, _values())
        except (Wanting, BadSql, Unanswered) as problem:
            found = Found(problem=str(problem))
        return make_response(self._page(sql, found=found, closed=[]), 422 if found.problem else 200)

    def _file(self, sql: str, kind: str) -> Response:
        file = self._asking.file(current(), sql, _values(), kind)
        cut = f"-first-{file.rows}-rows" if file.cut else ""
        name = f"console-{self._window.clock.now():%Y%m%d-%H%M%S}{cut}.{kind}"
        response = send_file(file.content, mimetype=FORMATS[kind][0], as_attachment=True, download_name=name)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _save(self, sql: str) -> Answered:
        name = " ".join(forms.text("name", most=LONGEST_NAME).split())
        if not name or not sql:
            abort(400, "A saved query has a name and some SQL.")
        shared = request.form.get("shared") == "yes"
        with self._window.db.transaction() as tx:
            id = console.save(tx, current().id, name, sql, shared=shared)
            audit.note(tx, who=current().email, did="saved a query", subject=f"query:{id}", why="shared" * shared)
        say(f"“{name}” is saved.")
        return redirect(url_for("window.console", query=id), 303)

    def forget(self, id: int) -> Answered:
        with self._window.db.transaction() as tx:
            if not console.forget(tx, current().id, id):
                abort(404, "There is no such query of yours.")
            audit.note(tx, who=current().email, did="deleted a query", subject=f"query:{id}")
        say("The query is deleted.")
        return redirect(url_for("window.console"), 303)

    def panel(self, id: int) -> Response:
        """A saved query as a panel's file."""
        with self._window.db.transaction() as tx:
            row = console.saved_one(tx, current().id, id) or abort(404, "There is no such query, or no longer.")
        try:
            text = panel_writing.written(row.name, row.sql)
        except BadSql as problem:
            abort(422, f"This is not one SELECT: {problem}.")
        headers = {"Content-Disposition": f'attachment; filename="{panel_writing.file_name(row.name)}"'}
        return Response(text, content_type="application/sql; charset=utf-8", headers=headers)

    def _page(self, sql: str, *, name: str = "", found: Found | None = None, closed: list[str] | None = None) -> str:
        with self._window.db.transaction() as tx:
            views, saved, history = console.views(tx), *(
                read(tx, current().id) for read in (console.saved, console.history)
            )  # fmt: skip
        return render_template(
            "console.html",
            sql=sql,
            name=name or request.form.get("name", ""),
            closed=self._asking.closed() if closed is None else closed,
            parameters=_parameters(sql),
            given=_values(),
            found=found,
            drawn=self._drawn(found.rows) if found and found.rows is not None else "",
            views=views,
            saved=saved,
            history=history,
            files=list(FORMATS),
            most=FILE.rows,
        )

    def _drawn(self, rows: Rows) -> Markup:
        """As its columns ask for, and the rows below when that is not a table."""
        frame = Frame(id="answer", title="The answer", now=self._window.clock.now(), empty="No rows.")
        plain = Rows(rows.columns, rows.kinds, rows.rows)
        chosen = widgets.choose(plain)
        try:
            drawn = widgets.draw(plain, frame, chosen)
        except Unfit:
            return table.draw(plain, frame)
        return drawn if chosen == "table" or not plain else drawn + table.draw(plain, frame)


def _values() -> dict[str, str]:
    return {name.removeprefix(FIELD): value for name, value in request.form.items() if name.startswith(FIELD)}


def _parameters(sql: str) -> list[str]:
    """The names that want a field of their own."""
    try:
        return sorted(typed_select(sql).names)
    except BadSql:
        return []
