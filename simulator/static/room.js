// The chat: who it is with, what was said, and the composer.

import { placeSheet } from "./attach.js";
import { summary, turn, typingTurn } from "./bubbles.js";
import { composer } from "./composer.js";
import { businessFace, el, icon } from "./dom.js";
import { day, dayKey } from "./format.js";
import * as net from "./net.js";
import { listSheet, profileSheet, reactionSheet, toast } from "./sheet.js";
import { business, current, store } from "./store.js";
import { t } from "./words.js";

const place = document.getElementById("room");
let parts = null;

const say = async (said) => {
  try {
    await net.say(store.customer, store.number, said);
  } catch (problem) { toast(`${t("notSent")} ${problem.message}`); }
};

const acts = {
  press: (bubble, reply) => say({ kind: "button", id: reply.id, title: reply.title, reply_to: bubble.id }),
  list: (bubble) => listSheet(bubble.list, (row) => say({ kind: "list", id: row.id, title: row.title, description: row.description ?? "", reply_to: bubble.id })),
  location: (bubble) => placeSheet(say, bubble.id),
  react: (bubble, emoji) => say({ kind: "reaction", message_id: bubble.id, emoji }),
  chooseReaction: (bubble) => reactionSheet((emoji) => acts.react(bubble, emoji)),
  find: (id) => current().bubbles.find((bubble) => bubble.id === id),
  business: () => business().name,
  jump: (id) => parts.log.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
};

// The whole room again: another chat, another language.
export function drawRoom(tools, back) {
  const log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": `${t("log")} ${business().name}` });
  const scroll = el("div", { class: "scroll", tabindex: 0 }, log);
  const down = el("button", { class: "down", type: "button", hidden: true, "aria-label": t("newest"), onclick: () => toEnd("smooth") }, icon("down"));
  const presence = el("span", { class: "presence", "aria-live": "polite" });
  parts = { log, scroll, presence, down, shown: [], pinned: true };
  scroll.addEventListener("scroll", () => { parts.pinned = atEnd(); down.hidden = parts.pinned; });
  place.className = "room wall";
  place.replaceChildren(
    el("header", { class: "bar" },
      el("button", { class: "tool back", type: "button", "aria-label": t("back"), onclick: back }, icon("back")),
      el("button", { class: "whom", type: "button", title: t("profile"), onclick: () => profileSheet(business(), businessFace(store.number)) },
        businessFace(store.number), el("span", { class: "about" }, el("span", { class: "name" }, el("span", {}, business().name), icon("verified")), presence)), tools),
    scroll, down, composer(say));
  grown.disconnect();
  grown.observe(log);
  drawLog({ whole: true });
}

// A photo that arrives late makes the log longer: who was at its end stays there.
const grown = new ResizeObserver(() => { if (parts.pinned) toEnd(); });

const atEnd = () => parts.scroll.scrollHeight - parts.scroll.scrollTop - parts.scroll.clientHeight < 80;
const toEnd = (behavior = "auto") => parts.scroll.scrollTo({ top: parts.scroll.scrollHeight, behavior });

// Only what is new or changed is drawn, so that the live log reads out each bubble once.
export function drawLog({ whole = false } = {}) {
  const bubbles = current().bubbles ?? [];
  const stay = whole || atEnd();
  if (whole || bubbles.length < parts.shown.length) {
    parts.log.replaceChildren(el("p", { class: "hint" }, bubbles.length ? t("hint") : t("say")));
    parts.shown = [];
  }
  parts.log.querySelector(".hint").textContent = t(bubbles.length ? "hint" : "say");
  parts.log.querySelector(".typing")?.remove();
  parts.shown.forEach((old, i) => refresh(old, bubbles[i], i, bubbles));
  bubbles.slice(parts.shown.length).forEach((bubble) => append(bubble, bubbles, !whole));
  drawPresence();
  if (stay || bubbles.at(-1)?.from === "customer") toEnd();
}

const faceOf = (bubble) => `${bubble.tick}${JSON.stringify(bubble.reactions ?? {})}`;
const isFirst = (bubbles, i) => i === 0 || bubbles[i - 1].from !== bubbles[i].from || dayKey(bubbles[i - 1].at) !== dayKey(bubbles[i].at);

function refresh(old, bubble, i, bubbles) {
  const face = faceOf(bubble);
  if (old.face === face) return;
  const made = turn(bubble, { first: isFirst(bubbles, i), acts });
  old.node.replaceWith(made);
  parts.shown[i] = { node: made, face };
}

function append(bubble, bubbles, fresh) {
  const i = parts.shown.length;
  if (i === 0 || dayKey(bubbles[i - 1].at) !== dayKey(bubble.at)) {
    const separator = el("div", { class: "day" }, day(bubble.at));
    if (i === 0) parts.log.prepend(separator); else parts.log.append(separator);
  }
  const made = turn(bubble, { first: isFirst(bubbles, i), acts });
  if (fresh) made.classList.add("fresh");
  parts.log.append(made);
  parts.shown.push({ node: made, face: faceOf(bubble) });
}

export function drawPresence() {
  const typing = current().typingUntil > Date.now();
  parts.presence.textContent = typing ? t("typing") : t("online");
  parts.presence.classList.toggle("typing", typing);
  const shown = parts.log.querySelector(".typing");
  if (typing && !shown) { const stay = atEnd(); parts.log.append(typingTurn()); if (stay) toEnd(); }
  if (!typing) shown?.remove();
  document.title = `${business().name} · ${summary(current().last ?? { kind: "text", text: "Turno" }).slice(0, 40)}`;
}
