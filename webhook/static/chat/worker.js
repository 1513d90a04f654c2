// Keeps the page itself, so that it opens without a connection. What is said is never kept here.

const NAME = "turno-chat-1";

self.addEventListener("activate", (event) => event.waitUntil(
  self.clients.claim().then(() => caches.keys()).then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)))),
));

self.addEventListener("install", () => self.skipWaiting());

// The page tells what it is made of when it comes for the first time, before this worker sees what it asks for.
self.addEventListener("message", (event) => event.waitUntil(keep(event.data?.keep ?? [])));

async function keep(addresses) {
  const kept = await caches.open(NAME);
  await Promise.all(addresses.filter((one) => new URL(one).pathname.startsWith("/chat/")).map((one) => kept.add(one).catch(() => {})));
}

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).pathname.startsWith("/chat/")) event.respondWith(fresh(event.request));
});

async function fresh(request) {
  const kept = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (problem) {
    const old = await kept.match(request);
    if (old) return old;
    throw problem;
  }
}
