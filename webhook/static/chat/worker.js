// Keeps the page itself, so that it opens without a connection. What is said is never kept here.

const NAME = "turno-chat-1";

self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name)))),
));

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
