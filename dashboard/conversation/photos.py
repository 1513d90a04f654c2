"""Photos of customers, for those who may read what customers write."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from core.store.files.photos_shared import keeping
from core.store.staff import audit, conversations
from dashboard import masks
from dashboard.guard import allowed, current
from dashboard.window import Window

JPEG = b"\xff\xd8\xff"


def add_to(blueprint: Blueprint, window: Window) -> None:
    kept = window.tools.photos or keeping(window.settings, window.db)

    @blueprint.get("/photos/<int(max=9223372036854775807):id>")
    @allowed(masks.READS_TEXT)
    def photo(id: int) -> Response:
        """As it was kept: a JPEG of our own making, which a browser must take for nothing else."""
        with window.db.transaction() as tx:
            found = conversations.photo(tx, id, desks=current().desk_list)
            picture = kept.get(found.sha256) if found else None
            if found is None or picture is None or not picture.startswith(JPEG):
                abort(404, "There is no such photo, or its time is over.")
            subject = f"photo:{id} conversation:{found.conversation_id}"
            audit.note(tx, who=current().email, did="saw a photo", subject=subject, desk=found.desk)
        return Response(picture, mimetype="image/jpeg", headers={"Content-Disposition": "inline; filename=photo.jpg"})
