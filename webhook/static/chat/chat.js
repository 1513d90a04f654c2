// The chat: lines go out one after the other, and what is shown is what the desk knows, asked for again and again.

import { ask } from "./ask.js";
import * as frame from "./frame.js";
import { call, Refused, upload } from "./net.js";
import { smaller, thumbnail } from "./photo.js";
import { source } from "./picture.js";
import { Room } from "./room.js";
import { number, Session } from "./session.js";
import { speak, t } from "./words.js";

const place = document.getElementById("chat");
const { desk, name, language, wished } = place.dataset;
speak(language);
const session = new Session(desk);
const room = new Room(place, name, { say, press, show, restart });

const SOON_MS = 1200;
const LATER_MS = 8000;
const TROUBLE_MS = [1000, 2000, 5000, 15000];
const ACTIVE_MS = 120000;
const UNFIT = new Set([400, 413]);

let spokeAt = 0;
let failures = 0;
let sending = false;
let timer = 0;
let beginning = 0;
let begun = false;
const shown = new Map();
const ways = new Map();
const unread = new Set();

function say(text) {
  put({ messageId: number(), text });
}

function press(button) {
  put({ messageId: number(), text: button.label, value: button.value });
}

function put(line) {
  spokeAt = Date.now();
  session.put({ ...line, ts: new Date().toISOString() });
  drawUnsent();
  flush();
}

const drawUnsent = () => session.unsent.forEach((line) => draw({ ...line, who: "user", kind: "text", state: "waiting" }));

async function show(file) {
  const messageId = number();
  const line = { messageId, who: "user", kind: "image", ts: new Date().toISOString(), state: "waiting", progress: 0 };
  try {
    const photo = await smaller(file);
    line.photo = URL.createObjectURL(photo);
    shown.set(messageId, line.photo);
    draw(line);
    session.rememberPhoto(messageId, await thumbnail(photo));
    spokeAt = Date.now();
    await upload(photo, session, messageId, (progress) => draw({ ...line, progress }));
    draw({ ...line, state: "sent", progress: undefined });
    await hear();
  } catch (problem) {
    explain(problem instanceof Error && problem.message === "wrong_photo" ? new Refused(400, { error: "no_image" }) : problem);
  }
}

// Asked for first; and the conversation is put aside, so that one can come back to it.
async function restart() {
  if (!(await ask(t("restart_ask"), t("restart_tell"), t("restart"), t("cancel")))) return;
  session.putAside();
  await beginAnew();
}

async function comeBack() {
  session.comeBack();
  await beginAnew();
}

async function beginAnew() {
  room.clear();
  unread.clear();
  failures = 0;
  await begin();
  room.focus();
}

// Lines go one by one, in order; one that got no answer goes again with its number, so that it counts once.
async function flush() {
  if (sending || !session.id) return;
  sending = true;
  room.typing(true);
  try {
    while (session.unsent.length) {
      const line = session.unsent[0];
      await send(line);
      session.arrived(line.messageId);
      await hear();
    }
    failures = 0;
  } catch (problem) {
    await explain(problem);
  } finally {
    sending = false;
    room.typing(false);
    next();
  }
}

// A line that is refused for what it is will never be taken, so it goes; one that only waited in line stays.
async function send(line) {
  const told = line.value ? { action: "button", value: line.value, label: line.text } : { message: line.text };
  try {
    await call("chat", { ...told, messageId: line.messageId }, session);
  } catch (problem) {
    if (problem instanceof Refused && UNFIT.has(problem.status)) session.arrived(line.messageId);
    throw problem;
  }
}

async function hear() {
  take(await call("messages", { after: session.cursor }, session));
}

// What was said, and from where on to ask again. A greeting has no id: it is recorded with the first line only.
function take(told) {
  room.connection(true);
  if (told.language && speak(told.language)) room.relabel();
  told.lines.forEach(draw);
  session.cursor = told.cursor;
  session.remember(told.lines);
  const theirs = told.lines.filter((line) => line.who !== "user" && line.id);
  theirs.filter((line) => line.id > session.seen).forEach((line) => unread.add(line.id));
  if (theirs.length) acknowledge(theirs.at(-1).id);
}

// The desk's ticks: it is on the screen, and when the page is looked at it has been read.
function acknowledge(id) {
  const seen = frame.isOpen();
  if (seen) {
    session.sawUpTo(id);
    unread.clear();
  }
  frame.unread(unread.size);
  call("messages", { after: session.cursor, [seen ? "read" : "arrived"]: id }, session).catch(() => {});
}

// The chat is looked at: what came meanwhile is read now.
function opened() {
  if (unread.size) acknowledge(Math.max(...unread));
  room.focus();
  listen();
}

function draw(line) {
  const photo = line.photo ?? shown.get(line.messageId) ?? session.photos[line.messageId] ?? source(line, session, draw);
  room.put({ ...line, photo, ways: [...(line.ways ?? []), ...(ways.get(line.id) ?? [])] });
  if (line.ticketId && !ways.has(line.id)) point(line);
}

// Under the words of a ticket stand the ways to it: its public page, and WhatsApp.
async function point(line) {
  ways.set(line.id, []);
  try {
    const told = await call("ticket/link", { ticketId: line.ticketId }, session);
    ways.set(line.id, told.ui.externalButtons.filter((way) => !(line.ways ?? []).some((known) => sameHost(known.url, way.url))));
    draw(line);
  } catch { ways.delete(line.id); }
}

const sameHost = (one, other) => new URL(one).host === new URL(other).host;

// What was shown last is there at once, also without a connection; what the desk knows takes its place.
async function begin() {
  if (!failures) drawKept();
  try {
    const kept = session.id && (await call("session/validate", {}, session).catch(forgetIfOver));
    const told = kept ? { ...kept.session, lines: kept.session.transcript, presence: kept.presence } : await greet();
    room.present(told.presence);
    room.clear();
    take(told);
    drawUnsent();
    offerToComeBack();
    failures = 0;
    begun = true;
    document.documentElement.dataset.ready = "";
    flush();
  } catch (problem) {
    await explain(problem);
    clearTimeout(beginning);
    beginning = setTimeout(begin, wait(problem));
  }
  next();
}

function drawKept() {
  if (session.id) session.lines.forEach(draw);
  drawUnsent();
  offerToComeBack();
}

function offerToComeBack() {
  if (session.before) room.offer(t("restarted"), t("undo"), comeBack);
}

function forgetIfOver(problem) {
  if (problem instanceof Refused && problem.status < 500) return session.forget();
  throw problem;
}

async function greet() {
  const told = await call("greeting", { desk, locale: wished || navigator.language });
  session.begin(told.sessionId, told.csrfToken);
  return told;
}

function wait(problem) {
  if (problem instanceof Refused && problem.waitS) return problem.waitS * 1000;
  return TROUBLE_MS[Math.min(failures++, TROUBLE_MS.length - 1)];
}

async function explain(problem) {
  if (!(problem instanceof Refused)) return room.connection(false);
  if (problem.status === 404 && session.id) {
    room.tell(t("ended"));
    session.forget();
    return begin();
  }
  if (problem.status === 429) return room.tell(t("slow", { s: problem.waitS }));
  if (problem.reason === "concurrent_user_limit") return room.tell(t("crowded", { s: problem.waitS }));
  if (problem.reason === "no_image" || problem.reason === "image_size") return room.tell(t("wrong_photo"));
  if (problem.reason === "too_many_images") return room.tell(t("many_photos"));
  if (problem.status === 413) return room.tell(t("large_photo"));
  if (problem.status >= 500) return room.tell(t("trouble"));
  return room.tell(t("failed"));
}

function next() {
  clearTimeout(timer);
  if (document.visibilityState === "hidden") return;
  const pause = failures ? wait() : Date.now() - spokeAt < ACTIVE_MS ? SOON_MS : LATER_MS;
  timer = setTimeout(listen, pause);
}

async function listen() {
  if (session.id && !sending) {
    try {
      await hear();
      failures = 0;
      if (session.unsent.length) flush();
    } catch (problem) {
      failures += 1;
      if (problem instanceof Refused) await explain(problem);
      else room.connection(false);
    }
  }
  next();
}

document.addEventListener("visibilitychange", () => (frame.isOpen() && unread.size ? opened() : listen()));
frame.watch(opened);

// So that the page opens without a connection, from the first visit on.
async function keepThePage() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const first = !navigator.serviceWorker.controller;
  try {
    await navigator.serviceWorker.register("/chat/worker.js", { scope: "/chat/" });
    const { active } = await navigator.serviceWorker.ready;
    if (first) active.postMessage({ keep: [location.href, ...performance.getEntriesByType("resource").map((one) => one.name)] });
  } catch { /* then the page needs a connection */ }
}

addEventListener("online", () => { failures = 0; (begun ? listen : begin)(); });
addEventListener("offline", () => room.connection(false));
keepThePage();
begin().then(() => { if (!frame.framed && matchMedia("(pointer: fine)").matches) room.focus(); });
