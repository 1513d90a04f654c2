// Talking to the simulator: calls, and news by stream; by asking again and again where streams do not pass.

const root = document.getElementById("app").dataset.root;
const POLL_MS = 1500;

async function call(path, options = {}) {
  const answer = await fetch(root + path, options);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error ?? `HTTP ${answer.status}`);
  return body;
}

const asJson = (method, body) => ({ method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const of = (customer) => `customers/${encodeURIComponent(customer)}`;

export const config = () => call("config");
export const transcript = (customer, number) => call(`${of(customer)}/chat?number=${number}`);
export const say = (customer, number, said) => call(`${of(customer)}/messages`, asJson("POST", { number, ...said }));
export const seen = (customer, number) => call(`${of(customer)}/read`, asJson("POST", { number }));
export const join = (customer) => call("customers", asJson("POST", customer));
export const setFault = (fault) => call("faults", asJson("POST", fault));
export const clearFault = (name = "") => call(`faults?name=${encodeURIComponent(name)}`, { method: "DELETE" });
export const reset = () => call("reset", asJson("POST", {}));
export const sampleVoice = async () => (await fetch(`${root}samples/voice`)).blob();

export async function upload(blob) {
  const type = blob.type || "application/octet-stream";
  return (await call("media", { method: "POST", headers: { "Content-Type": type }, body: blob })).id;
}

export function listen(after, heard, state) {
  let last = after;
  const take = (change) => { last = change.seq; heard(change); };
  const source = new EventSource(`${root}events?after=${after}`);
  let polling = null;
  const poll = async () => {
    try {
      const news = await call(`events?after=${last}`);
      news.changes.forEach(take);
      state("slow");
    } catch { state("lost"); }
  };
  source.onmessage = (message) => {
    const change = JSON.parse(message.data);
    if (change.event !== "hello" && change.seq > last) take(change);
  };
  source.onopen = () => { clearInterval(polling); polling = null; state("live"); };
  source.onerror = () => { state("lost"); polling ??= setInterval(poll, POLL_MS); };
}
