// One line of the conversation.

import { el, svg } from "./look/el.js";
import { formatted, jumbo } from "./look/text.js";
import { photo } from "./look/viewer.js";
import { t } from "./words.js";

const hour = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
const CHECK = [["path", { d: "M1 6.5l3 3L10 3" }]];
const TWICE = [...CHECK, ["path", { d: "M7.5 8.9l.8.6L14.5 3" }]];

// ✓ it is there, ✓✓ it took effect, and blue when something was said after it.
function mark(state) {
  if (state === "waiting") return el("span", { class: "clock", role: "img", "aria-label": t("waiting") });
  const drawn = svg("0 0 16 12", state === "sent" ? CHECK : TWICE, `ticks ${state}`);
  drawn.removeAttribute("aria-hidden");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", t(state));
  return drawn;
}

export function remark(turn, state) {
  turn.querySelector(".meta > :is(.ticks, .clock)")?.replaceWith(mark(state));
}

function words(text) {
  const faces = jumbo(text);
  return el("div", { class: faces ? "words jumbo" : "words", "data-faces": faces || undefined }, formatted(text));
}

// Described by its caption. A picture that cannot be had leaves nothing broken behind.
function shownPhoto(line) {
  const made = photo(line.photo, line.text || t("photo"), { open: t("open_photo"), close: t("close") });
  made.querySelector("img").addEventListener("error", () => made.remove());
  return made;
}

export function bubble(line, { first, press }) {
  const ours = line.who === "user";
  const bare = line.photo && !line.text && line.progress === undefined;
  const body = el("div", { class: bare ? "bubble bare" : "bubble" },
    line.photo && shownPhoto(line),
    line.kind === "image" && !line.photo && (ours || !line.text) && el("div", { class: "shown" }, "📷"),
    line.text && words(line.text),
    line.progress !== undefined && el("progress", { max: 1, value: line.progress, "aria-label": t("sending_photo") }),
    el("span", { class: "meta" }, el("time", { datetime: line.ts }, hour(line.ts)), ours && mark(line.state ?? line.delivery ?? "sent")));
  const presses = (line.buttons ?? []).map((button) =>
    el("button", { class: "press", type: "button", "data-value": button.value, onclick: () => press(button) }, button.label));
  for (const way of line.ways ?? []) {
    presses.push(el("a", { class: "press", href: way.url, target: "_blank", rel: "noopener noreferrer" }, way.label));
  }
  const cls = ["turn", ours && "ours", first && "first", presses.length && "pressable"].filter(Boolean).join(" ");
  return el("article", { class: cls, "data-id": line.messageId ?? line.id ?? "", "aria-label": ours ? t("you") : undefined }, body, presses);
}

export const notice = (text, button) => el("p", { class: "hint" }, text, button && " ", button);
