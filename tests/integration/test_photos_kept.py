"""Photos are kept for our own eyes, and not longer than promised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.errands.media_keeping import PhotoKeeper
from core.store.db import Database
from core.store.files.photos import Folder
from tests.integration.studio import LABEL, Studio
from tests.pictures import wall, written


def test_photos_go_when_their_time_is_over(studio: Studio) -> None:
    studio.show(LABEL)
    studio.show(written(wall()), media_id="78")
    studio.look()
    old, new = studio.rooms.ask("select sha256 from photos order by id")
    studio.rooms.ask("update photos set stored_at = now() - interval '8 days' where sha256 = %(name)s", name=old.sha256)
    keeper = PhotoKeeper(studio.rooms.db, studio.rooms.ear, studio.folder, studio.settings())
    keeper.run_once()
    assert studio.folder.get(old.sha256) is None
    assert studio.folder.get(new.sha256) is not None
    assert [row.sha256 for row in studio.rooms.ask("select sha256 from photos")] == [new.sha256]


def test_a_file_that_lost_its_row_is_swept_away_and_a_fresh_one_is_not(db: Database, tmp_path: Path) -> None:
    from core.store.files import photos

    def unnamed(names: Any) -> Any:
        with db.transaction() as tx:
            return photos.unnamed(tx, names)

    fresh, old = Folder(tmp_path), Folder(tmp_path, grace_s=0)
    name = fresh.put(LABEL)
    assert fresh.put(LABEL) == name
    assert fresh.sweep(unnamed) == 0
    assert old.sweep(unnamed) == 1
    assert fresh.get(name) is None


def test_photos_are_for_our_own_user_only_and_have_no_other_names(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "photos")
    name = folder.put(LABEL)
    [place] = (tmp_path / "photos").glob("*/*")
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0
    assert (tmp_path / "photos").stat().st_mode & 0o077 == 0
    for other in ("", "../../etc/passwd", name[:-1], name.upper() + "/"):
        assert folder.get(other) is None
