// One line of the conversation.

import { el, svg } from "./look/el.js";
import { formatted } from "./look/text.js";
import { t } from "./words.js";

const hour = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
const CHECK = [["path", { d: "M1 6.5l3 3L10 3" }]];
const TWICE = [...CHECK, ["path", { d: "M7.5 8.9l.8.6L14.5 3" }]];

function mark(state) {
  if (state === "waiting") return el("span", { class: "clock", role: "img", "aria-label": t("waiting") });
  const drawn = svg("0 0 16 12", state === "read" ? TWICE : CHECK, `ticks ${state}`);
  drawn.removeAttribute("aria-hidden");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", t(state));
  return drawn;
}

export function bubble(line, { first, press }) {
  const ours = line.who === "user";
  const bare = line.photo && !line.text && line.progress === undefined;
  const body = el("div", { class: bare ? "bubble bare" : "bubble" },
    line.photo && el("img", { class: "photo", src: line.photo, alt: t("photo") }),
    line.kind === "image" && !line.photo && el("div", { class: "shown" }, "📷"),
    line.text && el("div", { class: "words" }, formatted(line.text)),
    line.progress !== undefined && el("progress", { max: 1, value: line.progress, "aria-label": t("sending_photo") }),
    el("span", { class: "meta" }, el("time", { datetime: line.ts }, hour(line.ts)), ours && mark(line.state ?? "sent")));
  const presses = (line.buttons ?? []).map((button) =>
    el("button", { class: "press", type: "button", "data-value": button.value, onclick: () => press(button) }, button.label));
  for (const way of line.ways ?? []) {
    presses.push(el("a", { class: "press", href: way.url, target: "_blank", rel: "noopener noreferrer" }, way.label));
  }
  const cls = ["turn", ours && "ours", first && "first", presses.length && "pressable"].filter(Boolean).join(" ");
  return el("article", { class: cls, "data-id": line.messageId ?? line.id ?? "", "aria-label": ours ? t("you") : undefined }, body, presses);
}

export const notice = (text) => el("p", { class: "hint" }, text);
