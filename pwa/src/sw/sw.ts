/// <reference lib="webworker" />
/**
 * Serves the app's own files without a network, and wakes the pages when the network is back. It decides nothing and holds no entry.
 *
 * Each version has a cache of its own, `app-<version>`. The one before it is kept, for tabs that still run on it; older ones go. A
 * new version waits until every tab is closed, or until a page says that no form is open.
 */
import { type FromWorker, SYNC_TAG, type ToWorker } from '../domain/messages';
import { APP_VERSION, PRECACHE, type PrecacheFile } from './build.ts';

declare const self: ServiceWorkerGlobalScope;

const PREFIX = 'app-';
const CACHE = PREFIX + APP_VERSION;
const PAGE = '/app/';
/** What varies by request varies in how it is packed; kept files are unpacked. */
const ANY = { ignoreVary: true };
/** The hash of a file's content, remembered beside it. */
const HASH = 'X-Content-Hash';
/** Stands in the cache of a version that became active, with the how manieth time that was: a version may come back. */
const SERVED = '/app/served';

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('message', (event) => {
  if ((event.data as ToWorker | null)?.type === 'take-over') event.waitUntil(self.skipWaiting());
});

self.addEventListener('sync', (event) => {
  const { tag } = event as ExtendableEvent & { tag: string };
  if (tag === SYNC_TAG) (event as ExtendableEvent).waitUntil(wakePages());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(page(request, url));
  else event.respondWith(file(request));
});

/** All files or none: a version that is not whole is never installed. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(PRECACHE.map((wanted) => put(cache, wanted)));
}

/** Takes a file over from an earlier version when its content is the same, so that an update costs what changed. */
async function put(cache: Cache, { url, hash }: PrecacheFile): Promise<void> {
  const had = await caches.match(url, ANY);
  if (had?.headers.get(HASH) === hash) return cache.put(url, had);
  const response = await fetch(url, { cache: 'no-cache' });
  if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`);
  const body = await response.arrayBuffer();
  if ((await digest(body)) !== hash) throw new Error(`${url}: other bytes`); // a portal's page, or a server that is being changed
  const headers = new Headers(response.headers);
  headers.set(HASH, hash);
  for (const done of ['Content-Encoding', 'Content-Length']) headers.delete(done); // the body is unpacked already
  await cache.put(url, new Response(body, { status: 200, headers }));
}

/** The hash of a file as the build writes it: 16 hex digits of its SHA-256. */
async function digest(body: ArrayBuffer): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', body)).slice(0, 8);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keeps this version's files and those of the version that served until now, which open tabs may still ask for. */
async function activate(): Promise<void> {
  const before = await Promise.all((await others()).map(async (name) => ({ name, turn: await turnOf(name) })));
  const last = before.reduce((best, one) => (one.turn >= best.turn ? one : best), { name: '', turn: 1 });
  await Promise.all(before.filter(({ name }) => name !== last.name).map(({ name }) => caches.delete(name)));
  await (await caches.open(CACHE)).put(SERVED, new Response(String(last.turn + 1)));
  await self.clients.claim(); // the page that installed it can lose the network before it is loaded again
}

/** The how manieth activation a cache's version was; 0 when it never was active, as one that was broken off. */
async function turnOf(name: string): Promise<number> {
  const served = await (await caches.open(name)).match(SERVED);
  return served ? Number(await served.text()) || 1 : 0;
}

const others = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);

/** The app's page for every address in it. */
async function page(request: Request, url: URL): Promise<Response> {
  const known = url.pathname.startsWith(PAGE) ? await (await caches.open(CACHE)).match(PAGE, ANY) : undefined;
  return known ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  const known = (await (await caches.open(CACHE)).match(request, ANY)) ?? (await caches.match(request, ANY));
  return known ?? fetch(request);
}

/** With no page open nothing is lost: the next one sends when it starts. */
async function wakePages(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window' });
  for (const client of pages) client.postMessage({ type: 'sync' } satisfies FromWorker);
}
