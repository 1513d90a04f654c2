"""The IT help desk as a whole: what people are known to write leads to fitting steps, with nobody but the rules."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from bot.desks.it import knowledge
from bot.desks.it.flows import steps
from bot.desks.it.knowledge import PROBLEMS, STEPS, SYMPTOMS
from bot.desks.it.knowledge.entries import text_in
from core.messages import Outbound
from core.turn import TicketOpened, TimerSet
from tests.cases import Cases
from tests.unit.talk import IT_DESK, Talk

PHRASES = {
    "no me anda el teclado": ("keyboard_usb", "keyboard_usb_dead"),
    "teclado escribe solo": ("keyboard_notebook", "types_alone_notebook"),
    "teclas no funcionan": ("keyboard_notebook", "keys_dead_notebook"),
    "derrame en teclado": ("", "spill_any"),
    "mouse se mueve solo": ("mouse_usb", "mouse_moves_alone"),
    "puntero desaparecido": ("", "pointer_gone"),
    "wifi no toma clave": ("", "wifi_password"),
    "conectado sin internet": ("", "connected_no_internet"),
    "ping alto": ("", "high_ping"),
    "papel atascado": ("", "paper_jam"),
    "impresora offline": ("", "printer_offline"),
    "cartucho no reconocido": ("", "cartridge"),
    "cola de impresión trabada": ("", "print_queue"),
    "la pc no prende": ("desktop", "desktop_no_power"),
    "pantallazo azul": ("", "blue_screen"),
    "windows queda en logo": ("", "no_windows"),
    "olvidé contraseña": ("", "password"),
    "cooler no gira": ("", "fan_dead"),
    "pitidos al arrancar": ("", "beeps"),
    "líneas en pantalla": ("monitor", "lines"),
    "programa no abre": ("", "app_wont_open"),
    "no puedo abrir pdf": ("", "file_wont_open"),
    "chrome se cierra": ("", "browser_crash"),
    "carpeta compartida no abre": ("", "shared_folder"),
    "vpn no conecta": ("", "vpn"),
    "equipo fuera del dominio": ("", "domain"),
    "pc infectada": ("", "virus"),
    "archivos cifrados": ("", "ransomware"),
    "ventanas emergentes": ("", "popups"),
    "cuenta hackeada": ("", "hacked"),
    "docker no inicia": ("", "docker"),
    "endpoint 500": ("", "server_500"),
    "no anda nada": ("", "nothing_works"),
    "re tildada": ("", "freezes"),
    "prende y apaga": ("", "on_and_off"),
    "lentísima": ("", "slow"),
    "mi compu no prende": ("notebook", "notebook_no_power"),
    "mi impresora no imprime": ("", "printer_no_print"),
    "el mouse no responde": ("mouse_wireless", "mouse_wireless_dead"),
    "mi smart tv no se conecta al wifi": ("", "tv_no_wifi"),
    "no me nada el teclado": ("keyboard_wireless", "keyboard_wireless_dead"),
    "no funca la kompu": ("desktop", "computer_not_working"),
    "no funka el rauter": ("", "router_broken"),
    "copiar y pegar": ("", "clipboard"),
    "se reinicia": ("", "restarts"),
    "disco con sectores": ("", "disk_error"),
    "no detecta pendrive": ("", "usb_not_detected"),
    "cargador no anda": ("", "no_charge"),
}
HOW_TO = {
    "quiero instalar una impresora": "printer",
    "necesito configurar mi impresora HP": "printer",
    "cómo conecto mi fire tv stick": "fire_tv",
    "ayuda para conectar el chromecast": "chromecast",
    "necesito instalar una webcam": "webcam",
    "cómo instalo anydesk": "anydesk",
    "cómo configuro el wifi": "wifi",
}


ASKING = replace(IT_DESK, settings={**IT_DESK.settings, "consent": "ask"})
"""The same desk where the privacy notice, the language and the name are asked before help."""


def received(name: str = "Ana", language: str = "es-AR") -> Talk:
    """Somebody who has said hello."""
    talk = Talk(language, desk=IT_DESK)
    talk.session = replace(talk.session, contact_name=name)
    talk.say("hola")
    assert talk.where == "help_desk.problem"
    return talk


def shown(talk: Talk) -> list[str]:
    return steps.of_case(talk.session)


def tried(talk: Talk, times: int = 8) -> list[str]:
    """The steps that are shown to somebody whom none of them helps."""
    for _ in range(times):
        if talk.where == "diagnosis.trying":
            talk.press("persists")
    return shown(talk)


def path(problem: str) -> list[str]:
    return [*PROBLEMS[problem].basic, *PROBLEMS[problem].advanced]


@pytest.mark.parametrize(("phrase", "device", "problem"), [(p, *to) for p, to in PHRASES.items()], ids=list(PHRASES))
def test_a_problem_told_in_known_words_leads_to_its_steps(phrase: str, device: str, problem: str) -> None:
    talk = received()
    talk.say(phrase)
    if device:
        assert talk.where == "help_desk.choosing_device"
        talk.press(f"device={device}")
    assert talk.session.flow == "diagnosis"
    assert shown(talk) == path(problem)[: len(shown(talk))] != []


@pytest.mark.parametrize(("phrase", "guide"), HOW_TO.items())
def test_a_question_of_how_to_leads_to_its_guide(phrase: str, guide: str) -> None:
    talk = received()
    talk.say(phrase)
    if talk.where == "guide.choosing_system":
        talk.say("windows 11")
    assert talk.where == "guide.guiding"
    assert talk.session.notes["case"]["guide"] == guide


def test_all_steps_of_what_is_urgent_fit_one_message_of_whatsapp(each: Cases) -> None:
    def check(case: tuple[str, str]) -> None:
        problem, language = case
        assert sum(len(text_in(language, STEPS[step].plain)) + 6 for step in path(problem)) < 1900

    urgent = [problem.id for problem in PROBLEMS.values() if SYMPTOMS[problem.symptom].urgent]
    each(list(product(urgent, ("es-AR", "es-419", "en"))), check, "-".join)


def test_no_step_is_ever_shown_twice_in_a_case() -> None:
    talk = received()
    talk.say("no tengo internet")
    seen = tried(talk)
    assert len(seen) == len(set(seen)) == len(path("no_internet")) and talk.where == "escalation.confirming"
    talk.press("cancel")
    talk.say("reformular")
    talk.say("se corta el wifi")
    later = tried(talk)
    assert later and not set(later) & set(seen)


def test_the_blue_screen_invents_no_device() -> None:
    talk = received()
    talk.say("pantalla azul")
    assert "device" not in talk.session.slots


def test_a_notebook_keyboard_never_gets_the_steps_for_a_cable() -> None:
    talk = received()
    talk.say("no anda el teclado de mi notebook")
    tried(talk)
    said = " ".join(text_in("es-419", STEPS[step].plain) for step in shown(talk))
    assert "cable del teclado" not in said


def test_nada_is_no_slip_of_anda() -> None:
    talk = received()
    talk.say("mi notebook no carga")
    talk.say("nada")
    assert (talk.where, len(shown(talk))) == ("diagnosis.trying", 2)


@pytest.mark.parametrize("words", ["cosa que nadie conoce", "asdf qwer", "el perro ladra", "🙃", "' or 1=1 --"])
def test_what_is_not_of_computers_is_asked_again_and_kept_nowhere(words: str) -> None:
    talk = received()
    talk.say(words)
    assert talk.where == "help_desk.problem"
    assert not talk.session.slots


@pytest.mark.parametrize("name", ["Ana", "José Luis", "Ñandú", "O'Hara"])
def test_a_name_is_taken_and_said(name: str) -> None:
    talk = Talk("es-AR", desk=ASKING)
    for line in ("hola", "si", "español"):
        talk.say(line)
    turn = talk.say(f"me llamo {name}")
    assert talk.session.notes["visitor"]["name"] == name
    assert name in turn.replies[0].text


@pytest.mark.parametrize(
    "no_name",
    ["boludo", "😀", "x'; drop table sessions; --", "a" * 60, "impresora", "12", "buenas tardes", "uno dos tres"],
)
def test_what_is_no_name_is_asked_again(no_name: str) -> None:
    talk = Talk("es-AR", desk=ASKING)
    for line in ("hola", "si", "español"):
        talk.say(line)
    talk.say(no_name)
    assert talk.where == "reception.naming"
    assert "name" not in talk.session.notes["visitor"]


def test_after_five_tries_the_name_is_user_and_the_conversation_goes_on() -> None:
    talk = Talk("es-AR", desk=ASKING)
    for line in ("hola", "si", "español", "123", "456", "789", "000"):
        talk.say(line)
    assert talk.where == "reception.naming"
    talk.say("111")
    assert talk.where == "help_desk.problem"
    assert talk.session.notes["visitor"]["name"] == "Usuario"


def test_a_confirmation_opens_one_ticket_whose_number_has_the_day_at_the_desk() -> None:
    talk = received()
    talk.now = talk.now.replace(hour=1, minute=30)  # still the day before in Buenos Aires
    talk.say("técnico")
    turn = talk.press("confirm_ticket")
    (ticket,) = [record for record in turn.records if isinstance(record, TicketOpened)]
    assert re.fullmatch(r"TCK-20260301-[0-9A-F]{6}", ticket.number)
    [told] = turn.replies
    assert (told.kind, told.button) == ("link", "💬 Abrir WhatsApp") and "https://" not in told.text
    assert told.link.startswith("https://wa.me/5493415550199?text=") and ticket.number in told.link
    again = talk.press_again("confirm_ticket")
    assert not again.records and not again.replies


def test_personal_data_is_not_in_the_link_nor_in_the_summary() -> None:
    talk = received()
    talk.say("no me anda el mail ana.perez@example.com, mi dni es 30123456")
    talk.say("técnico")
    turn = talk.press("confirm_ticket")
    (ticket,) = [record for record in turn.records if isinstance(record, TicketOpened)]
    assert "ana.perez" not in ticket.summary and "30123456" not in ticket.summary
    told = turn.replies[0].text + turn.replies[0].link
    assert "ana.perez" not in told and "30123456" not in told


def test_the_desk_warns_nobody_and_ends_in_silence_after_its_hours() -> None:
    talk = received()
    armed = [change for turn in talk.turns for change in turn.timers if isinstance(change, TimerSet)]
    assert [timer.name for timer in armed] == ["session_end"]
    assert armed[0].rest_s == 48 * 3600
    turn = talk.timer("session_end")
    assert not turn.replies
    assert "visitor" not in talk.session.notes


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_greeting_fits_the_hour_at_the_desk(hour: int) -> None:
    talk = Talk("es-AR", desk=IT_DESK)
    talk.now = talk.now.replace(hour=hour)
    said = talk.say("hola").replies[0].text
    at_desk = (hour - 3) % 24
    expected = "¡Buen día!" if 5 <= at_desk < 12 else "¡Buenas tardes!" if 12 <= at_desk < 20 else "¡Buenas noches!"
    assert said.startswith(expected)


def test_a_region_says_it_its_own_way() -> None:
    assert "Desenchufá" in _steps("es-AR") and "Desenchufá" not in _steps("es-419")
    assert "Desenchufa " in _steps("es-419")


def _steps(language: str) -> str:
    talk = Talk(language, desk=ASKING)
    for line in ("hola", "si"):
        talk.say(line)
    talk.press("spanish_ar" if language == "es-AR" else "spanish_419")
    talk.say("Ana")
    return _text(talk.say("no tengo internet").replies)


def _text(replies: tuple[Outbound, ...]) -> str:
    return "\n".join(reply.text for reply in replies)


def test_every_common_device_is_known() -> None:
    assert [knowledge.named(name).id for name in knowledge.COMMON] == list(knowledge.COMMON)


def test_who_writes_personal_data_is_cautioned_once() -> None:
    talk = received()
    first = _text(talk.say("no tengo internet, mi clave es password=secreto123").replies)
    second = _text(talk.say("mi tarjeta es 4532-1488-0343-6467").replies)
    assert "no mandes contraseñas" in first and "no mandes contraseñas" not in second
    assert "no mandes contraseñas" not in _text(received().say("no tengo internet").replies)


def test_ten_photos_of_a_session_are_looked_at_and_no_more() -> None:
    talk = received()
    for n in range(10):
        talk.wait("1m")
        assert talk.event("image", media_id=f"m{n}", mime_type="image/jpeg").records
    talk.wait("1m")
    turn = talk.event("image", media_id="m10", mime_type="image/jpeg")
    assert not turn.records
    assert "Ya tengo 10 fotos" in _text(turn.replies)
    talk.say("técnico")
    talk.press("cancel")
    assert not talk.event("image", media_id="m11", mime_type="image/jpeg").records


def test_a_new_session_has_room_for_photos_again() -> None:
    talk = received()
    for n in range(11):
        talk.wait("1m")
        talk.event("image", media_id=f"m{n}", mime_type="image/jpeg")
    talk.timer("session_end")
    talk.say("hola")
    assert talk.event("image", media_id="again", mime_type="image/jpeg").records


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("se me cayó agua en la compu", "spill_any"),
        ("derramé mate en la notebook", "spill_notebook"),
        ("la batería está inflada", "burning"),
        ("le tiré café al mouse", "spill_any"),
    ],
)
def test_when_every_second_counts_nobody_is_asked_which_device_it_is(told: str, problem: str) -> None:
    talk = received()
    turn = talk.say(told)
    assert talk.where == "diagnosis.advised"
    assert shown(talk) == path(problem)
    assert "⚠️" in _text(turn.replies)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("la tele anda re lenta", "tv_slow"),
        ("el router se reinicia solo", "router_restarts"),
        ("la impresora hace ruido", "printer_noise"),
        ("mi smart tv no se escucha", "tv_no_sound"),
        ("el chromecast se tilda", "chromecast_freezes"),
        ("mi celular se calienta", "phone_trouble"),
    ],
)
def test_the_steps_fit_the_device_that_was_named(told: str, problem: str) -> None:
    talk = received()
    talk.say(told)
    assert tried(talk) == path(problem)


@pytest.mark.parametrize("told", ["Marta, y no me anda la impresora", "Marta. No imprime mi impresora"])
def test_a_name_and_a_problem_in_one_breath_are_both_taken(told: str) -> None:
    talk = Talk("es-AR", desk=ASKING)
    for line in ("hola", "si", "español", told):
        talk.say(line)
    assert talk.session.notes["visitor"]["name"] == "Marta"
    assert talk.where == "diagnosis.trying"


@pytest.mark.parametrize(
    "told", ["Perdón, no me anda la impresora", "Mirá, no imprime mi impresora", "Hola, mi compu no prende"]
)
def test_what_leads_to_a_problem_is_no_name(told: str) -> None:
    talk = Talk("es-AR", desk=ASKING)
    for line in ("hola", "si", "español", told):
        talk.say(line)
    assert talk.where == "reception.naming"
    assert "Ya anoté lo que pasa" in talk.turns[-1].replies[0].text
