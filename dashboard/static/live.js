// A page stays as the database is: every two seconds, while somebody looks, it asks for what has changed.
// A piece is put in the place of its older self when its key is another one; lines that are new come at the end.

const EVERY_MS = 2000, LONGEST_MS = 15000, NEAR_PX = 160;
const STICKY = ["standing", "acts"];
const root = document.querySelector("[data-live]");
const state = document.getElementById("live-state");
let etag = "", wait = EVERY_MS, timer = 0, looking = false, over = false;

const tell = (text, kind = "") => { state.hidden = false; state.textContent = text; state.dataset.kind = kind; };
const part = (id) => document.getElementById(id);
/** How far down the newest line, and what became of what was done, stand just above the actions. */
const end = () => Math.max(...["transcript", "outcome"].map((id) => part(id).getBoundingClientRect().bottom))
  + scrollY + part("acts").offsetHeight + 28 - innerHeight;
const atEnd = () => scrollY >= end() - NEAR_PX;
const toEnd = () => scrollTo({ top: end() });

/** What somebody has begun to write is not lost with the form it stands in. */
function keepWords(before, after) {
  for (const field of before.querySelectorAll("textarea, input[type=checkbox], select")) {
    const other = [...after.querySelectorAll("[name]")].find((one) => one.name === field.name && one.id === field.id);
    if (!other) continue;
    if (field.type === "checkbox") other.checked = field.checked;
    else if ([...(other.options ?? [{ value: field.value }])].some((one) => one.value === field.value)) other.value = field.value;
  }
}

/** Where their field is taken away — somebody else holds the conversation now —, words wait for it to come back. */
const WRITTEN = `written:${location.pathname}`;
function setWordsAside(before, after) {
  const words = before.querySelector("textarea#f-text")?.value.trim();
  if (words && !after.querySelector("textarea#f-text")) sessionStorage.setItem(WRITTEN, words);
}
function giveWordsBack() {
  const words = sessionStorage.getItem(WRITTEN), field = part("f-text"), aside = part("written");
  if (words && field && !field.value) field.value = words;
  if (words && field) sessionStorage.removeItem(WRITTEN);
  if (!words || field) return aside?.remove();
  const shown = aside ?? part("acts").appendChild(Object.assign(document.createElement("p"), { id: "written", className: "notice warn" }));
  shown.textContent = `You had written, and it was not sent: “${words}” It is kept here until you hold the conversation.`;
}

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
/** What tells a link, a button or a field from its neighbours. */
const told = (one) => [one.tagName, one.id, one.name, one.getAttribute("href"), one.form?.action, one.textContent.trim()].join();

/** The same thing in the piece that takes the place, or what stands there if it is gone: never the top of the page. */
function sameIn(before, after, focused) {
  const same = (piece) => [...piece.querySelectorAll(STOPS)].filter((one) => told(one) === told(focused));
  const found = same(after)[same(before).indexOf(focused)] ?? (focused.id && after.querySelector(`#${CSS.escape(focused.id)}`));
  if (!found) after.tabIndex = -1;
  return found || after;
}

function focusAgain(focused, other) {
  other.focus({ preventScroll: true });
  if (focused.tagName === "TEXTAREA" && other.tagName === "TEXTAREA") other.setSelectionRange(focused.selectionStart, focused.selectionEnd);
}

/** After something was done, one goes on where it was done: in the field to answer, else at the actions. */
const goOn = () => (part("f-text") ?? part("acts")).focus({ preventScroll: true });

function put(before, after) {
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  keepWords(before, after);
  setWordsAside(before, after);
  for (const open of before.querySelectorAll("details[open]")) {
    const other = after.querySelectorAll("details")[[...before.querySelectorAll("details")].indexOf(open)];
    if (other) other.open = true;
  }
  const other = focused && sameIn(before, after, focused);
  before.replaceWith(after);
  if (focused === before && after.id === "acts") goOn();
  else if (other) focusAgain(focused, other);
  if (STICKY.includes(after.id)) room.observe(after);
}

/** Lines in their order: those that are gone from the newest stay, those that are new are added. */
function mergeLines(here, fresh) {
  let last = null;
  for (const line of fresh.children) {
    const known = line.id && document.getElementById(line.id);
    if (!known) last ? last.after(line.cloneNode(true)) : here.append(line.cloneNode(true));
    else if (known.dataset.key !== line.dataset.key) put(known, line.cloneNode(true));
    last = document.getElementById(line.id);
  }
  document.getElementById("nothing")?.remove();
}

/** What sticks above and below the lines is as tall as it happens to be: what the keyboard reaches is kept clear of it. */
const room = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.isConnected) document.documentElement.style.setProperty(`--${target.id}`, `${target.offsetHeight}px`);
  }
});
for (const id of STICKY) room.observe(part(id));

function merge(page) {
  const follow = atEnd();
  for (const piece of page.querySelectorAll("[data-piece]")) {
    const here = document.getElementById(piece.id);
    if (here && here.dataset.key !== piece.dataset.key) put(here, piece);
  }
  const lines = page.querySelector("[data-lines]");
  if (lines) mergeLines(document.getElementById(lines.id), lines);
  globalThis.htmx?.process(root);
  giveWordsBack();
  if (follow) toEnd();
}

async function ask() {
  const headers = { "X-Turno-Quiet": "1", ...(etag && { "If-None-Match": etag }) };
  const answer = await fetch(root.dataset.live, { headers, cache: "no-store", redirect: "error" });
  if (answer.status === 304) return;
  const html = await answer.text();
  if (answer.status === 286) {
    over = true;
    document.getElementById("main").prepend(new DOMParser().parseFromString(html, "text/html").body.firstElementChild);
  } else if (answer.ok) {
    etag = answer.headers.get("ETag") ?? "";
    merge(new DOMParser().parseFromString(html, "text/html"));
  } else throw new Error(answer.status);
}

async function look() {
  clearTimeout(timer);
  if (looking || over || document.hidden) return;
  looking = true;
  try {
    await ask();
    wait = EVERY_MS;
    tell(over ? "Signed out" : "Live", over ? "bad" : "good");
  } catch {
    wait = Math.min(wait * 2, LONGEST_MS);
    tell("Not connected, trying again", "warn");
  }
  looking = false;
  if (!over) timer = setTimeout(look, wait);
}

document.addEventListener("visibilitychange", () => document.hidden || look());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest?.("form.composer")?.requestSubmit();
});
giveWordsBack();
if (!location.hash || location.hash === "#outcome" || location.hash === "#acts") toEnd();
// Once the browser is done with the address: it takes the focus away, and scrolls to where that leads.
const afterDeed = () => { goOn(); toEnd(); };
if (location.hash === "#outcome") addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(afterDeed)));
look();
