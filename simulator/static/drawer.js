// The drawer of faults: a switch each, with a value and for how many times.

import { el, icon } from "./dom.js";
import * as net from "./net.js";
import { sheet, toast } from "./sheet.js";
import { store } from "./store.js";
import { locale, t } from "./words.js";

const place = document.getElementById("drawer");

const GROUPS = [
  ["Envíos", "Sends", ["error_code", "bare_5xx", "refuse", "drop_answer", "hang_s", "latency_ms"]],
  ["Estados de entrega", "Delivery statuses", ["failed_status", "no_statuses", "late_status_ms", "no_callback_id", "read_at_once"]],
  ["Webhooks", "Webhooks", ["duplicate", "reorder", "batch", "bsuid_only"]],
];

const NAMES = {
  error_code: ["Rechazar con código", "Refuse with a code", "La Graph API dice que no", "The Graph API says no", 131056],
  bare_5xx: ["Error 5xx sin cuerpo", "Bare 5xx", "Como un proxy caído: desenlace ambiguo", "Like a broken proxy: outcome unknown", 502],
  refuse: ["Cortar antes de aceptar", "Hang up before accepting", "El envío no llega", "The send never arrives"],
  drop_answer: ["Aceptar sin responder", "Accept, never answer", "El cliente lo recibe; el bot no lo sabe", "The customer gets it; the bot does not know"],
  hang_s: ["Responder muy tarde (s)", "Answer far too late (s)", "Aceptado, pero la respuesta espera", "Accepted, but the answer waits", 15],
  latency_ms: ["Red lenta (ms)", "Slow network (ms)", "Cada envío tarda más", "Each send takes longer", 800],
  failed_status: ["Fallar después", "Fail afterwards", "Aceptado y luego «failed» con este código", "Accepted, then failed with this code", 131026],
  no_statuses: ["Sin estados", "No statuses", "Nunca se sabe qué pasó", "Nobody ever tells what happened"],
  late_status_ms: ["Estados tardíos (ms)", "Late statuses (ms)", "Llegan mucho después", "They come much later", 4000],
  no_callback_id: ["Estados sin nuestra marca", "Statuses without our id", "Sin biz_opaque_callback_data", "Without biz_opaque_callback_data"],
  read_at_once: ["Leer al instante", "Read at once", "Sin abrir el chat", "Without opening the chat"],
  duplicate: ["Duplicar", "Duplicate", "Cada webhook dos veces", "Each webhook twice", "at_once"],
  reorder: ["Desordenar", "Reorder", "Llegan en cualquier orden", "They arrive in any order"],
  batch: ["Agrupar", "Batch", "Varios en un solo POST", "Several in one POST", 5],
  bsuid_only: ["Ocultar teléfonos", "Hide phone numbers", "Solo llega el BSUID", "Only the BSUID comes"],
};

const english = () => locale() === "en-GB";
const values = new Map();

export function toggleDrawer(open = place.hidden) {
  place.hidden = !open;
  if (open) { drawDrawer(); place.querySelector("button").focus(); }
}

export function drawDrawer() {
  if (place.hidden) return;
  const focused = document.activeElement?.dataset?.focus;
  const top = place.querySelector(".list")?.scrollTop ?? 0;
  const groups = GROUPS.map(([es, en, names]) => [el("h4", {}, english() ? en : es), names.map(fault)]).flat(2);
  place.setAttribute("aria-label", t("faults"));
  place.replaceChildren(
    el("header", {}, el("h3", {}, t("faults")), el("button", { class: "tool", type: "button", "aria-label": t("close"), onclick: () => toggleDrawer(false) }, icon("close"))),
    el("div", { class: "list" }, el("p", { class: "lead" }, t("faultsLead")), groups),
    el("div", { class: "actions" },
      el("button", { class: "quiet", type: "button", onclick: () => attempt(net.clearFault()) }, t("clearFaults")),
      el("button", { class: "quiet", type: "button", onclick: confirmReset }, t("resetAll"))));
  place.querySelector(".list").scrollTop = top;
  if (focused) place.querySelector(`[data-focus="${focused}"]`)?.focus();
}

const attempt = (promise) => promise.catch((problem) => toast(problem.message));

function fault(name) {
  const [es, en, why, whyEn, usual] = NAMES[name];
  const on = store.faults.find((set) => set.name === name);
  const given = values.get(name) ?? { value: usual ?? true, times: "" };
  values.set(name, given);
  const flip = () => attempt(on ? net.clearFault(name) : net.setFault({ [name]: given.value, ...(given.times ? { times: Number(given.times) } : {}) }));
  const title = english() ? en : es;
  return el("div", { class: "fault" },
    el("span", { class: "name" }, title), el("button", { class: "switch", type: "button", role: "switch", "aria-checked": String(Boolean(on)), "aria-label": title, "data-focus": name, onclick: flip }),
    el("small", {}, english() ? whyEn : why), el("span"), options(name, usual, given, on));
}

function options(name, usual, given, on) {
  const left = on ? `${on.times ?? t("always")}${on.times ? ` ${t("times")}` : ""}` : null;
  const value = typeof usual === "number" ? number(on?.value ?? given.value, Boolean(on), (typed) => { given.value = Number(typed); }) : null;
  const times = on ? el("span", {}, left) : number(given.times, false, (typed) => { given.times = typed; }, t("always"));
  return el("span", { class: "value" }, value, name === "duplicate" ? how(given, on) : null, times, on ? null : t("times"));
}

function number(value, disabled, typed, placeholder = "") {
  const input = el("input", { type: "number", min: 1, value, placeholder, disabled });
  input.addEventListener("change", () => typed(input.value));
  return input;
}

function how(given, on) {
  const labels = english() ? [["at_once", "both at once"], ["again", "one after the other"]] : [["at_once", "a la vez"], ["again", "una tras otra"]];
  const select = el("select", { disabled: Boolean(on) }, labels.map(([value, label]) => el("option", { value, selected: value === (on?.value ?? given.value) }, label)));
  select.addEventListener("change", () => { given.value = select.value; });
  return select;
}

function confirmReset() {
  const close = sheet(t("resetAll"), el("div", { class: "form" }, t("areYouSure")),
    [el("button", { class: "primary", type: "button", onclick: () => { close(); attempt(net.reset()); } }, t("erase"))]);
}
