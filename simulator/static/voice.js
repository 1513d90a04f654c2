// Voice notes: recorded with the microphone, played with a wave.

import { el, icon, svg } from "./dom.js";
import { length } from "./format.js";
import { t } from "./words.js";

const BARS = 34;
const PLACES = Array.from({ length: BARS }, (_, i) => i);
let playing = null;

export function voicePlayer(url, seed) {
  const sound = new Audio(url);
  sound.preload = "metadata";
  const wave = svg("0 0 170 28", PLACES.map((i) => bar(i, seed)), "wave");
  const time = el("span", { class: "length" }, "0:00");
  const button = el("button", { type: "button", "aria-label": t("playing") }, icon("play"));
  const draw = () => progress(sound, wave, time);
  button.addEventListener("click", () => toggle(sound));
  sound.addEventListener("play", () => button.replaceChildren(icon("pause")));
  for (const end of ["pause", "ended"]) sound.addEventListener(end, () => button.replaceChildren(icon("play")));
  for (const news of ["timeupdate", "loadedmetadata", "ended"]) sound.addEventListener(news, draw);
  return el("div", { class: "voice" }, button, wave, time);
}

function bar(i, seed) {
  const letter = seed.charCodeAt(seed.length - 1 - (i % 20)) * (i + 7);
  const height = 4 + (letter % 20) * (0.5 + 0.5 * Math.sin((i / BARS) * Math.PI));
  return ["rect", { x: i * 5, y: (28 - height) / 2, width: 2.6, height, rx: 1.3 }];
}

function progress(sound, wave, time) {
  const part = Number.isFinite(sound.duration) ? sound.currentTime / sound.duration : 0;
  PLACES.forEach((i) => wave.children[i].classList.toggle("played", !sound.ended && i / BARS < part));
  time.textContent = length(sound.currentTime || sound.duration);
}

function toggle(sound) {
  if (!sound.paused) { sound.pause(); return; }
  playing?.pause();
  playing = sound;
  sound.play().catch(() => {});
}

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

// A recording under way: `stop()` gives the blob, `discard()` gives nothing. Throws where there is no microphone.
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, { mimeType });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const ended = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  const release = async () => {
    recorder.stop();
    await ended;
    stream.getTracks().forEach((track) => track.stop());
  };
  return {
    async stop() { await release(); return new Blob(pieces, { type: mimeType.split(";")[0] }); },
    discard: release,
  };
}
