// The page: draws everything once, and then what changed.

import { drawDrawer, toggleDrawer } from "./drawer.js";
import { el, icon } from "./dom.js";
import { listen } from "./net.js";
import { drawRail } from "./rail.js";
import { drawLog, drawPresence, drawRoom } from "./room.js";
import { choose, heard, load, lookedAt, setLink, store, watch } from "./store.js";
import { switchLanguage, t } from "./words.js";

const app = document.getElementById("app");
const page = document.documentElement;

const isDark = () => (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function flipTheme() {
  page.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem("theme", page.dataset.theme);
  rail();
}

const tool = (name, label, act, focus) => el("button", { class: "tool", type: "button", "aria-label": label, title: label, "data-focus": focus, onclick: act }, icon(name));

const rail = () => drawRail([
  el("button", { class: "tool text", type: "button", "aria-label": t("language"), title: t("language"), "data-focus": "language", onclick: speakOther }, t("toggle")),
  tool(isDark() ? "sun" : "moon", t(isDark() ? "light" : "dark"), flipTheme, "theme"),
]);

function room() {
  drawRoom([tool("bug", t("faults"), () => toggleDrawer(), "faults")], () => { store.open = false; app.classList.remove("in-chat"); rail(); });
  app.classList.toggle("in-chat", store.open);
}

function speakOther() {
  switchLanguage();
  rail();
  room();
  drawDrawer();
}

const DRAWN = {
  chosen: () => { room(); rail(); remember(); },
  bubble: () => { drawLog(); rail(); },
  tick: () => { drawLog(); rail(); },
  reaction: () => drawLog(),
  typing: () => { drawPresence(); rail(); },
  seen: rail, people: rail, link: rail, faults: drawDrawer,
};

function remember() {
  history.replaceState(null, "", `#${store.number}/${encodeURIComponent(store.customer)}`);
}

function remembered() {
  const [number, customer] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const known = store.customers.some((c) => c.id === customer) && store.businesses.some((b) => b.number === number);
  return known ? [customer, number] : [store.customers[0].id, store.businesses[0].number];
}

async function begin() {
  const theme = localStorage.getItem("theme");
  if (theme) page.dataset.theme = theme;
  const seq = await load();
  watch((what) => DRAWN[what]?.());
  await choose(...remembered(), { open: location.hash !== "" });
  listen(seq, heard, setLink);
  document.addEventListener("visibilitychange", lookedAt);
  page.dataset.ready = "true";
}

begin();
