// The session of this browser, and the lines that are not there yet. Both survive a reload.

export class Session {
  constructor(desk) {
    this.key = `turno:${desk || "chat"}`;
    const kept = read(this.key);
    this.id = kept.id ?? "";
    this.token = kept.token ?? "";
    this.unsent = kept.unsent ?? [];
    this.cursor = "0.0";
  }

  begin(id, token) {
    this.id = id;
    this.token = token;
    this.cursor = "0.0";
    this.keep();
  }

  forget() {
    this.begin("", "");
  }

  put(line) {
    this.unsent.push(line);
    this.keep();
  }

  arrived(messageId) {
    this.unsent = this.unsent.filter((line) => line.messageId !== messageId);
    this.keep();
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ id: this.id, token: this.token, unsent: this.unsent }));
    } catch { /* a browser that keeps nothing forgets the chat on a reload */ }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

export const number = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
