/* The offline shell: what the page is made of, never what it shows. Nothing under /api is kept. */
const VERSION = 'accord-shell-1'
const SHELL = ['/', '/theme.js', '/manifest.webmanifest', '/icons/accord.svg']

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

const isAsset = (path) => path.startsWith('/assets/') || path.startsWith('/icons/') || SHELL.includes(path)

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/r/')) return
  if (event.request.mode === 'navigate') event.respondWith(page(event.request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(kept(event.request))
  else if (isAsset(url.pathname)) event.respondWith(fresh(event.request))
})

/** The newest page while there is a connection, the last one without; every address is the same page. */
async function page(request) {
  try {
    const answer = await fetch(request)
    if (answer.ok && (answer.headers.get('Content-Type') || '').includes('text/html')) {
      const cache = await caches.open(VERSION)
      await cache.put('/', answer.clone())
    }
    return answer
  } catch {
    return (await caches.match('/')) || Response.error()
  }
}

/** A hashed file never changes. Old ones go when their number grows. */
async function kept(request) {
  const found = await caches.match(request)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok) {
    const cache = await caches.open(VERSION)
    await cache.put(request, answer.clone())
    const assets = (await cache.keys()).filter((one) => new URL(one.url).pathname.startsWith('/assets/'))
    await Promise.all(assets.slice(0, Math.max(0, assets.length - 250)).map((one) => cache.delete(one)))
  }
  return answer
}

async function fresh(request) {
  try {
    const answer = await fetch(request)
    if (answer.ok) await (await caches.open(VERSION)).put(request, answer.clone())
    return answer
  } catch {
    return (await caches.match(request)) || Response.error()
  }
}
