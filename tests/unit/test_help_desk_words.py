"""What people are known to answer at the IT help desk, place by place: each of these words does what it is meant to."""

from __future__ import annotations

import pytest

from bot.desks.it.understanding.words import IT
from bot.nlu.message import Message
from tests.unit.talk import Talk
from tests.unit.test_help_desk import ASKING, received

TYPOS = {
    "computadora": "komputer komputadora computador",
    "compu": "kompu",
    "pantalla": "pamtaya panatya panatlla pantaya pantalya",
    "enciende": "enziende ensiende",
    "prende": "prrende",
    "apaga": "apgaa",
    "conecta": "konekta konecta",
    "internet": "internt internett",
    "wifi": "wif wi-fi",
    "bluetooth": "bluetut blutuz",
    "imagen": "imajen",
    "cargador": "cargadoor",
    "teclado": "teclaco tekado teclao",
    "mouse": "mause mose",
    "cursor": "crusor",
    "notebook": "notbuk",
    "impresora": "inpresora impreora impesora",
    "router": "rauter",
    "modem": "moden",
    "funciona": "funsiona fuciona funcioa funca funka",
    "trabado": "trabbado",
    "error": "errr erorr",
    "senal": "señaal senyal",
    "instalar": "installar",
    "software": "sofware",
    "demasiado": "demaciado",
    "avisar": "abissar",
    "reinicio": "reinisio reincio",
    "disco": "idisco dico disce discl dksco",
    "rigido": "rogido rigidokno irgido",
    "cuando": "cunado cuendo",
    "windows": "windos winodws",
    "won't": "wont",
    "doesn't": "doesnt",
    "can't": "cant",
    "screen": "screan",
    "keyboard": "keybord",
    "battery": "batery",
    "charger": "chager",
    "noise": "noize",
    "browser": "browzer",
    "networks": "netwroks",
}
DEVICES = {
    "computer": "pc",
    "desktop": "escritorio|gabinete|torre|cpu",
    "notebook": "notebook|laptop|portátil|netbook|ultrabook",
    "router": "router|módem|ont|internet|wifi|red|conexión",
    "printing": "impresora|printer|hp|epson|brother|canon",
    "monitor": "monitor",
    "screen": "pantalla|display",
    "hdd": "disco|rígido|hdd",
    "ssd": "ssd",
    "storage": "unidad",
    "keyboard": "teclado",
    "mouse": "mouse|ratón",
    "audio": "audio|sonido|parlante|auricular",
    "microphone": "micrófono",
    "webcam": "cámara|webcam",
    "charger": "batería",
    "gpu": "placa de video|gpu",
    "port": "puerto hdmi|vga|dp|usb-c",
    "fire_tv": "fire tv",
    "chromecast": "chromecast",
    "samsung_tv": "samsung tv",
    "smart_tv": "smart tv",
}
"""Which device, by the words for it."""
PROBLEMS = {
    "no_power": "no enciende|no prende|no arranca",
    "not_working": "no funca|no anda|no funciona|no va|no sirve",
    "no_windows": "no entra a windows|no inicia",
    "no_image": "sin imagen|pantalla negra|no da imagen",
    "no_internet": "sin internet|no conecta|no hay señal",
    "no_wifi": "sin wifi",
    "cuts_out": "se corta internet",
    "slow": "lento|va pesado",
    "freezes": "trabado|tildado|congelado",
    "no_charge": "no carga|batería muerta|cargador no anda",
    "noise": "ruido|ventilador|cooler|zumbido",
    "usb_not_detected": "no detecta usb|no detecta pendrive",
    "restarts": "se reinicia|loop de reinicio",
    "heat": "caliente|sobrecalienta",
    "disk_error": "disco con error|sectores|error smart",
    "clipboard": "copiar y pegar|portapapeles",
}
"""Which symptom, by the words for it."""
ANGER = (
    "esto no sirve|no sirve para nada|qué porquería|estoy cansado de esto|me cansé de esto|ya probé todo|"
    "sigo igual|no me ayuda|no ayuda"
)
PERSON = "técnico|hablar con un técnico|técnico humano|humano|persona real|alguien de soporte|someone"


def arriving(*lines: str) -> Talk:
    talk = Talk("es-AR", desk=ASKING)
    for line in lines:
        talk.say(line)
    return talk


@pytest.mark.parametrize("yes", "sí|si|acepto|aceptar|ok|dale|de acuerdo|yes|agree".split("|"))
def test_who_agrees_is_asked_for_a_language(yes: str) -> None:
    assert arriving("hola", yes).where == "reception.choosing_language"


@pytest.mark.parametrize("no", "no acepto|no|rechazo|decline".split("|"))
def test_who_does_not_agree_is_let_go_with_an_address(no: str) -> None:
    talk = arriving("hola", no)
    assert talk.where == "reception.declined"
    assert "ayuda@mesaclara.example" in talk.turns[-1].replies[0].text
    assert "visitor" not in talk.session.notes


@pytest.mark.parametrize(("word", "language"), [("español", "es-AR"), ("english", "en"), ("español latino", "es-419")])
def test_a_language_is_chosen_by_its_name(word: str, language: str) -> None:
    talk = arriving("hola", "si", word)
    assert (talk.where, talk.session.language) == ("reception.naming", language)


@pytest.mark.parametrize("unclear", ["quizás", "🙂", "mañana te digo"])
def test_what_is_no_answer_to_the_notice_has_it_asked_again(unclear: str) -> None:
    assert arriving("hola", unclear).where == "reception.consenting"


@pytest.mark.parametrize("answer", ["prefiero no decir", "omití mi nombre", "sin nombre"])
def test_nobody_has_to_tell_a_name(answer: str) -> None:
    talk = arriving("hola", "si", "español", answer)
    assert (talk.where, talk.session.notes["visitor"]["name"]) == ("help_desk.problem", "")


@pytest.mark.parametrize("word", PERSON.split("|"))
@pytest.mark.parametrize("before", [(), ("no tengo internet",), ("quiero instalar una webcam",)])
def test_a_technician_is_called_wherever_one_is_asked_for(word: str, before: tuple[str, ...]) -> None:
    talk = received()
    for line in (*before, word):
        talk.say(line)
    assert talk.where == "escalation.confirming"


@pytest.mark.parametrize(
    "word", "menú principal|reiniciar|empezar de nuevo|volver al inicio|reformular|cambiar problema".split("|")
)
def test_who_starts_again_keeps_the_name(word: str) -> None:
    talk = received()
    talk.say("no tengo internet")
    talk.say(word)
    assert (talk.where, talk.session.notes["visitor"]["name"]) == ("help_desk.problem", "Ana")


@pytest.mark.parametrize("words", ANGER.split("|"))
def test_anger_is_met_softly_and_with_a_technician(words: str) -> None:
    talk = received()
    assert "frustrante" in talk.say(words).replies[0].text
    assert (talk.where, talk.session.slots) == ("help_desk.problem", {})
    talk.say("sí")
    assert talk.where == "escalation.confirming"


NOTHING_WORKS = "no funciona nada"


def test_anger_that_tells_a_problem_is_met_softly_and_with_its_steps() -> None:
    talk = received()
    assert "frustrante" in talk.say(NOTHING_WORKS).replies[0].text
    assert (talk.where, talk.session.slots["symptom"].value) == ("diagnosis.trying", "nothing_works")


@pytest.mark.parametrize("words", [*ANGER.split("|"), NOTHING_WORKS])
def test_anger_in_the_midst_of_steps_leads_towards_a_technician(words: str) -> None:
    talk = received()
    talk.say("no tengo internet")
    talk.say(words)
    assert talk.where == "diagnosis.stuck"


@pytest.mark.parametrize(("meant", "written"), [(meant, w) for meant, all in TYPOS.items() for w in all.split()])
def test_a_known_slip_is_read_as_what_was_meant(meant: str, written: str) -> None:
    assert meant in Message.of(written, IT).words


@pytest.mark.parametrize("word", "nada|no pasa nada|nada de nada".split("|"))
def test_nothing_is_no_slip_of_anything(word: str) -> None:
    assert "nada" in Message.of(word, IT).words


def by_word(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(word, meant) for meant, words in table.items() for word in words.split("|")]


@pytest.mark.parametrize(("word", "device"), by_word(DEVICES))
def test_a_device_is_known_by_its_word(word: str, device: str) -> None:
    talk = received()
    talk.say(word)
    assert talk.session.slots["device"].value == device


@pytest.mark.parametrize(("words", "symptom"), by_word(PROBLEMS))
def test_a_problem_is_known_by_its_words(words: str, symptom: str) -> None:
    talk = received()
    talk.say(words)
    assert talk.session.slots["symptom"].value == symptom


@pytest.mark.parametrize("aside", ["windows 10", "hp", "gracias"])
def test_a_word_aside_does_not_leave_what_is_being_looked_at(aside: str) -> None:
    talk = received()
    talk.say("no imprime mi impresora")
    talk.say(aside)
    assert (talk.where, talk.session.slots["device"].value) == ("diagnosis.trying", "printing")


def test_yes_to_the_steps_says_that_it_works_again() -> None:
    talk = received()
    talk.say("no imprime mi impresora")
    talk.say("sí")
    assert talk.where == "diagnosis.fixed"
