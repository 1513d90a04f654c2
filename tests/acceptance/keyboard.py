"""Somebody who uses a page by its keyboard alone, and what must be true wherever they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FARTHEST = 40
"""More presses than there are stops: fields for a date, and boxes that scroll, take some of their own."""

LOOK = """(back) => {
  const wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.type !== "hidden");
  wanted.forEach((one, at) => { one.dataset.at = at; });
  globalThis.stops = [];
  let last = null;
  const frames = new Map(), boxes = [undefined];
  /** What sticks, and what scrolls, around something. */
  const frame = (one) => {
    if (!one || one === document.documentElement) return { sticks: false };
    if (!frames.has(one)) {
      const { position, overflowY } = getComputedStyle(one), outer = frame(one.parentElement);
      const box = overflowY !== "visible" && one.scrollHeight > one.clientHeight ? one : outer.box;
      frames.set(one, { sticks: outer.sticks || position === "sticky" || position === "fixed", box });
    }
    return frames.get(one);
  };
  const place = (one, { left, top, right, bottom }) => {
    const { sticks } = frame(one), { box } = frame(one.parentElement);
    if (!boxes.includes(box)) boxes.push(box);
    const x = scrollX, y = scrollY, inner = box?.scrollTop ?? 0;
    return sticks ? null : { box: boxes.indexOf(box), left: left + x, top: top + y, right: right + x, bottom: bottom + y, inner };
  };
  const cover = (one, { left, top, right, bottom }) => {
    const up = Math.max(top, 0), down = Math.min(bottom, innerHeight), from = Math.max(left, 0), to = Math.min(right, innerWidth);
    if (up >= down || from >= to) return "the edge of the screen";
    const hit = document.elementFromPoint(from + Math.min((to - from) / 2, 20), (up + down) / 2);
    return !hit || one.contains(hit) || hit.contains(one) ? null : hit.outerHTML.slice(0, 120);
  };
  globalThis.look = () => {
    const one = document.activeElement;
    if (one === last || one === document.body) return;
    last = one;
    const style = getComputedStyle(one);
    const box = [...one.getClientRects()].find((each) => each.width && each.height) ?? one.getBoundingClientRect();
    stops.push({ at: one.dataset.at ?? null, html: one.outerHTML.slice(0, 120), place: place(one, box), cover: cover(one, box),
      seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 });
  };
  globalThis.looking ??= document.addEventListener("keydown", () => look(), true) ?? true;
  (back ? wanted.at(-1) : wanted[0])?.focus();
  return wanted.length;
}"""
"""A stop is looked at when it is left, or at the end: the page has scrolled to it by then."""
LOOKED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => { look(); done(stops); })))"""
STILL = """() => Object.defineProperty(document, "hidden", { configurable: true, get: () => true })"""
UNFOLD = """() => { for (const one of document.querySelectorAll("details")) one.open = true; }"""


@dataclass(frozen=True, slots=True)
class Walk:
    """All stops of one way through a page, and how many there should have been."""

    wanted: int
    stops: list[dict[str, Any]]

    def problems(self) -> list[str]:
        unseen = [f"no outline: {stop['html']}" for stop in self.stops if not stop["seen"]]
        covered = [f"covered: {stop['html']} by {stop['cover']}" for stop in self.stops if stop["cover"]]
        return [*self._unreached(), *unseen, *covered]

    def _unreached(self) -> list[str]:
        missing = self.wanted - len({stop["at"] for stop in self.stops} - {None})
        last = self.stops[-1]["html"] if self.stops else "nothing at all"
        return [f"{missing} of {self.wanted} not reached; the last was {last}"] if missing else []

    def jumps(self) -> list[str]:
        """Where it goes back to something above that does not stand to the right, in another column."""
        pairs = zip(self.stops, self.stops[1:], strict=False)
        return [f"back from {one['html']} to {other['html']}" for one, other in pairs if _back(one, other)]


def _back(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if not one["place"] or not other["place"] or other["at"] == "0":
        return False
    here, there = one["place"], other["place"]
    scrolled = there["inner"] - here["inner"] if here["box"] == there["box"] else 0
    return bool(there["bottom"] + scrolled <= here["top"] + 2 and there["left"] < here["right"] - 4)


def walk(page: Any, *, back: bool = False) -> Walk:
    """From one end to the other, until everything was reached or it is plain that something is not."""
    wanted = page.evaluate(LOOK, back)
    stops: list[dict[str, Any]] = page.evaluate(LOOKED)
    left, most = wanted - len(stops), 2 * wanted + FARTHEST
    while left > 0 and most > 0:
        _hold_tab(page, left, back=back)
        most -= left
        stops = page.evaluate(LOOKED)
        left = wanted - len({stop["at"] for stop in stops} - {None})
    return Walk(wanted, [_slowly(page, stops, at, back) if stop["cover"] else stop for at, stop in enumerate(stops)])


def _hold_tab(page: Any, times: int, *, back: bool) -> None:
    """Hold the key down until it has come so often: a key that goes up between costs the browser half as much again."""
    held = ["Shift"] if back else []
    for key in held:
        page.keyboard.down(key)
    for _ in range(times):
        page.keyboard.down("Tab")
    for key in ("Tab", *held):
        page.keyboard.up(key)


def _slowly(page: Any, stops: list[dict[str, Any]], at: int, back: bool) -> dict[str, Any]:
    """Come there once more, and wait: a page may scroll a moment after its focus has moved."""
    before = next((n for n in range(at - 1, -1, -1) if stops[n]["at"]), None)
    if before is None:
        return stops[at]
    page.evaluate("at => document.querySelector(`[data-at='${at}']`).focus()", stops[before]["at"])
    for _ in range(at - before):
        page.evaluate(LOOKED)
        page.keyboard.press("Shift+Tab" if back else "Tab")
    again: dict[str, Any] = page.evaluate(LOOKED)[-1]
    return again if again["html"] == stops[at]["html"] else stops[at]


def problems(page: Any, *, back_too: bool) -> list[str]:
    """What somebody meets on the way through the page, and back to its beginning. Meanwhile it renews nothing."""
    page.evaluate(STILL)
    there = walk(page)
    found = [*there.problems(), *there.jumps()]
    return [*found, *(f"backwards: {one}" for one in walk(page, back=True).problems())] if back_too else found
