// Where the customer writes, attaches and records.

import { cameraSheet, chooseFile, contactSheet, labelPhoto, photoSheet, placeSheet, sendVoice, stickerSheet } from "./attach.js";
import { el, icon } from "./dom.js";
import { length } from "./format.js";
import * as net from "./net.js";
import { toast } from "./sheet.js";
import { record } from "./voice.js";
import { t } from "./words.js";

const FACES = Array.from("😀😂😊😍😅🤔😢😡👍👎🙏👏💪🙌👌✌️❤️💚✅❌⚠️❗❓🎉🔥❄️🚗🔧📷📍📞⏰").filter((face) => face !== "\uFE0F");

export function composer(say) {
  const text = el("textarea", { rows: 1, placeholder: t("write"), "aria-label": t("write"), autocomplete: "off" });
  const action = el("button", { class: "send", type: "submit" });
  const bar = el("form", { class: "composer" });
  const tool = (name, act) => el("button", { class: "tool", type: "button", "aria-label": t(name), "aria-haspopup": "menu", onclick: act }, icon(name === "emoji" ? "smile" : name));
  const pot = el("div", { class: "pot" }, tool("emoji", () => faces(bar, text)), text, tool("attach", () => attachments(bar, say)));
  const fresh = () => { draw(action, text.value.trim() ? "send" : "voice"); grow(text); };
  text.addEventListener("input", fresh);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); bar.requestSubmit(); }
  });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (!written) { recorder(bar, pot, action, say).then(fresh); return; }
    text.value = "";
    fresh();
    say({ kind: "text", text: written });
    text.focus();
  });
  bar.append(pot, action);
  fresh();
  return bar;
}

function draw(action, what) {
  if (action.dataset.what === what) return;
  action.dataset.what = what;
  action.setAttribute("aria-label", t(what));
  action.replaceChildren(icon(what === "voice" ? "mic" : "send"));
}

function grow(text) {
  text.style.height = "46px";
  text.style.height = `${Math.max(46, Math.min(text.scrollHeight, 134))}px`;
}

function menu(bar, cls, items) {
  const open = bar.querySelector(".menu");
  open?.remove();
  if (open?.className === cls) return;
  const made = el("div", { class: cls, role: "menu" }, items);
  const away = (event) => {
    if (event.type === "keydown" ? event.key === "Escape" : !bar.contains(event.target)) made.remove();
    if (!made.isConnected) ["mousedown", "keydown"].forEach((name) => document.removeEventListener(name, away));
  };
  ["mousedown", "keydown"].forEach((name) => document.addEventListener(name, away));
  bar.append(made);
  made.firstElementChild.focus();
}

const closeMenu = (bar) => bar.querySelector(".menu")?.remove();

function faces(bar, text) {
  menu(bar, "menu faces", FACES.map((face) => el("button", { type: "button", role: "menuitem", onclick: () => {
    text.setRangeText(face, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
    closeMenu(bar);
    text.focus();
  } }, face)));
}

function attachments(bar, say) {
  const kinds = [
    ["image", "photoFile", () => chooseFile(say)], ["camera", "camera", () => cameraSheet(say)],
    ["label", "label", async () => photoSheet(await labelPhoto(), say)], ["pin", "place", () => placeSheet(say)],
    ["smile", "sticker", () => stickerSheet(say)], ["person", "contact", () => contactSheet(say)],
    ["mic", "sampleVoice", async () => sendVoice(await net.sampleVoice(), say)],
  ];
  menu(bar, "menu", kinds.map(([name, words, act]) => el("button", { type: "button", role: "menuitem", onclick: () => { closeMenu(bar); act(); } }, icon(name), t(words))));
}

// Replaces the field by a running clock until the note is sent or thrown away.
async function recorder(bar, pot, action, say) {
  let note;
  try {
    note = await record();
  } catch {
    toast(t("noMic"));
    await sendVoice(await net.sampleVoice(), say);
    return;
  }
  const began = Date.now();
  const clock = el("span", { "aria-live": "off" }, "0:00");
  const beat = setInterval(() => { clock.textContent = length((Date.now() - began) / 1000); }, 250);
  const keep = await new Promise((resolve) => {
    const discard = el("button", { class: "tool", type: "button", "aria-label": t("discard"), onclick: () => resolve(false) }, icon("trash"));
    const send = el("button", { class: "send", type: "button", "aria-label": t("send"), onclick: () => resolve(true) }, icon("send"));
    bar.replaceChildren(el("div", { class: "recorder", role: "status", "aria-label": t("recording") }, el("i", { class: "pulse" }), clock, discard), send);
    send.focus();
  });
  clearInterval(beat);
  bar.replaceChildren(pot, action);
  if (keep) await sendVoice(await note.stop(), say);
  else await note.discard();
}
