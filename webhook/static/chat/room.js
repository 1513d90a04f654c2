// What one sees: the head, the conversation, and where one writes. It decides nothing.

import { el, svg } from "./look/el.js";
import { bubble, notice, remark } from "./bubbles.js";
import { close, framed } from "./frame.js";
import { told } from "./presence.js";
import { t } from "./words.js";

const SEND = [["path", { d: "M5 12L4 4l17 8-17 8 1-8zM5 12h8" }]];
const CAMERA = [["path", { d: "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z" }]];
const AGAIN = [["path", { d: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4" }]];
const CROSS = [["path", { d: "M6 6l12 12M18 6L6 18" }]];
const icon = (shapes) => svg("0 0 24 24", shapes, "icon");
const round = (key, shapes, act) => el("button", { type: "button", class: "round", "data-says": key, onclick: act }, icon(shapes));
const TOUCH = matchMedia("(pointer: coarse)");

export class Room {
  constructor(place, name, acts) {
    Object.assign(this, { place, name, acts, last: "", connected: true, busy: false, presence: null });
    this.status = el("small", { role: "status" });
    this.strip = el("p", { class: "strip", role: "status", hidden: true });
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    this.dots = el("div", { class: "turn dots", hidden: true, "aria-hidden": "true" }, el("div", { class: "bubble" }, el("i"), el("i"), el("i")));
    this.field = el("textarea", { rows: 1, maxlength: 1000, enterkeyhint: "send", autocomplete: "off" });
    this.file = el("input", { type: "file", accept: "image/jpeg,image/png,image/gif,image/webp", hidden: true });
    this.wall = el("div", { class: "wall" }, this.log, this.dots);
    place.replaceChildren(this.#head(), this.strip, this.wall, this.#foot());
    this.#listen(place);
    this.relabel();
  }

  // Everything that the page itself says, in the language of now. Nothing moves, so the focus and the place stay.
  relabel() {
    for (const [part, key] of [[this.log, "log"], [this.field, "write"], [this.file, "photo"]]) part.setAttribute("aria-label", t(key));
    for (const button of this.place.querySelectorAll("[data-says]")) {
      button.title = t(button.dataset.says);
      button.setAttribute("aria-label", button.title);
    }
    this.field.placeholder = t("write");
    this.strip.textContent = t("offline_long");
    this.#tellStatus();
  }

  #head() {
    return el("header", {}, el("span", { class: "face", "aria-hidden": "true" }, Array.from(this.name)[0] ?? "T"),
      el("div", { class: "who" }, el("h1", {}, this.name), this.status),
      round("restart", AGAIN, () => this.acts.restart()), framed && round("close_chat", CROSS, close));
  }

  #foot() {
    const send = el("button", { type: "submit", class: "round send", "data-says": "send" }, icon(SEND));
    const camera = round("send_photo", CAMERA, () => this.file.click());
    return el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#say(); } }, camera, this.file, this.field, send);
  }

  #listen(place) {
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#say(); }
    });
    place.addEventListener("keydown", () => this.log.classList.remove("quietly"));
    this.field.addEventListener("input", () => this.#grow());
    this.file.addEventListener("change", () => { this.#show(this.file.files); this.file.value = ""; });
    this.field.addEventListener("paste", (event) => this.#show(event.clipboardData?.files));
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.dataset.drop = t("drop"); });
    place.addEventListener("dragleave", () => delete place.dataset.drop);
    place.addEventListener("drop", (event) => { event.preventDefault(); delete place.dataset.drop; this.#show(event.dataTransfer?.files); });
  }

  #say() {
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = "";
    this.#grow();
    this.acts.say(text);
  }

  #show(files) {
    for (const file of files ?? []) if (file.type.startsWith("image/")) this.acts.show(file);
  }

  #grow() {
    this.field.rows = Math.min(5, this.field.value.split("\n").length);
  }

  // Where one writes; on a phone the keyboard stays down until the field is touched.
  focus() {
    this.log.classList.add("quietly"); // no frame around the conversation that nobody reached by a key
    (TOUCH.matches ? this.log : this.field).focus({ preventScroll: true });
  }

  clear() {
    this.log.replaceChildren();
    this.last = "";
  }

  // The line as it stands; one that is there already is drawn again in its place.
  put(line) {
    const id = String(line.messageId ?? line.id ?? "");
    const there = id && this.log.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const near = this.wall.scrollHeight - this.wall.scrollTop - this.wall.clientHeight < 160;
    const drawn = bubble(line, { first: there ? there.classList.contains("first") : this.last !== line.who, press: (button) => this.#press(button) });
    if (there) there.replaceWith(drawn);
    else this.log.append(drawn);
    if (!there) this.last = line.who;
    if (line.who !== "user") this.#markRead(drawn);
    this.#onlyNewestButtons();
    if (near || line.who === "user") this.#down();
  }

  #press(button) {
    this.acts.press(button);
    this.focus();
  }

  // What stands above an answer was read.
  #markRead(answer) {
    const turns = [...this.log.querySelectorAll(".turn")];
    turns.slice(0, turns.indexOf(answer)).filter((turn) => turn.matches(".ours:has(.ticks:not(.read))")).forEach((turn) => remark(turn, "read"));
  }

  // A button that is no longer asked for is seen, and cannot be pressed.
  #onlyNewestButtons() {
    const turns = [...this.log.querySelectorAll(".turn")];
    const newest = turns.findLastIndex((turn) => !turn.classList.contains("ours"));
    const answered = turns.findLastIndex((turn) => turn.classList.contains("ours"));
    turns.forEach((turn, place) => turn.querySelectorAll("button.press").forEach((button) => { button.disabled = place < newest || answered > place; }));
  }

  tell(text) {
    this.log.append(notice(text));
    this.#down();
  }

  // A note at the top, with one thing to press.
  offer(text, label, act) {
    this.log.querySelector(".offer")?.remove();
    const made = notice(text, el("button", { type: "button", class: "undo", onclick: act }, label));
    made.classList.add("offer");
    this.log.prepend(made);
  }

  typing(on) {
    this.busy = on;
    this.#tellStatus();
    if (on && this.connected) this.#down();
  }

  connection(on) {
    this.connected = on;
    this.#tellStatus();
  }

  present(presence) {
    this.presence = presence;
    this.#tellStatus();
  }

  // One line tells how it stands: the connection first, then what the desk does, then when people are there.
  #tellStatus() {
    const said = !this.connected ? t("offline") : this.busy ? t("typing") : told(this.presence);
    if (this.status.textContent !== said) this.status.textContent = said;
    this.status.title = said;
    this.status.classList.toggle("off", !this.connected);
    this.strip.hidden = this.connected;
    this.dots.hidden = !(this.busy && this.connected);
  }

  #down() {
    this.wall.scrollTop = this.wall.scrollHeight;
  }
}
