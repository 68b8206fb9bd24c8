/**
 * The only code that speaks to the network. A failure is a value: whoever asked decides what it means, and nothing on the phone is
 * ever removed for one.
 */
import type { components } from './schema.gen';

/** What the network is reached by; a simulator brings its own. `after` calls back once and gives the way to stop it. */
export type Net = {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Origin, empty for the page's own. */
  base: string;
  now: () => number;
  after: (ms: number, fn: () => void) => () => void;
};

export type Problem = components['schemas']['Problem'];

/**
 * Why there is no answer. `offline`: nothing came; `portal`: something that is not our server answered, as in a café; `slow`: the
 * time was up; `status`: the server, or what stands before it, said no.
 */
export type Failure = {
  ok: false;
  why: 'offline' | 'portal' | 'slow' | 'status';
  status: number;
  problem: Problem | null;
  /** ms to wait, where the server said so. */
  retryAfter: number | null;
  cause?: unknown;
};

/** An answer, and how far the phone's clock was ahead of a moment in the middle of asking, given the server's. */
export type Reply<T> = { ok: true; body: T; middle: number } | Failure;

export type Ask = { method?: 'DELETE'; path: string; body?: unknown; token?: string | null; timeout: number };

const GZIP_FROM = 1024;
const LONGEST_WAIT = 3_600_000;

/** Asks the server; GET without a body, POST with one, unless another method is said. Never rejects. */
export async function ask<T>(net: Net, { method, path, body, token, timeout }: Ask): Promise<Reply<T>> {
  const stop = new AbortController();
  let late = false;
  const cancel = net.after(timeout, () => {
    late = true;
    stop.abort();
  });
  const sent = net.now();
  try {
    const response = await net.fetch(net.base + path, {
      ...(await requestOf(body, token)),
      ...(method && { method }),
      signal: stop.signal,
    });
    return await read<T>(net, response, sent);
  } catch (cause) {
    return { ok: false, why: late ? 'slow' : 'offline', status: 0, problem: null, retryAfter: null, cause };
  } finally {
    cancel();
  }
}

async function requestOf(body: unknown, token: string | null | undefined): Promise<RequestInit> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  const rest = { credentials: 'omit', cache: 'no-store', redirect: 'manual' } as const; // our server never sends one on: a portal does
  if (body === undefined) return { method: 'GET', headers, ...rest };
  headers['Content-Type'] = 'application/json';
  const text = new TextEncoder().encode(JSON.stringify(body));
  if (text.length <= GZIP_FROM || typeof CompressionStream === 'undefined')
    return { method: 'POST', headers, body: text, ...rest };
  headers['Content-Encoding'] = 'gzip';
  return { method: 'POST', headers, body: await gzip(text), ...rest };
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

async function read<T>(net: Net, response: Response, sent: number): Promise<Reply<T>> {
  const type = response.headers.get('Content-Type') ?? '';
  const { status } = response;
  if (status === 204) return { ok: true, body: null as T, middle: (sent + net.now()) / 2 };
  if (response.ok && type.startsWith('application/json')) {
    const body: unknown = await response.json().catch(notOurs);
    return body === undefined ? elsewhere(status) : { ok: true, body: body as T, middle: (sent + net.now()) / 2 };
  }
  if (response.ok || isSentOn(response)) return elsewhere(status);
  const problem = type.startsWith('application/problem+json') ? ((await response.json()) as Problem) : null;
  return { ok: false, why: 'status', status, problem, retryAfter: retryAfter(net, response) };
}

/** Text that is no JSON was not written by our server; half an answer is a broken road. */
function notOurs(error: unknown): undefined {
  if (!(error instanceof SyntaxError)) throw error;
}

const NETWORK_WANTS_SIGN_IN = 511;
const isSentOn = ({ type, status }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400) || status === NETWORK_WANTS_SIGN_IN;

const elsewhere = (status: number): Failure => ({ ok: false, why: 'portal', status, problem: null, retryAfter: null });

/** JSON that is not the answer comes from something that is not our server. */
export function believe<T>(reply: Reply<T>, fits: (body: T) => boolean): Reply<T> {
  return !reply.ok || (reply.body && fits(reply.body)) ? reply : elsewhere(200);
}

function retryAfter(net: Net, response: Response): number | null {
  const said = response.headers.get('Retry-After');
  if (said === null) return null;
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - net.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_WAIT);
}
