"""The composition root of the web processes: `gunicorn wsgi:app`.

Nothing connects here: a connection must not be shared by the processes that are forked from this one.
"""

from __future__ import annotations

from core import crashpoints, telemetry
from core import settings as environment
from core.bell import Bell
from core.store import embedded
from core.store.db import Database
from webhook import create_app
from webhook.door import Door
from webhook.meta import FastLane, Meta

settings = environment.load()
telemetry.configure(settings)
crashpoints.arm(settings.turno_crash_at)
url = embedded.url_for(settings)
db = Database(url, pool=settings.database_pool, timeout_s=settings.commit_timeout_s, name="turno web")
meta = Meta(Door(db, Bell(url), most=settings.accept_group), settings)
app = FastLane(create_app(meta, db, settings), meta)
