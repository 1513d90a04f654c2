"""`desk new`, `check`, `list`, `show` and `apply`: a desk from nothing to an answer, and what is refused on the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import desks
from bot.__main__ import main
from core.store.staff import audit
from core.store.staff.audit import Filter
from tests.integration.crew import NUMBER, Rooms, text

BAKERS = "100000000000009"


@pytest.fixture
def folder(rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of desks with the bakery that `desk new` writes."""
    monkeypatch.setenv("DATABASE_URL", rooms.db.url)
    monkeypatch.setenv("DESKS_FOLDER", str(tmp_path))
    assert main(["desk", "new", "bakery"]) == 0
    yield tmp_path
    desks.forget_folder(tmp_path)


def change(path: Path, old: str, new: str) -> Path:
    written = path.read_text(encoding="utf-8")
    assert old in written
    path.write_text(written.replace(old, new), encoding="utf-8")
    return path


def demo(folder: Path) -> str:
    return str(folder / "bakery" / "demo.toml")


def audited(rooms: Rooms) -> list[tuple[str, str, str]]:
    with rooms.db.transaction() as tx:
        return [(row.did, row.subject, row.why) for row in audit.page(tx, Filter(), before=None, most=9)]


def test_a_new_desk_is_whole_and_answers_at_once(
    rooms: Rooms, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["desk", "check", "bakery"]) == 0
    assert main(["desk", "apply", demo(folder)]) == 0
    for turn, said in enumerate(["hola", "quiero hacer un pedido", "dos tortas", "sí"]):
        rooms.hear(text(said, wamid=f"b{turn}"), number=BAKERS)
        rooms.work()
    said = "\n".join(rooms.said())
    assert "Soy el asistente de Bakery" in said and "¿Qué te gustaría pedir?" in said and "*dos tortas*" in said
    assert "Tu pedido es el" in said
    assert [row.summary for row in rooms.ask("select summary from tickets")] == ["dos tortas"]
    assert main(["desk", "list"]) == 0 and main(["desk", "show", "bakery"]) == 0
    told = capsys.readouterr().out
    assert "bakery       es en    bakery" in told and f"whatsapp {BAKERS}" in told
    assert "settings.surveys = False" in told


def test_a_dry_run_tells_and_changes_nothing_and_the_run_is_audited_once(
    rooms: Rooms, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["desk", "apply", demo(folder), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "bakery: would change\n  + desk bakery (Bakery)\n" in told and f"  + whatsapp {BAKERS}" in told
    assert rooms.ask("select id from desks where id = 'bakery'") == [] and audited(rooms) == []
    assert main(["desk", "apply", demo(folder), "--why", "we open"]) == 0
    assert main(["desk", "apply", demo(folder)]) == 0
    assert "bakery: nothing changes" in capsys.readouterr().out
    [(did, subject, why)] = audited(rooms)
    assert (did, subject) == ("put a desk in place", "desk:bakery") and why.startswith("we open; + desk bakery")
    change(folder / "bakery" / "demo.toml", "surveys = false", "surveys = true")
    assert main(["desk", "apply", demo(folder)]) == 0
    assert "  ~ settings.surveys: False → True" in capsys.readouterr().out


LINES = "".join(f'\n[[desks.survey_questions]]\nnumber = {n}\ntext = "¿Bien?"\nshort = "Bien"\n' for n in (1, 7))
REFUSED = {
    "number": ((f'"{BAKERS}"', f'"{NUMBER}"'), f"whatsapp {NUMBER} is a number of the desk field-service"),
    "setting": (("surveys", "survey"), "demo.toml:3: settings: survey: no such setting; did you mean surveys?"),
    "line": (("surveys = false", "surveys = false" + LINES), "demo.toml:19: survey_questions: number: must be 1 to 6"),
    "zone": (("America/Mexico_City", "America/Mexico"), "timezone: there is no 'America/Mexico'"),
    "menu": (('menu = "bakery"', 'menu = "bakry"'), "menu: no desk that is loaded has the menu 'bakry'"),
    "language": (('language = "es"', 'language = "xx"'), "language: 'xx' is not spoken here"),
    "key": (("name =", "nam ="), "demo.toml:3: nam: no such thing; did you mean name?"),
    "toml": (("menu =", "menu"), "demo.toml:8: "),
}


@pytest.mark.parametrize("how", REFUSED)
def test_bad_business_data_is_refused_whole(
    how: str, rooms: Rooms, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (old, new), why = REFUSED[how]
    file = folder.parent / f"{folder.name}-{how}" / "demo.toml"
    file.parent.mkdir()
    file.write_text((folder / "bakery" / "demo.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["desk", "apply", str(change(file, old, new))]) == 2
    assert why in capsys.readouterr().err
    assert rooms.ask("select id from desks where id = 'bakery'") == [] and audited(rooms) == []


def test_two_who_apply_at_once_make_one_desk(rooms: Rooms, folder: Path) -> None:
    command = [sys.executable, "-m", "bot", "desk", "apply", demo(folder)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(audited(rooms)) == 1
    assert len(rooms.ask("select 1 from channels where desk_id = 'bakery'")) == 2


def test_names_that_cannot_be_a_desk_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [main(["desk", "new", name]) for name in ("bakery", "field", "Big Bakery", "../x")] == [2, 2, 2, 2]
    assert main(["desk", "check", "nobody"]) == 2 and main(["desk", "show", "nobody"]) == 2
    assert main(["desk", "apply", "nowhere.toml"]) == 2
    told = capsys.readouterr().err
    assert "there is a desk bakery already" in told and "nowhere.toml cannot be read" in told


def test_desk_check_tells_of_a_setting_that_is_stored_and_misspelt(
    rooms: Rooms, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["desk", "apply", demo(folder)]) == 0
    rooms.ask("""update desks set settings = '{"survey": false}' where id = 'bakery'""")
    assert main(["desk", "check", "bakery"]) == 1
    assert "bakery: settings: survey: no such setting; did you mean surveys?" in capsys.readouterr().out


def test_desk_check_asks_each_panel_of_the_database_and_names_the_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder / "bakery" / "panels" / "10-orders.sql", "replace(status", "replace(state")
    why = 'desk bakery: panels/10-orders.sql:6: the database says: Column "state" does not exist'
    assert main(["desk", "check", "bakery"]) == 1
    assert why in (told := capsys.readouterr().out) and "— mend the SELECT" in told
    assert main(["desk", "check", "bakery", "--offline"]) == 0
    assert main(["desk", "apply", demo(folder)]) == 2
    told = capsys.readouterr().err
    assert why in told and "nothing was changed" in told


def test_desk_check_stops_a_panel_that_takes_too_long_or_wants_to_write(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    panels = folder / "bakery" / "panels"
    (panels / "20-slow.sql").write_text(
        "-- title: Slow\nselect count(*) as big from generate_series(1, 1000000000)", encoding="utf-8"
    )
    (panels / "30-writes.sql").write_text("-- title: Writes\nselect nextval('public.inbox_id_seq')", encoding="utf-8")
    monkeypatch.setenv("PANEL_TIMEOUT_S", "0.2")
    assert main(["desk", "check", "bakery"]) == 1
    told = capsys.readouterr().out
    assert "panels/20-slow.sql:1: the database says: It took longer than 0.2 s" in told
    assert "panels/30-writes.sql:" in told and "10-orders" not in told


def test_desk_check_reads_each_utterance_as_it_is_labelled(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder / "bakery" / "utterances" / "orders.toml", '"quiero hablar', '"quisiera hablar')
    assert main(["desk", "check", "bakery", "--offline"]) == 0
    change(folder / "bakery" / "utterances" / "orders.toml", 'intent = "person"', 'intent = "order"')
    assert main(["desk", "check", "bakery", "--offline"]) == 1
    told = capsys.readouterr().out
    assert "utterances/orders.toml:7: 'quisiera hablar con una persona' is read as 'person'" in told
    assert "labelled 'order': mend its words or its label" in told


TOO_MANY = """
def breads(standing):
    return [Option(f"b{n}", f"Bread {n}") for n in range(11)]


TRIED_ON = {"breads": lambda: [({}, {})]}
"""


def test_desk_check_tries_what_a_state_may_offer_on_every_channel(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = folder / "bakery" / "flows" / "bakery.py"
    change(flow, 'options=("order", "consult_tickets")', 'offers="breads"')
    change(
        flow, "from bot.script.forms import Form", "from bot.script.forms import Form\nfrom core.messages import Option"
    )
    flow.write_text(flow.read_text(encoding="utf-8") + TOO_MANY, encoding="utf-8")
    for language in ("es", "en"):
        phrases = folder / "bakery" / "phrases" / language / "bakery.toml"
        change(phrases, "[titles]", '[titles]\nlist = "Breads"')
    assert desks.refresh() == ["bakery"]
    assert main(["desk", "check", "bakery", "--offline"]) == 1
    told = capsys.readouterr().out
    assert "11 rows, must be 1 to 10 (whatsapp) — offer fewer" in told and "(web)" not in told
