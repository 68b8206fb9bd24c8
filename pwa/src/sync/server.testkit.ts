/**
 * A server for tests: keeps events by docs/api/protocol.md as far as a phone can tell, in memory, and can be told to misbehave. A
 * fault is a function that is asked once, in order, with the request and the honest answer.
 */
import { stampOf } from '../domain/clock';
import { decode, type Event, type Value } from '../domain/event';
import { newId } from '../domain/id';
import type { Entity, LogHead, Receipt, Result, Tally } from '../domain/log';
import { fold } from '../domain/merge';
import { emptyState } from '../domain/state';
import { digestOf } from './digest';

type Item = { id: string; inc: string; n: number; ev: string; again: boolean };
export type PushBody = { turn: number; head: LogHead | null; inc: string; pending: number; events: Item[] };
export type Asked = { path: string; url: URL; body: PushBody; authorization: string | null; encoding: string | null };
export type Fault = (asked: Asked, honest: () => Promise<Response>) => Promise<Response> | Response;

export const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), {
    status: 200,
    headers: { 'Content-Type': 'application/json', ...(init.headers as object) },
    ...(init.status ? { status: init.status } : {}),
  });

export const problem = (status: number, headers: Record<string, string> = {}, code = `${status}`): Response =>
  new Response(JSON.stringify({ type: `/problems/${code}`, title: 't', status, sv: 'sv', en: 'en' }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });

export const portal = (): Response =>
  new Response('<h1>Wi-Fi</h1>', { status: 200, headers: { 'Content-Type': 'text/html' } });

/** An answer whose road breaks while it comes. */
export const halfAnswer = (): Response => {
  const body = new ReadableStream({ pull: (part) => part.error(new TypeError('network error')) });
  return new Response(body, { headers: { 'Content-Type': 'application/json' } });
};

/** Never answers; only a time-out ends it. */
export const silence = (): Promise<Response> => new Promise(() => (silences += 1));

let silences = 0;
/** Requests that are met with silence and were not given up yet. */
export const silent = (): number => silences;

/** A new test begins. */
export const forgetSilence = (): void => void (silences = 0);

export const lost = (): never => {
  throw new TypeError('Failed to fetch');
};

export class FakeServer {
  epoch = newId(1);
  log: {
    id: string;
    e: string;
    inc: string;
    n: number;
    text: string;
    standing: 'ok' | 'parked' | 'erased';
    why?: string;
  }[] = [];
  /** What each request asked, in order. */
  asked: Asked[] = [];
  faults: Fault[] = [];
  /** Verdict on an event, ok by default. */
  judge: (event: Event) => Partial<Result> = () => ({});
  safe = 0;
  tally: Tally | null = null;
  extra: Entity[] = [];
  /** Hashes of photos that a later server lacks. */
  need: string[] = [];
  erased: string[] = [];
  limits = { events: 500, bytes: 1 << 20 };
  now: () => number = () => 0;
  token = 'token';
  /** Tokens that were signed out. */
  left: string[] = [];
  changes: () => object = () => ({});
  /** Answers a code. */
  enrolling: (body: { code: string; token: string; inc: string }) => Response = () => problem(404);

  /** What the phone reaches the network by. */
  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const asked = await open(url, init);
    this.asked.push(asked);
    const honest = async () => this.#answer(asked);
    const fault = this.faults.shift();
    const answer = fault ? fault(asked, honest) : honest();
    const stopped = new Promise<never>((_, reject) =>
      init.signal?.addEventListener('abort', () => {
        if (silences > 0) silences -= 1;
        reject(new DOMException('stopped', 'AbortError'));
      }),
    );
    return Promise.race([answer, stopped]);
  };

  get pushes(): Asked[] {
    return this.asked.filter(({ path }) => path === '/api/v1/sync/push');
  }

  head(): LogHead {
    return { epoch: this.epoch, seq: this.log.length, chain: chainOf(this.log.map(({ id }) => id)) };
  }

  /** Goes back to how it was at a seq, as from a backup. */
  restore(seq: number): void {
    this.log = this.log.slice(0, seq);
    this.epoch = newId(this.log.length + 2);
  }

  entities(): Entity[] {
    const ids = [...new Set(this.log.map(({ e }) => e))];
    return [...this.extra, ...ids.map((e) => this.#entity(e))];
  }

  async #answer(asked: Asked): Promise<Response> {
    if (asked.path === '/api/v1/enrol')
      return this.enrolling(asked.body as unknown as { code: string; token: string; inc: string });
    if (asked.path === '/api/v1/phone') {
      this.left.push(asked.authorization?.replace('Bearer ', '') ?? '');
      return new Response(null, { status: 204 });
    }
    if (asked.authorization !== `Bearer ${this.token}`) return problem(401);
    if (asked.path === '/api/v1/sync/push') return json(this.#push(asked.body));
    const entities = this.entities();
    if (asked.path === '/api/v1/sync/digest')
      return json({ head: this.head(), count: entities.length, xor: await digestOf(entities) });
    return json(this.#changes(asked.url, entities));
  }

  #knows(head: LogHead | null): boolean {
    return head === null || chainOf(this.log.slice(0, head.seq).map(({ id }) => id)) === head.chain;
  }

  #push(body: PushBody): Receipt & { contig: object; need: string[] } {
    const reoffer = !this.#knows(body.head);
    const fork = body.events
      .filter(({ id, inc, n }) => this.log.some((x) => x.inc === inc && x.n === n && x.id !== id))
      .map(({ inc }) => inc);
    const res = body.events.map((item) => this.#take(item));
    return {
      head: this.head(),
      safe: this.safe,
      now: this.now(),
      reoffer,
      fork: [...new Set(fork)],
      contig: {},
      need: this.need,
      res,
      limits: this.limits,
      retry_ms: 0,
    };
  }

  #take({ id, inc, n, ev }: Item): Result {
    const at = this.log.findIndex((x) => x.id === id);
    const event = decode(ev) as Event;
    if (at < 0) {
      const { c = 'ok', ...verdict } = this.judge(event);
      if (c === 'refused' || c === 'later') return { id, c, ...verdict };
      const why = verdict.why === undefined ? {} : { why: verdict.why };
      this.log.push({ id, e: event.e, inc, n, text: ev, standing: c, ...why });
      return this.#take({ id, inc, n, ev, again: false });
    }
    const { standing, why } = this.log[at] ?? {};
    return { id, c: standing ?? 'ok', seq: at + 1, ...(why === undefined ? {} : { why }) };
  }

  #entity(e: string): Entity {
    const st = emptyState();
    const done = new Set<string>();
    const own = this.log.map((x, i) => ({ ...x, seq: i + 1 })).filter((x) => x.e === e);
    for (const { text } of own.filter(({ standing }) => standing === 'ok')) {
      const event = decode(text) as Event;
      fold(st, event, event.hlc, (shown) => done.has(shown));
      done.add(event.id);
    }
    const parked = own.filter(({ standing }) => standing === 'parked').map(({ id, why = 'waiting' }) => ({ id, why }));
    return { e, seq: Math.max(...own.map(({ seq }) => seq)), st: st.t === '' ? null : st, parked };
  }

  #changes(url: URL, entities: Entity[]): object {
    const [epoch = '', seq = '0', chain = ''] = (url.searchParams.get('head') ?? '').split(':');
    const head = { head: this.head(), safe: this.safe, now: this.now(), erased: this.erased, more: false };
    if (epoch !== '' && !this.#knows({ epoch, seq: Number(seq), chain }))
      return { ...head, ents: [], next: '', reset: 'head' };
    const since = Number(url.searchParams.get('cur') ?? '0');
    const ents = entities.filter((entity) => entity.seq > since || this.extra.includes(entity));
    const tally = this.tally
      ? { tally: { ...this.tally, at: this.log.length } }
      : { tally: { at: this.log.length, year: 1, from: '2026-01-01', to: '2026-12-31', measures: [] } };
    return { ...head, ents, next: String(this.log.length), ...tally, ...this.changes() };
  }
}

/** An entity that no event of the phone made. */
export function fixture(e: string, t: string, fields: Record<string, Value>, parent: string | null = null): Entity {
  const f = Object.fromEntries(
    Object.entries(fields).map(([name, v]) => [name, { h: [{ id: e, eff: stampOf(1, 0), inc: e, n: 1, v }] }]),
  );
  return { e, seq: 0, st: { t, kind: null, parent, by: e, f }, parked: [] };
}

const chainOf = (ids: string[]): string =>
  ids
    .reduce((sum, id) => (sum * 31n + BigInt(`0x${id.replaceAll('-', '')}`)) % (1n << 255n), 7n)
    .toString(16)
    .padStart(64, '0');

async function open(address: string, init: RequestInit): Promise<Asked> {
  const url = new URL(address, 'https://example.org');
  const headers = new Headers(init.headers);
  const encoding = headers.get('Content-Encoding');
  const raw = init.body ? new Response(init.body).body : null;
  const plain = encoding === 'gzip' ? raw?.pipeThrough(new DecompressionStream('gzip')) : raw;
  const text = plain ? await new Response(plain).text() : '{}';
  return {
    path: url.pathname,
    url,
    body: JSON.parse(text) as PushBody,
    authorization: headers.get('Authorization'),
    encoding,
  };
}
