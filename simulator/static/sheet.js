// Sheets that rise from below: a list's rows, a place, a camera, a new customer.

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const overlay = document.getElementById("overlay");
let closeCurrent = null;

// Shows a sheet; returns its close function. Escape and a press beside it close it, focus comes back.
export function sheet(title, content, actions = [], closed = () => {}) {
  closeCurrent?.();
  const before = document.activeElement;
  const panel = el("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title },
    el("header", {}, el("h3", {}, title), el("button", { class: "tool", type: "button", "aria-label": t("close"), onclick: () => close() }, icon("close"))),
    content, actions.length ? el("div", { class: "actions" }, actions) : null);
  const veil = el("div", { class: "veil" }, panel);
  function close() {
    if (!veil.isConnected) return;
    veil.remove();
    closeCurrent = null;
    closed();
    before?.focus?.();
  }
  veil.addEventListener("mousedown", (event) => event.target === veil && close());
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") keepInside(panel, event);
  });
  overlay.append(veil);
  closeCurrent = close;
  (panel.querySelector("input, .option, .primary:not(:disabled)") ?? panel.querySelector("button")).focus();
  return close;
}

function keepInside(panel, event) {
  const stops = [...panel.querySelectorAll("button:not(:disabled), input, a[href], [tabindex]")];
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

export function listSheet(list, chosen) {
  let picked = null;
  const send = el("button", { class: "primary", type: "button", disabled: true, onclick: () => { close(); chosen(picked); } }, t("send"));
  const options = [];
  const rows = list.sections.map((section) => [section.title ? el("h4", {}, section.title) : null, section.rows.map(option)]).flat(2);
  function option(row) {
    const made = el("button", { class: "option", type: "button", role: "radio", "aria-checked": "false" },
      el("span", { class: "about" }, row.title, row.description ? el("small", {}, row.description) : null), el("span", { class: "ring" }));
    made.addEventListener("click", () => {
      picked = row;
      options.forEach((other) => other.setAttribute("aria-checked", String(other === made)));
      send.disabled = false;
    });
    made.addEventListener("keydown", (event) => arrow(event, made));
    options.push(made);
    return made;
  }
  function arrow(event, from) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); options.at((options.indexOf(from) + step) % options.length).focus(); }
  }
  const close = sheet(list.button, el("div", { class: "rows", role: "radiogroup", "aria-label": list.button }, rows), [send]);
}

const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

export function reactionSheet(chosen) {
  const faces = REACTIONS.map((face) => el("button", { class: "option face", type: "button", "aria-label": face, onclick: () => { close(); chosen(face); } }, face));
  const close = sheet(t("react"), el("div", { class: "rows stickers" }, faces));
}

// What a customer sees who taps the head of the chat.
export function profileSheet(business, face) {
  const { profile } = business;
  const site = (address) => el("a", { href: /^https?:/.test(address) ? address : undefined, target: "_blank", rel: "noopener noreferrer" }, address.replace(/^https?:\/\//, ""));
  const rows = [["phone", `+${business.display}`], ["about", business.about], ["description", profile.description], ["hours", profile.hours],
    ["address", profile.address], ["email", profile.email], ["websites", profile.websites?.map(site)]];
  sheet(t("profile"), el("div", { class: "rows profile" }, el("div", { class: "whose" }, face, el("b", {}, business.name)),
    el("dl", {}, rows.filter(([, value]) => value?.length).map(([name, value]) => [el("dt", {}, t(`of_${name}`)), el("dd", {}, value)]).flat())));
}

export function toast(text) {
  const shown = el("div", { class: "toast", role: "status" }, text);
  overlay.append(shown);
  setTimeout(() => shown.remove(), 3500);
}
