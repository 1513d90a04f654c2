"""Pictures of every question as a phone shows it: one page a language, for a person to look at before a deploy.

Values that a customer would give stand as ‹names›; what a state computes to offer is drawn once for each number of options.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from bot.script import phrases
from bot.script.check import Flows, Supposed, languages
from bot.script.flow import Flow, State
from bot.script.forms import Form
from core.limits import Limits
from core.messages import Option, Outbound, ask_location

_MARKS = (
    (re.compile(r"\*([^*\n]+)\*"), "strong"),
    (re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)"), "em"),
    (re.compile(r"~([^~\n]+)~"), "s"),
)
_STYLE = """
body { margin: 0; padding: 20px; background: var(--page); } h1 { font-size: 22px; } h2 { margin: 30px 0 8px; font-size: 18px; }
.phones { display: flex; flex-wrap: wrap; gap: 18px; align-items: flex-start; }
figure { margin: 0; width: 320px; } figcaption { margin: 0 0 6px; font-size: 13.5px; color: var(--soft); }
.screen { padding: 14px 12px; border-radius: 14px; border: 1px solid var(--line); } .screen .turn { max-width: 92%; }
.rows { margin-top: 8px; border-radius: 12px; background: var(--panel); box-shadow: var(--shadow); }
.rows div { padding: 8px 14px; border-top: 1px solid var(--line); overflow-wrap: anywhere; } .rows small { display: block; color: var(--soft); }
.wrong { margin: 6px 0 0; color: var(--danger); font-size: 13.5px; }
"""


def pages(flows: Flows, limits: Limits) -> dict[str, str]:
    """The pages, by language: every question of these flows, within the limits of one channel."""
    spoken = sorted({language for flow in flows.values() for language in languages(flow)})
    return {language: _page(flows, language, limits) for language in spoken}


def _page(flows: Flows, language: str, limits: Limits) -> str:
    told = "".join(_section(flow, language, limits) for flow in flows.values() if language in languages(flow))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n<title>{language}</title>\n'
        f'<link rel="stylesheet" href="look.css">\n<style>{_STYLE}</style>\n<h1>{language}</h1>\n{told}</html>\n'
    )


def _section(flow: Flow, language: str, limits: Limits) -> str:
    drawn = "".join(
        _figure(f"{flow.name}.{state.name}{f' · {key}' if key != state.asks else ''}", question, limits)
        for state in flow.states.values()
        for key, question in _questions(flow, state, language, limits)
    )
    return f'<h2 id="{flow.name}">{flow.name}</h2>\n<div class="phones">\n{drawn}</div>\n' if drawn else ""


def _questions(flow: Flow, state: State, language: str, limits: Limits) -> Iterator[tuple[str, Outbound]]:
    if isinstance(state.asks, Form):
        for wanted in state.asks.fields:
            body = _body(flow, language, f"ask_{wanted.slot}")
            pin = wanted.by == "location_request"
            yield f"ask_{wanted.slot}", ask_location(body) if pin else flow.put(language, body, (), limits)
    elif state.asks:
        for options in _offered(flow, state, language):
            yield state.asks, flow.put(language, _body(flow, language, state.asks), options, limits)


def _offered(flow: Flow, state: State, language: str) -> Iterator[tuple[Option, ...]]:
    """The options of a state; of those that it computes, the longest of each number."""
    samples = flow.tried_on.get(state.offers) if state.offers else None
    if samples is None:
        yield flow.options(language, state.options)
        return
    longest: dict[int, tuple[Option, ...]] = {}
    for sample in samples():
        options = flow.offered(state.name, Supposed(language, *sample))
        longest[len(options)] = max(options, longest.get(len(options), ()), key=_width)
    yield from (longest[number] for number in sorted(longest))


def _width(options: tuple[Option, ...]) -> int:
    return sum(len(option.title) for option in options)


def _body(flow: Flow, language: str, key: str) -> str:
    text = phrases.find(language, flow.name, key) or ""
    return text.format_map({name: f"‹{name}›" for name in phrases.placeholders(text)})


def _figure(name: str, question: Outbound, limits: Limits) -> str:
    wrong = "".join(f'<p class="wrong">✗ {escape(why)}</p>' for why in limits.problems(question))
    return (
        f'<figure><figcaption>{escape(name)}</figcaption><div class="screen wall"><div class="turn first pressable">'
        f'<div class="bubble"><div class="words">{formatted(question.text)}</div></div>{_pressable(question)}'
        f"</div>{_rows(question)}{wrong}</div></figure>\n"
    )


def _pressable(question: Outbound) -> str:
    titles = {
        "buttons": [option.title for option in question.options],
        "list": [f"☰ {question.button}"],
        "location_request": ["📍"],
    }.get(question.kind, [])
    return "".join(f'<div class="press">{escape(title)}</div>' for title in titles)


def _rows(question: Outbound) -> str:
    """The rows of a list, as they stand once it is open."""
    if question.kind != "list":
        return ""
    rows = (f"<div>{escape(one.title)}{_small(one.description)}</div>" for one in question.options)
    return f'<div class="rows">{"".join(rows)}</div>'


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small>" if text else ""


def formatted(text: str) -> str:
    """The text with WhatsApp's light formatting, as HTML."""
    shown = escape(text)
    for pattern, tag in _MARKS:
        shown = pattern.sub(rf"<{tag}>\1</{tag}>", shown)
    return shown
