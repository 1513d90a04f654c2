"""A photo, from the customer's phone to the answer: every way it may go, through a real server and a real process."""

from __future__ import annotations

import pytest

from core import bell
from tests.integration.crew import text
from tests.integration.files import endless, failing, trickle
from tests.integration.staff import signed_in
from tests.integration.studio import LABEL, Studio
from tests.pictures import HEIC, SCRIPT, SVG, blurred, bomb_gif, bomb_png, wall, written


def test_a_barcode_on_a_photo_finds_the_refrigerator(studio: Studio) -> None:
    studio.show(LABEL)
    assert "viendo tu foto" in studio.rooms.said()[-1]
    studio.look()
    result = studio.result()
    assert (result["for"], result["outcome"], result["codes"]) == ("image", "ok", ["4045101"])
    assert (result["purpose"], result["source"]) == ("code", "barcode")
    assert "VR-16" in studio.rooms.said()[-1]
    [job] = studio.rooms.ask("select * from errands")
    assert (job.state, job.attempts, job.error) == ("done", 1, None)


def test_the_photo_is_kept_and_tied_to_the_report(studio: Studio) -> None:
    studio.show(LABEL)
    studio.look()
    [before] = studio.rooms.ask("select * from report.photos")
    assert before.ticket is None
    studio.rooms.hear(text("sí", wamid="wamid.si"))
    studio.rooms.work()
    studio.rooms.hear(text("no enfría desde ayer en la noche", wamid="wamid.problem"))
    studio.rooms.work()
    [ticket] = studio.rooms.ask("select number from report.tickets")
    [kept] = studio.rooms.ask("select * from report.photos")
    assert (kept.ticket, kept.desk, kept.purpose) == (ticket.number, "field-service", "code")
    picture = studio.folder.get(kept.sha256)
    assert picture is not None and len(picture) == kept.bytes


def test_a_photo_that_comes_while_staff_hold_the_conversation_is_fetched_for_them(studio: Studio) -> None:
    ana = signed_in(studio.rooms.db, "operator", email="ana@turno.example", photos_folder=str(studio.path))
    page = "/admin/conversations/1"
    ana.post(f"{page}/take_over", on=page)
    studio.rooms.work()
    said = studio.rooms.said()
    studio.show(LABEL)
    studio.look()
    assert studio.rooms.said() == said, "the bot is silent"
    assert '<img class="photo" src="/admin/photos/1"' in ana.get(page).text
    assert ana.get("/admin/photos/1").mimetype == "image/jpeg"


def test_a_photo_of_a_report_that_was_cancelled_belongs_to_none(studio: Studio) -> None:
    studio.show(LABEL)
    studio.look()
    for turn, said in enumerate(["cancelar", "refrigerador", "4045101", "sí", "no enfría desde ayer en la noche"]):
        studio.rooms.hear(text(said, wamid=f"wamid.again{turn}"))
        studio.rooms.work()
    assert len(studio.rooms.ask("select number from report.tickets")) == 1
    assert [row.ticket for row in studio.rooms.ask("select ticket from report.photos")] == [None]


@pytest.mark.parametrize(
    ("content", "outcome", "said"),
    [
        pytest.param(blurred(), "blurred", "borrosa", id="blurred"),
        pytest.param(written(wall()), "no_text", "No encontré el código", id="nothing to read"),
        pytest.param(written(wall(64, 48), quality=5), "too_small", "muy pequeña", id="tiny"),
        pytest.param(SCRIPT, "wrong_kind", "No puedo abrir", id="a script"),
        pytest.param(SVG, "wrong_kind", "No puedo abrir", id="an svg"),
        pytest.param(HEIC, "wrong_kind", "No puedo abrir", id="a heic"),
        pytest.param(LABEL[:9000], "wrong_kind", "No puedo abrir", id="half a jpeg"),
        pytest.param(bomb_png(), "too_large", "demasiado grande", id="a bomb"),
        pytest.param(bomb_gif(), "too_large", "demasiado grande", id="a gif bomb"),
    ],
)
def test_what_cannot_be_read_gets_an_answer_of_its_own(studio: Studio, content: bytes, outcome: str, said: str) -> None:
    studio.show(content)
    studio.look()
    assert studio.result()["outcome"] == outcome
    assert any(said in each for each in studio.rooms.said()[-2:])


def test_a_download_that_never_ends_is_cut_and_told(studio: Studio) -> None:
    studio.show(LABEL, serve=endless, file_size=1_000_000)
    studio.look(studio.worker(media_image_bytes=200_000))
    assert studio.result()["outcome"] == "too_large"


def test_a_trickle_is_tried_again_and_then_given_up_on_time(studio: Studio) -> None:
    studio.show(LABEL, serve=trickle)
    studio.look(studio.worker(media_download_s=0.2))
    assert studio.result()["outcome"] == "timed_out"
    [job] = studio.rooms.ask("select * from errands")
    assert (job.state, job.attempts) == ("failed", 3)
    assert studio.files.files["77"].places == 3


def test_a_server_that_recovers_costs_a_try(studio: Studio) -> None:
    studio.show(LABEL, serve=failing(503, times=1))
    studio.look()
    assert studio.result()["codes"] == ["4045101"]
    [job] = studio.rooms.ask("select * from errands")
    assert (job.state, job.attempts) == ("done", 2)


def test_no_further_try_begins_when_the_customer_has_waited_long_enough(studio: Studio) -> None:
    studio.show(LABEL, serve=failing(503))
    studio.rooms.ask("update errands set wanted_at = now() - interval '49 seconds'")
    studio.look()
    assert studio.result()["outcome"] == "failed"
    assert studio.files.files["77"].places == 1


def test_a_job_that_keeps_killing_its_workers_is_given_up(studio: Studio) -> None:
    studio.show(LABEL)
    studio.rooms.ask("update errands set attempts = 3")
    studio.look()
    assert studio.result()["outcome"] == "timed_out"
    assert studio.files.asked == []


def test_a_photo_that_takes_too_long_to_look_into_is_ended(studio: Studio) -> None:
    studio.show(LABEL)
    studio.look(studio.worker(media_look_s=0.01))
    assert studio.result()["outcome"] == "timed_out"


def test_whoever_lost_the_lease_says_nothing(studio: Studio) -> None:
    studio.show(LABEL)
    slow, quick = studio.worker(), studio.worker()
    assert slow.run_once() == 1
    while not slow.told:
        studio.rooms.ear.wait(bell.ERRANDS, 1)
    studio.rooms.ask("update errands set leased_until = '-infinity'")
    studio.look(quick)
    slow.run_once()
    assert slow.under_way == 0
    assert studio.result()["codes"] == ["4045101"]
    assert len(studio.rooms.ask("select 1 from photos")) == 1


def test_two_workers_never_take_the_same_job(studio: Studio) -> None:
    for number in range(3):
        studio.show(LABEL, media_id=str(number))
    one, other = studio.worker(media_size=2), studio.worker(media_size=4)
    assert (one.run_once(), other.run_once()) == (2, 1)


def test_the_lease_of_a_try_under_way_is_kept(studio: Studio) -> None:
    studio.show(LABEL, serve=trickle)
    worker = studio.worker(media_lease_s=30)
    worker.run_once()
    studio.rooms.ask("update errands set leased_until = now()")
    worker.run_once()
    assert studio.rooms.ask("select leased_until > now() + interval '20 seconds' as kept from errands")[0].kept
    studio.files.close()


def test_the_report_tells_how_an_errand_stands(studio: Studio) -> None:
    """Wanted, taken by a worker, given back by one that was too slow, and done: as those who watch from outside see it."""

    def stands() -> tuple[str, str, str, str, int]:
        [row] = studio.rooms.ask("select desk, service, what, state, attempts, key from report.errands")
        assert row.key == studio.rooms.ask("select 'event:' || event_id as key from errands")[0].key
        return row.desk, row.service, row.what, row.state, row.attempts

    studio.show(LABEL)
    assert stands() == ("field-service", "photo", "code", "waiting", 0)
    studio.rooms.ask("update errands set lease_token = 1, attempts = 1, leased_until = now() + interval '1 minute'")
    assert stands() == ("field-service", "photo", "code", "claimed", 1)
    studio.rooms.ask("update errands set leased_until = now()")
    assert stands() == ("field-service", "photo", "code", "waiting", 1)
    studio.look()
    assert stands() == ("field-service", "photo", "code", "done", 2)
    [told] = studio.rooms.ask(
        "select e.done_at is not null as done from report.errands e join inbox i on i.external_id = 'errand:' || e.id"
    )
    assert told.done
