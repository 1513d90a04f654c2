// One bubble of a chat.

import { el, icon, svg } from "./dom.js";
import { photo as opens } from "../look/viewer.js";
import { formatted, hour, jumbo, plain } from "./format.js";
import { voicePlayer } from "./voice.js";
import { t } from "./words.js";

const CHECK = "M1 6.500l3 3L10 3";
const TICKS = { sent: [CHECK], delivered: [CHECK, "M7.500 8.900l.8.600L14.500 3"], read: [CHECK, "M7.500 8.900l.8.600L14.500 3"] };

export function ticks(state) {
  const drawn = svg("0 0 16 12", TICKS[state].map((d) => ["path", { d }]), `ticks ${state}`);
  drawn.removeAttribute("aria-hidden");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", t(state));
  return drawn;
}

// acts: press(bubble, reply), list(bubble), location(bubble), find(id), jump(id)
export function turn(bubble, { first, acts }) {
  const ours = bubble.from === "customer";
  const presses = ours ? [] : pressable(bubble, acts);
  const cls = ["turn", ours && "ours", first && "first", presses.length && "pressable"].filter(Boolean).join(" ");
  return el("article", { class: cls, "data-id": bubble.id, "data-seq": bubble.seq }, body(bubble, ours, acts), reaction(bubble, acts), presses);
}

function body(bubble, ours, acts) {
  const parts = [quoted(bubble, acts), (SHOWN[bubble.kind] ?? words)(bubble)].flat().filter(Boolean);
  const bare = ["image", "video", "sticker"].includes(bubble.kind) && !bubble.text;
  const cls = ["bubble", bare && "bare", bubble.kind === "sticker" && "sticker"].filter(Boolean).join(" ");
  return el("div", { class: cls }, parts, meta(bubble, ours), reactTo(bubble, ours, acts));
}

const meta = (bubble, ours) => el("span", { class: "meta" },
  el("time", { datetime: new Date(bubble.at).toISOString() }, hour(bubble.at)), ours && ticks(bubble.tick ?? "sent"));

function words(bubble) {
  return [
    bubble.media?.kind === "image" && photo(bubble),
    bubble.header && el("div", { class: "title" }, bubble.header),
    bubble.text && said(bubble.text),
    bubble.footer && el("div", { class: "foot" }, bubble.footer),
  ];
}

function said(text) {
  const faces = jumbo(text);
  return el("div", { class: faces ? "words jumbo" : "words", "data-faces": faces || undefined }, formatted(text));
}

const photo = (bubble) => opens(safe(bubble.media.url), bubble.text || t("photo"), { open: t("open"), close: t("close") });
const sticker = (bubble) => el("img", { class: "photo", src: safe(bubble.media.url), alt: t("sticker"), loading: "lazy" });

const SHOWN = {
  image: (bubble) => [photo(bubble), ...words({ text: bubble.text })],
  sticker: (bubble) => [sticker(bubble)],
  video: (bubble) => [el("video", { class: "photo", src: safe(bubble.media.url), controls: true }), ...words({ text: bubble.text })],
  audio: (bubble) => [voicePlayer(safe(bubble.media.url), bubble.id)],
  document: (bubble) => [
    el("a", { class: "file", href: safe(bubble.media.url), target: "_blank", rel: "noopener noreferrer" }, icon("file"), bubble.media.filename || t("document")),
    ...words({ text: bubble.text }),
  ],
  location: (bubble) => [
    map(bubble.location), bubble.location.name && el("div", { class: "place" }, bubble.location.name),
    el("div", { class: "spot" }, bubble.location.address || `${Number(bubble.location.latitude).toFixed(5)}, ${Number(bubble.location.longitude).toFixed(5)}`),
  ],
  template: (bubble) => words({ ...bubble, header: `${t("template")} · ${bubble.header}` }),
  unsupported: () => [el("div", { class: "words" }, el("em", {}, t("unsupported")))],
  contacts: (bubble) => [el("div", { class: "card" }, el("span", { class: "face c5", "aria-hidden": "true" }, icon("person")),
    el("span", {}, el("b", {}, bubble.text), bubble.phone && el("small", {}, bubble.phone)))],
};

const safe = (url) => (/^(https?:|blob:|\/)/.test(url) ? url : "");

// A drawn map: streets that depend only on the place, and a pin.
function map({ latitude, longitude }) {
  const turnOf = (n) => Math.abs(Math.sin(n * 12.9898) * 43758.5453) % 1;
  const a = turnOf(latitude), b = turnOf(longitude);
  const street = (d, width) => ["path", { d, stroke: "#fff", "stroke-width": width, fill: "none" }];
  return svg("0 0 270 128", [
    ["rect", { width: 270, height: 128, fill: "#e8e4d8" }],
    ["path", { d: `M0 ${90 + 20 * a}C60 ${70 + 30 * b} 90 128 150 128H0z`, fill: "#b9dcf0" }],
    ["rect", { x: 170 + 30 * a, y: 10 + 20 * b, width: 64, height: 42, rx: 6, fill: "#c9e4be" }],
    street(`M-5 ${30 + 30 * a}L275 ${50 + 30 * b}`, 9), street(`M${60 + 40 * b} -5L${90 + 30 * a} 133`, 7),
    street(`M${170 + 30 * a} -5L${140 + 30 * b} 133`, 5), street(`M-5 ${96 - 20 * a}L275 ${98 + 10 * b}`, 4), street(`M${225 + 20 * b} -5V133`, 4),
    ["path", { d: "M135 74c-9-12-14-19-14-25a14 14 0 0 1 28 0c0 6-5 13-14 25z", fill: "#e0443a", stroke: "#fff", "stroke-width": 2 }],
    ["circle", { cx: 135, cy: 49, r: 5, fill: "#fff" }],
  ], "map");
}

export function summary(bubble) {
  const named = { image: t("photo"), audio: t("audio"), video: t("video"), document: t("document"), sticker: t("sticker"), location: t("location"),
    unsupported: t("unsupported") }[bubble.kind];
  return plain([named, bubble.text].filter(Boolean).join(" · ")) || bubble.header || "";
}

function quoted(bubble, acts) {
  const original = bubble.reply_to && acts.find(bubble.reply_to);
  if (!original) return null;
  const author = original.from === "customer" ? t("you") : acts.business();
  return el("button", { class: "quote", type: "button", onclick: () => acts.jump(original.id) }, el("b", {}, author), el("span", { class: "gist" }, summary(original)));
}

function reaction(bubble, acts) {
  const { customer, ...others } = bubble.reactions ?? {};
  const shown = [...Object.values(others), customer].filter(Boolean).join(" ");
  if (!shown) return null;
  if (!customer) return el("div", { class: "reaction" }, shown);
  return el("button", { class: "reaction", type: "button", title: t("takeBack"), "aria-label": `${shown}: ${t("takeBack")}`, onclick: () => acts.react(bubble, "") }, shown);
}

// Beside what the business says, there when it is pointed at or reached with the keyboard, and always where one touches.
const reactTo = (bubble, ours, acts) => !ours && el("button", { class: "react", type: "button", "aria-label": t("react"), title: t("react"), onclick: () => acts.chooseReaction(bubble) }, icon("smile"));

const press = (name, text, act, enabled = true) => el("button", { class: "press", type: "button", onclick: act, disabled: !enabled }, icon(name), text);

function pressable(bubble, acts) {
  if (bubble.buttons) return bubble.buttons.map((reply) => press("reply", reply.title, () => acts.press(bubble, reply)));
  if (bubble.list) return [press("list", bubble.list.button, () => acts.list(bubble))];
  if (bubble.kind === "location_request") return [press("pin", t("sendPlace"), () => acts.location(bubble))];
  if (bubble.link) return [el("a", { class: "press", href: safe(bubble.link.url), target: "_blank", rel: "noopener noreferrer" }, icon("link"), bubble.link.title)];
  return [];
}

export const typingTurn = () => el("div", { class: "turn first typing", "aria-hidden": "true" },
  el("div", { class: "bubble" }, el("span", { class: "dots" }, el("i"), el("i"), el("i"))));


