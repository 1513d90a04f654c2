// Who waits for a person: the count in the navigation and the title, a sound and a notification when one more waits,
// and the list of conversations, which renews itself.

const RING = "waiting:ring", KNOWN = "waiting:known", LIST_EVERY_MS = 5000;
const here = document.body.dataset, button = document.getElementById("ring"), told = document.getElementById("ring-told");
const title = document.title.replace(/^\(\d+\+?\) /, "");
const wants = () => localStorage.getItem(RING) === "yes";
const list = () => document.querySelector("[data-list]");
let ids = here.waiting ? here.waiting.split(",").map(Number) : [], audio, over = false;

const LATE_MS = 3000;
/** A browser may want somebody to have touched the page first; a sound that comes minutes later says nothing. */
function sound() {
  const wanted = Date.now();
  audio ??= new AudioContext();
  audio.resume().then(() => Date.now() - wanted < LATE_MS && tones());
}

/** Two tones, made here: no file, and nothing to be loaded. */
function tones() {
  for (const [pitch, after] of [[880, 0], [1175, 0.18]]) {
    const tone = audio.createOscillator(), loud = audio.createGain(), at = audio.currentTime + after;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.25, at);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  }
}

const people = (count) => (count === 1 ? "1 customer waits" : `${count} customers wait`) + " for a person";

/** Some browsers (on Android) let no page notify by itself: there the sound and the title tell. */
function notify() {
  if (globalThis.Notification?.permission !== "granted" || (!document.hidden && document.hasFocus())) return;
  try {
    const shown = new Notification(people(ids.length), { tag: "turno-waiting", renotify: true, icon: here.icon });
    shown.onclick = () => { focus(); location.assign(here.line); };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

function show() {
  document.title = (ids.length ? `(${ids.length}) ` : "") + title;
  for (const one of document.querySelectorAll("[data-waits]")) {
    one.hidden = !ids.length;
    one.querySelector("b").textContent = ids.length;
  }
}

/** What no page of this browser has seen yet: the first that sees it rings, the others stay silent. */
function unseen() {
  const known = JSON.parse(localStorage.getItem(KNOWN) ?? "null");
  localStorage.setItem(KNOWN, JSON.stringify(ids));
  return known ? ids.filter((id) => !known.includes(id)) : [];
}

function ringForNew() {
  if (!unseen().length || !wants()) return;
  sound();
  notify();
}

/** One page at a time, where the browser can tell pages to wait for each other. */
const inTurn = (deed) => (navigator.locks ? navigator.locks.request("waiting", deed) : deed());

const renew = () => !over && !document.hidden && list() && globalThis.htmx?.trigger(list(), "refresh");

function signedOut() {
  over = true;
  if (!list()) return;
  const notice = Object.assign(document.createElement("p"), { className: "notice warn", textContent: "You were signed out. " });
  notice.append(Object.assign(document.createElement("a"), { href: location.href, textContent: "Sign in again" }));
  document.getElementById("main").prepend(notice);
}

function heard({ data }) {
  if (data.over) return signedOut();
  const changed = String(data.ids) !== String(ids);
  ids = data.ids;
  if (!changed) return;
  show();
  inTurn(ringForNew);
  renew();
}

function tellRing() {
  const denied = globalThis.Notification?.permission === "denied";
  button.setAttribute("aria-pressed", wants());
  told.textContent = !wants() ? "" : denied ? "By sound: this browser shows no notifications of this page." : "By sound, and by a notification while you look elsewhere.";
}

async function turn() {
  localStorage.setItem(RING, wants() ? "no" : "yes");
  tellRing();
  if (!wants()) return;
  sound();
  if (globalThis.Notification?.permission === "default") await Notification.requestPermission();
  tellRing();
}

button.hidden = false;
button.addEventListener("click", turn);
addEventListener("storage", (event) => event.key === RING && tellRing());
// A page may make a sound once somebody has touched it.
for (const touch of ["pointerdown", "keydown"]) {
  addEventListener(touch, () => wants() && (audio ??= new AudioContext()).resume(), { once: true });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.matches("[data-list]") && event.detail.xhr.status !== 200) event.detail.shouldSwap = false;
});
document.addEventListener("visibilitychange", renew);
setInterval(renew, LIST_EVERY_MS);
tellRing();
inTurn(ringForNew);
const worker = new Worker(here.worker);
worker.addEventListener("message", heard);
worker.postMessage(here.ask);
