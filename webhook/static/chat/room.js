// What one sees: the head, the conversation, and where one writes. It decides nothing.

import { el, svg } from "./look/el.js";
import { bubble, notice } from "./bubbles.js";
import { t } from "./words.js";

const SEND = [["path", { d: "M5 12L4 4l17 8-17 8 1-8zM5 12h8" }]];
const CAMERA = [["path", { d: "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z" }]];
const AGAIN = [["path", { d: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4" }]];
const icon = (shapes) => svg("0 0 24 24", shapes, "icon");

export class Room {
  constructor(place, name, acts) {
    this.acts = acts;
    this.last = "";
    this.status = el("small", { role: "status" }, t("online"));
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": t("log"), tabindex: "0" });
    this.dots = el("div", { class: "turn dots", hidden: true, "aria-hidden": "true" }, el("div", { class: "bubble" }, el("i"), el("i"), el("i")));
    this.field = el("textarea", { rows: 1, maxlength: 1000, placeholder: t("write"), "aria-label": t("write"), enterkeyhint: "send", autocomplete: "off" });
    this.file = el("input", { type: "file", accept: "image/jpeg,image/png,image/gif,image/webp", hidden: true, "aria-label": t("photo") });
    this.wall = el("div", { class: "wall" }, this.log, this.dots);
    place.replaceChildren(this.#head(name), this.wall, this.#foot());
    this.#listen(place);
  }

  #head(name) {
    return el("header", {}, el("span", { class: "face", "aria-hidden": "true" }, Array.from(name)[0] ?? "T"),
      el("div", { class: "who" }, el("h1", {}, name), this.status),
      el("button", { type: "button", class: "round", title: t("restart"), "aria-label": t("restart"), onclick: () => this.acts.restart() }, icon(AGAIN)));
  }

  #foot() {
    const camera = el("button", { type: "button", class: "round", title: t("photo"), "aria-label": t("photo"), onclick: () => this.file.click() }, icon(CAMERA));
    const send = el("button", { type: "submit", class: "round send", title: t("send"), "aria-label": t("send") }, icon(SEND));
    return el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#say(); } }, camera, this.file, this.field, send);
  }

  #listen(place) {
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#say(); }
    });
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

  clear() {
    this.log.replaceChildren();
    this.last = "";
  }

  // The line as it stands; one that is there already is drawn again in its place.
  put(line) {
    const id = String(line.messageId ?? line.id ?? "");
    const there = id && this.log.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const near = this.wall.scrollHeight - this.wall.scrollTop - this.wall.clientHeight < 160;
    const drawn = bubble(line, { first: there ? there.classList.contains("first") : this.last !== line.who, press: (button) => this.acts.press(button) });
    if (there) there.replaceWith(drawn);
    else this.log.append(drawn);
    if (!there) this.last = line.who;
    this.#onlyNewestButtons();
    if (near || line.who === "user") this.#down();
  }

  // A button that is no longer asked for is seen, and cannot be pressed.
  #onlyNewestButtons() {
    const turns = [...this.log.querySelectorAll(".turn")];
    const newest = turns.findLastIndex((turn) => !turn.classList.contains("ours"));
    const answered = turns.findLastIndex((turn) => turn.classList.contains("ours"));
    turns.forEach((turn, place) => turn.querySelectorAll(".press").forEach((button) => { button.disabled = place < newest || answered > place; }));
  }

  tell(text) {
    this.log.append(notice(text));
    this.#down();
  }

  typing(on) {
    this.dots.hidden = !on;
    this.status.textContent = on ? t("typing") : t("online");
    if (on) this.#down();
  }

  connection(on) {
    this.status.textContent = on ? t("online") : t("offline");
    this.status.classList.toggle("off", !on);
  }

  #down() {
    this.wall.scrollTop = this.wall.scrollHeight;
  }
}
