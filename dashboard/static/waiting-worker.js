// Asks who waits for a person, also while the page is hidden: browsers slow the timers of a hidden page, not a worker's.

const EVERY_MS = 3000, LONGEST_MS = 60000;
let wait = EVERY_MS;

async function ask(url) {
  const answer = await fetch(url, { headers: { "X-Turno-Quiet": "1" }, cache: "no-store", redirect: "error" });
  if (answer.status === 286 || answer.status === 401 || answer.status === 403) return { over: true };
  if (answer.status !== 200) throw new Error(answer.status);
  return answer.json();
}

async function look(url) {
  let told = {};
  try {
    told = await ask(url);
    wait = EVERY_MS;
    postMessage(told);
  } catch {
    wait = Math.min(wait * 2, LONGEST_MS);
  }
  if (!told.over) setTimeout(look, wait, url);
}

addEventListener("message", (event) => setTimeout(look, EVERY_MS, event.data));
