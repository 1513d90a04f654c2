// What can be sent besides words: photos, a place, a voice note.

import { el, icon } from "./dom.js";
import * as net from "./net.js";
import { sheet, toast } from "./sheet.js";
import { t } from "./words.js";

const PLACES = [
  { name: "Zócalo de Puebla", address: "Centro Histórico, Puebla", latitude: 19.04387, longitude: -98.19824 },
  { name: "Ángel de la Independencia", address: "Paseo de la Reforma, Ciudad de México", latitude: 19.42702, longitude: -99.16767 },
  { name: "Parque Fundidora", address: "Monterrey, Nuevo León", latitude: 25.67853, longitude: -100.28646 },
  { name: "Obelisco", address: "Av. 9 de Julio, Buenos Aires", latitude: -34.60374, longitude: -58.38157 },
];

const sendPhoto = async (blob, say, caption = "") => say({ kind: "image", media_id: await net.upload(blob), caption });
const told = (problem) => toast(problem.message);

// A photo is looked at before it goes, and may get a caption.
export function photoSheet(blob, say) {
  const address = URL.createObjectURL(blob);
  const caption = el("input", { type: "text", maxlength: 1024, autocomplete: "off" });
  const form = el("form", { id: "photo" }, el("img", { class: "preview", src: address, alt: t("photo") }), el("label", {}, t("caption"), caption));
  form.addEventListener("submit", (event) => { event.preventDefault(); close(); sendPhoto(blob, say, caption.value.trim()).catch(told); });
  const close = sheet(t("photo"), form, [el("button", { class: "primary", type: "submit", form: "photo" }, t("send"))], () => URL.revokeObjectURL(address));
}

const STICKERS = [..."👍😂😍😢😡🙏🎉❄"];

export function stickerSheet(say) {
  const pick = async (face) => { close(); await say({ kind: "sticker", media_id: await net.upload(await drawn(face)) }); };
  const faces = STICKERS.map((face) => el("button", { class: "option face", type: "button", "aria-label": `${t("sticker")} ${face}`, onclick: () => pick(face).catch(told) }, face));
  const close = sheet(t("sticker"), el("div", { class: "rows stickers" }, faces));
}

// A sticker is a WebP of 512 by 512 with nothing behind it.
function drawn(face) {
  const canvas = el("canvas", { width: 512, height: 512 });
  const pen = canvas.getContext("2d");
  pen.font = "380px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(face, 256, 276);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.9));
}

export function contactSheet(say) {
  const name = el("input", { type: "text", maxlength: 60, required: true, autocomplete: "off", value: "Juan Prado" });
  const phone = el("input", { type: "tel", maxlength: 24, required: true, autocomplete: "off", value: "+52 81 5550 1234" });
  const form = el("form", { id: "contact" }, el("label", {}, t("name"), name), el("label", {}, t("phone"), phone));
  form.addEventListener("submit", (event) => { event.preventDefault(); close(); say({ kind: "contacts", name: name.value.trim(), phone: phone.value.trim() }); });
  const close = sheet(t("sendContact"), form, [el("button", { class: "primary", type: "submit", form: "contact" }, t("send"))]);
}

export const sendVoice = async (blob, say) => say({ kind: "audio", media_id: await net.upload(blob), voice: true });

export function placeSheet(say, reply_to = "") {
  const give = (place) => { close(); say({ kind: "location", reply_to, ...place }); };
  const rows = PLACES.map((place) => option("pin", place.name, place.address, () => give(place)));
  const here = option("pin", t("here"), "", () => whereAmI(give));
  const close = sheet(t("pickPlace"), el("div", { class: "rows" }, here, rows));
}

const option = (name, title, more, act) => el("button", { class: "option", type: "button", onclick: act },
  icon(name), el("span", { class: "about" }, title, more ? el("small", {}, more) : null));

function whereAmI(give) {
  const found = ({ coords }) => give({ latitude: coords.latitude, longitude: coords.longitude });
  const lost = () => toast(t("noPlace"));
  if (navigator.geolocation) navigator.geolocation.getCurrentPosition(found, lost, { timeout: 8000 });
  else lost();
}

export async function cameraSheet(say) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    toast(t("noCamera"));
    return;
  }
  const film = el("video", { autoplay: true, playsinline: true, muted: true });
  film.srcObject = stream;
  const take = el("button", { class: "primary", type: "button", onclick: async () => { const blob = await still(film); close(); photoSheet(blob, say); } }, t("takePhoto"));
  const close = sheet(t("camera"), el("div", { class: "form" }, film), [take], () => stream.getTracks().forEach((track) => track.stop()));
}

function still(film) {
  const canvas = el("canvas", { width: film.videoWidth, height: film.videoHeight });
  canvas.getContext("2d").drawImage(film, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

// Code 39: five bars and four spaces a character, three of the nine wide; * begins and ends it.
const CODE_39 = {
  0: "nnnwwnwnn", 1: "wnnwnnnnw", 2: "nnwwnnnnw", 3: "wnwwnnnnn", 4: "nnnwwnnnw", 5: "wnnwwnnnn",
  6: "nnwwwnnnn", 7: "nnnwnnwnw", 8: "wnnwnnwnn", 9: "nnwwnnwnn", "*": "nwnnwnwnn",
};
const NARROW = 3, WIDE = 8;

function drawBarcode(pen, code, x, y, height) {
  for (const character of `*${code}*`) {
    [...CODE_39[character]].forEach((element, position) => {
      const width = element === "w" ? WIDE : NARROW;
      if (position % 2 === 0) pen.fillRect(x, y, width, height);
      x += width;
    });
    x += NARROW;
  }
}

// The label on a piece of equipment, drawn: a barcode over its number.
export function labelPhoto(code = "4045101") {
  const canvas = el("canvas", { width: 720, height: 480 });
  const pen = canvas.getContext("2d");
  const steel = pen.createLinearGradient(0, 0, 720, 480);
  steel.addColorStop(0, "#8f9aa3"); steel.addColorStop(0.5, "#c3ccd2"); steel.addColorStop(1, "#7f8a93");
  pen.fillStyle = steel; pen.fillRect(0, 0, 720, 480);
  pen.translate(360, 240); pen.rotate(-0.03); pen.translate(-360, -240);
  pen.shadowColor = "rgb(0 0 0 / 35%)"; pen.shadowBlur = 18; pen.fillStyle = "#fbfaf5"; pen.fillRect(90, 80, 540, 320);
  pen.shadowBlur = 0; pen.fillStyle = "#b3122a"; pen.fillRect(90, 80, 540, 58);
  pen.fillStyle = "#fff"; pen.font = "bold 30px sans-serif"; pen.fillText("EQUIPO EN FRÍO · VR-12", 116, 120);
  pen.fillStyle = "#111";
  drawBarcode(pen, code, 130, 164, 130);
  pen.font = "bold 46px monospace"; pen.fillText(`No. ${code}`, 130, 360);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
}

export function chooseFile(say) {
  const input = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp" });
  input.addEventListener("change", () => input.files[0] && photoSheet(input.files[0], say));
  input.click();
}
