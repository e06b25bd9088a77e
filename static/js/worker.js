// The service worker, behind a first line that says what to keep (accounts/device_views.py).
// It keeps the files that all pages load and the page that stands in without a network. It keeps
// no page of a person: a telephone is handed round.

const { shell } = self;
const NAME = `shell-${shell.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      // Without cookies: nobody's menu, nobody's token.
      await cache.add(new Request(shell.page, { credentials: "omit", cache: "reload" }));
      await cache.addAll(shell.files);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

async function file(request) {
  // A font's address carries a query of its own.
  const found = await caches.match(request, { cacheName: NAME, ignoreSearch: true });
  return found ?? fetch(request);
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    // What was sent waits in the page's own store already; see static/js/drafts.js.
    if (request.method !== "GET") return Response.redirect(shell.page, 303);
    return caches.match(shell.page, { cacheName: NAME });
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && address.pathname.startsWith(shell.static)) {
    event.respondWith(file(request));
  }
});
