// The left side: whose phone it is, and that phone's chats.

import { summary, ticks } from "./bubbles.js";
import { businessFace, el, icon, personFace } from "./dom.js";
import { hour } from "./format.js";
import * as net from "./net.js";
import { sheet } from "./sheet.js";
import { chatOf, choose, person, store, unreadOf } from "./store.js";
import { t } from "./words.js";

const place = document.getElementById("rail");

export function drawRail(tools) {
  const strip = place.querySelector(".people")?.scrollLeft ?? 0;
  const focused = document.activeElement?.dataset?.focus;
  place.replaceChildren(
    el("header", {}, el("h1", {}, "Turno"), tools), people(), whose(),
    el("ul", { class: "chats", "aria-label": t("chats") }, store.businesses.map((b) => el("li", {}, chatRow(b)))), footer());
  place.querySelector(".people").scrollLeft = strip;
  if (inView !== store.customer) showChosen();
  if (focused) place.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

// The one who is chosen comes into view, once: whoever scrolls on is left alone.
let inView = null;

function showChosen() {
  inView = store.customer;
  const row = place.querySelector(".people"), chosen = row.querySelector('[aria-selected="true"]');
  if (!chosen) return;
  const { offsetLeft: left, offsetWidth: width } = chosen;
  if (left < row.scrollLeft || left + width > row.scrollLeft + row.clientWidth) row.scrollLeft = left - (row.clientWidth - width) / 2;
}

function people() {
  const add = el("button", { class: "person", type: "button", onclick: addSheet, "data-focus": "add" }, el("span", { class: "face add" }, icon("add")), t("add"));
  return el("div", { class: "people", role: "tablist", "aria-label": t("people") }, store.customers.map(face), add);
}

function face(customer) {
  const unread = customer.id === store.customer ? 0 : unreadOf(customer.id);
  return el("button", { class: "person", type: "button", role: "tab", "aria-selected": String(customer.id === store.customer), title: customer.name,
    "data-focus": customer.id, onclick: () => choose(customer.id, store.number) },
    personFace(customer), el("span", { class: "name" }, customer.name.split(" ")[0]), unread ? badge(unread) : null);
}

const badge = (count) => el("span", { class: "badge", "aria-label": `${count} ${t("unread")}` }, String(count));

function whose() {
  const customer = person();
  const id = customer.wa_id ? `+${customer.wa_id.replace(/^52(1?)(\d{3})(\d{3})(\d{4})$/, "52 $1 $2 $3 $4")}` : t("noNumber");
  return el("p", { class: "whose" }, el("b", {}, customer.name), el("span", {}, id), customer.bsuid_only ? el("span", { class: "pill" }, "BSUID") : null);
}

function chatRow(business) {
  const chat = chatOf(business.number, store.customer);
  const chosen = business.number === store.number;
  return el("button", { class: `chat${chat.unread ? " waiting" : ""}`, type: "button", "aria-current": String(chosen), "data-focus": business.number,
    onclick: () => choose(store.customer, business.number, { open: true }) },
    businessFace(business.number),
    el("span", { class: "about" },
      el("span", { class: "line" }, el("span", { class: "who" }, business.name), chat.last ? el("span", { class: "when" }, hour(chat.last.at)) : null),
      el("span", { class: "line" }, lastLine(business, chat), chat.unread ? badge(chat.unread) : null)));
}

function lastLine(business, chat) {
  if (chat.typingUntil > Date.now()) return el("span", { class: "last typing" }, t("typing"));
  if (!chat.last) return el("span", { class: "last" }, business.about);
  const own = chat.last.from === "customer";
  return el("span", { class: "last" }, own ? ticks(chat.last.tick ?? "sent") : null, own ? " " : null, summary(chat.last));
}

const footer = () => el("footer", { role: "status" }, el("i", { class: `lamp${store.link === "live" ? " on" : ""}` }), t(store.link));

function addSheet() {
  const name = el("input", { type: "text", name: "name", maxlength: 60, required: true, autocomplete: "off" });
  const phone = el("input", { type: "tel", name: "phone", value: nextPhone(), autocomplete: "off" });
  const hidden = el("input", { type: "checkbox" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const phoneField = el("label", {}, t("phone"), phone);
  hidden.addEventListener("change", () => { phoneField.hidden = hidden.checked; });
  const form = el("form", { id: "newcomer" }, el("label", {}, t("name"), name), phoneField, el("label", { class: "row" }, hidden, t("hidden")), problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const id = hidden.checked ? { user_id: `MX.${Date.now()}${Math.floor(Math.random() * 1e6)}` } : { wa_id: phone.value };
    try {
      const joined = await net.join({ name: name.value, ...id });
      if (!store.customers.some((known) => known.id === joined.id)) store.customers.push(joined);
      close();
      await choose(joined.id, store.number);
    } catch (failure) { problem.textContent = failure.message; problem.hidden = false; }
  });
  const close = sheet(t("addTitle"), form, [el("button", { class: "primary", type: "submit", form: "newcomer" }, t("create"))]);
}

function nextPhone() {
  const taken = new Set(store.customers.map((customer) => customer.wa_id));
  let last = 1;
  while (taken.has(`521555${String(last).padStart(7, "0")}`)) last += 1;
  return `521555${String(last).padStart(7, "0")}`;
}
