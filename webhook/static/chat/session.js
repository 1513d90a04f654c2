// The session of this browser, the lines that are not there yet, and the newest lines as they were shown last. All of it
// survives a reload, and goes when the session is over.

const MOST_LINES = 80;
const MOST_PHOTOS = 8;
const EMPTY = { id: "", token: "", unsent: [], lines: [], photos: {}, seen: 0 };
const KEPT = Object.keys(EMPTY);

export class Session {
  constructor(desk) {
    this.key = `turno:${desk || "chat"}`;
    const kept = read(this.key);
    Object.assign(this, EMPTY, pick(kept));
    this.before = kept.before ?? null;
    this.cursor = "0.0";
  }

  begin(id, token) {
    Object.assign(this, EMPTY, { id, token, unsent: this.unsent, cursor: "0.0" });
    this.keep();
  }

  forget() {
    this.begin("", "");
  }

  // Another conversation begins; this one is put aside, so that one can come back to it.
  putAside() {
    this.before = this.id ? pick(this) : null;
    this.unsent = [];
    this.forget();
  }

  // Back to the conversation that was put aside. The one of now is, when something was said in it.
  comeBack() {
    const back = this.before;
    this.before = this.lines.some((line) => line.who === "user") ? pick(this) : null;
    Object.assign(this, EMPTY, back, { cursor: "0.0" });
    this.keep();
  }

  put(line) {
    this.unsent.push(line);
    this.keep();
  }

  arrived(messageId) {
    this.unsent = this.unsent.filter((line) => line.messageId !== messageId);
    this.keep();
  }

  remember(lines) {
    const known = new Map(this.lines.map((line) => [keyOf(line), line]));
    for (const line of lines) known.set(keyOf(line), line);
    this.lines = [...known.values()].slice(-MOST_LINES);
    this.keep();
  }

  rememberPhoto(messageId, small) {
    this.photos = Object.fromEntries([...Object.entries(this.photos), [messageId, small]].slice(-MOST_PHOTOS));
    this.keep();
  }

  sawUpTo(id) {
    if (id <= this.seen) return;
    this.seen = id;
    this.keep();
  }

  // Photos are the first to go where there is no room for all of it.
  keep() {
    write(this.key, { ...pick(this), before: this.before }) || write(this.key, { ...pick(this), photos: {}, before: null });
  }
}

const pick = (from) => Object.fromEntries(KEPT.filter((name) => name in from).map((name) => [name, from[name]]));
const keyOf = (line) => String(line.messageId ?? line.id ?? `${line.ts} ${line.text}`);

function write(key, kept) {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    return true;
  } catch { return false; } // a browser that keeps nothing forgets the chat on a reload
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

export const number = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
