"""The composition root of the web processes: `gunicorn wsgi:app`.

Nothing connects here: a connection must not be shared by the processes that are forked from this one.
"""

from __future__ import annotations

from core import crashpoints, presence, telemetry
from core import settings as environment
from core.bell import Bell
from core.heartbeat import Heartbeat
from core.presence import Present
from core.resolver import Resolver
from core.store import embedded
from core.store.db import Database
from core.telemetry import log
from dashboard import Tools, create_window
from webhook import aside, create_app, webchat
from webhook.door import Door
from webhook.meta import Meta
from webhook.webchat import page, public
from webhook.webchat.greeting import Greet, nobody


def lent() -> tuple[Greet, Present, Tools]:
    """What the engine passes to the chat and the window: greetings, presence, flow maps, dry runs. If it does not load, the webhook
    still opens."""
    try:
        from bot import channels, desks
        from bot.workers.dry_run_process import try_apart
        from bot.workers.greeting import Greeter
        from bot.workers.house import open_desks
        from bot.workers.presence import Presences

        open_desks(settings)
    except Exception as error:
        log.error("window.without_mind", error=type(error).__name__, exc_info=True)
        return nobody, presence.nobody, Tools(photos=kept)
    tools = Tools(
        photos=kept,
        diagrams=desks.diagrams(),
        channels=channels.reaches(settings),
        places=desks.places,
        bookable=desks.bookable,
        panels=desks.panels,
        try_out=lambda event_id: try_apart(url, settings, event_id),
    )
    return Greeter(chat_db, settings).greet, Presences(chat_db).of, tools


settings = environment.load()
telemetry.configure(settings)
crashpoints.arm(settings.turno_crash_at)
url = embedded.url_for(settings)
db = Database(url, pool=settings.database_pool, timeout_s=settings.commit_timeout_s, name="turno web")
door = Door(db, Bell(url), resolver=Resolver(db, settings), most=settings.accept_group)
meta = Meta(door, settings)
heartbeat = Heartbeat(db, "web", every_s=settings.heartbeat_s, log_level=settings.log_level, folders=settings.folders)
"""Started by the server in each of its processes, after they were forked."""
web = create_app(meta, db, settings)
# The chat has connections of its own: those who wait for an answer, and those who count hits, keep nobody from the door.
chat_db = Database(url, pool=settings.webchat_pool, timeout_s=settings.commit_timeout_s, name="turno chat")
# So has the window: however many pages wait for the database, the door does not wait for them.
window_db = Database(url, pool=settings.window_pool, timeout_s=settings.window_timeout_s, name="turno window")
kept = aside.photos(settings, window_db)
greet, present, tools = lent()
chat = webchat.open_chat(chat_db, door, settings, greet, present)
web.register_blueprint(webchat.blueprint(chat))
web.register_blueprint(page.blueprint(chat_db, settings))
web.register_blueprint(public.blueprint(chat))
web.register_blueprint(create_window(window_db, settings, tools))
app = web
