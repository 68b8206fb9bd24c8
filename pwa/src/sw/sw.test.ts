import { beforeEach, describe, expect, it, vi } from 'vitest';

type Listener = (event: Record<string, unknown>) => void;
type Files = { url: string; hash: string }[];

/** Caches as browsers have them, in memory, in order of making. */
class FakeCaches {
  stores = new Map<string, Map<string, Response>>();
  open = async (name: string) => {
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    const key = (request: string | Request) =>
      new URL(typeof request === 'string' ? request : request.url, 'https://example.org').pathname;
    return {
      match: async (request: string | Request) => store.get(key(request))?.clone(),
      put: async (request: string | Request, response: Response) => void store.set(key(request), response),
    };
  };
  match = async (request: string | Request) => {
    for (const name of this.stores.keys()) {
      const found = await (await this.open(name)).match(request);
      if (found) return found;
    }
    return undefined;
  };
  keys = async () => [...this.stores.keys()];
  delete = async (name: string) => this.stores.delete(name);
}

let caches: FakeCaches;
let server: Record<string, string>;
let fetched: string[];
let skipped: number;
let told: unknown[];

/** The worker of a version, as a browser would start it. */
async function worker(version: string, files: Files) {
  const listeners: Record<string, Listener> = {};
  vi.resetModules();
  const clients = {
    claim: async () => undefined,
    matchAll: async () => [{ postMessage: (message: unknown) => void told.push(message) }],
  };
  const self = {
    location: { origin: 'https://example.org' },
    skipWaiting: async () => void (skipped += 1),
    clients,
    addEventListener: (type: string, fn: Listener) => void (listeners[type] = fn),
  };
  const fetch = async (what: string | Request) => {
    const path = new URL(typeof what === 'string' ? what : what.url, 'https://example.org').pathname;
    fetched.push(path);
    return path in server
      ? new Response(server[path], { headers: { Vary: 'Accept-Encoding' } })
      : new Response('', { status: 404 });
  };
  Object.assign(globalThis, { self, caches, fetch, __PRECACHE__: files, __APP_VERSION__: version });
  await import('./sw.ts');
  const run = async (type: string, more: Record<string, unknown> = {}) => {
    const work: Promise<unknown>[] = [];
    let answer = undefined as Promise<Response> | undefined;
    listeners[type]?.({
      ...more,
      waitUntil: (p: Promise<unknown>) => void work.push(p),
      respondWith: (p: Promise<Response>) => void (answer = p),
    });
    await Promise.all(work);
    return { answer };
  };
  const get = async (path: string, { mode = 'cors', method = 'GET' } = {}) => {
    const { answer } = await run('fetch', {
      request: { url: new URL(path, 'https://example.org').href, method, mode },
    });
    return answer?.then((response) => response.text());
  };
  return { run, get };
}

/** As the build makes it: 16 hex digits of the SHA-256. */
async function hash(body: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
const build = async (page: string): Promise<Files> => [
  { url: '/app/', hash: await hash(page) },
  { url: '/assets/same.js', hash: await hash('same') },
];
const [ONE, TWO, THREE] = await Promise.all([build('page 1'), build('page 2'), build('page 3')]);

beforeEach(() => {
  caches = new FakeCaches();
  server = { '/app/': 'page 1', '/assets/same.js': 'same' };
  [fetched, skipped, told] = [[], 0, []];
});

async function served(version: string, files: Files) {
  const w = await worker(version, files);
  await w.run('install');
  await w.run('activate');
  return w;
}

describe('the worker', () => {
  it('serves the page for every address of the app, and its files, without a network', async () => {
    const w = await served('1', ONE);
    server = {};
    for (const path of ['/app/', '/app/mine?x=1', '/app/a/b'])
      expect(await w.get(path, { mode: 'navigate' })).toBe('page 1');
    expect(await w.get('/assets/same.js')).toBe('same');
  });

  it('never touches the API, other origins, other methods, or pages outside the app', async () => {
    const w = await served('1', ONE);
    expect(await w.get('/api/v1/sync/changes')).toBeUndefined();
    expect(await w.get('https://other.example/x')).toBeUndefined();
    expect(await w.get('/app/', { method: 'POST' })).toBeUndefined();
    server['/l/munkfors'] = 'citizens';
    expect(await w.get('/l/munkfors', { mode: 'navigate' })).toBe('citizens');
  });

  it('fetches only what changed, keeps the version before for open tabs, and drops older ones', async () => {
    await served('1', ONE);
    server['/app/'] = 'page 2';
    fetched = [];
    const w = await served('2', TWO);
    expect(fetched).toEqual(['/app/']);
    expect(await caches.keys()).toEqual(['app-1', 'app-2']);
    expect(await w.get('/app/', { mode: 'navigate' })).toBe('page 2');
    server['/app/'] = 'page 3';
    await served('3', THREE);
    expect(await caches.keys()).toEqual(['app-2', 'app-3']);
  });

  it('does not take a version that was broken off for the one before', async () => {
    await served('1', ONE);
    server['/app/'] = 'page 2';
    const broken = await worker('2', [...TWO, { url: '/assets/missing.js', hash: 'm' }]);
    await expect(broken.run('install')).rejects.toThrow('missing.js');
    server['/app/'] = 'page 3';
    await served('3', THREE);
    expect(await caches.keys()).toEqual(['app-1', 'app-3']);
  });

  it('goes back a version, and keeps the one that it comes from', async () => {
    await served('1', ONE);
    server['/app/'] = 'page 2';
    await served('2', TWO);
    server['/app/'] = 'page 1';
    await served('1', ONE);
    expect(await caches.keys()).toEqual(['app-1', 'app-2']);
    server['/app/'] = 'page 3';
    const w = await served('3', THREE);
    expect(await caches.keys()).toEqual(['app-1', 'app-3']);
    expect(await w.get('/app/', { mode: 'navigate' })).toBe('page 3');
  });

  it('is not installed from what a portal answers in place of a file', async () => {
    await served('1', ONE);
    server['/app/'] = '<h1>Welcome aboard</h1>';
    await expect((await worker('2', TWO)).run('install')).rejects.toThrow('/app/: other bytes');
  });

  it('leaves caches of others alone', async () => {
    await caches.open('map-7');
    await served('1', ONE);
    expect(await caches.keys()).toEqual(['map-7', 'app-1']);
  });

  it('takes over only when a page asks', async () => {
    const w = await served('1', ONE);
    await w.run('message', { data: { type: 'else' } });
    await w.run('message', { data: null });
    expect(skipped).toBe(0);
    await w.run('message', { data: { type: 'take-over' } });
    expect(skipped).toBe(1);
  });

  it('wakes the pages when the network is back', async () => {
    const w = await served('1', ONE);
    await w.run('sync', { tag: 'else' });
    await w.run('sync', { tag: 'send' });
    expect(told).toEqual([{ type: 'sync' }]);
  });
});
