/** A phone without a screen: writes entries by the protocol alone, so that a town has a past to show. */
import { randomBytes } from 'node:crypto';
import { encode, type Value } from '../src/domain/event';
import { newId } from '../src/domain/id';
import type { components } from '../src/api/schema.gen';

type Schemas = components['schemas'];
export type Written = { kind: string | null; set: Record<string, Value> };
/** An event as it comes: a first one of a kind, or one on an entity. `lost` numbers before it never come; `off` is the clock's. */
export type Stroke = {
  kind?: string | null;
  e?: string;
  set: Record<string, Value>;
  base?: Record<string, string[]>;
  lost?: number;
  off?: number;
};

export class Pen {
  readonly #token = randomBytes(32).toString('base64url');
  readonly #inc = newId(Date.now());
  #who: Schemas['EnrolReply'] | undefined;
  #n = 0;
  #turn = 0;

  constructor(readonly origin: string) {}

  async enrol(code: string, name: string, party: string): Promise<this> {
    const body: Schemas['EnrolRequest'] = { code, token: this.#token, inc: this.#inc, name, party, app: 'pen' };
    this.#who = await this.#ask<Schemas['EnrolReply']>('enrol', body);
    return this;
  }

  /** The town's places, by name. */
  async places(): Promise<Map<string, string>> {
    const page = await this.#ask<Schemas['ChangesReply']>('sync/changes?limit=1000');
    const places = page.ents.filter((e) => e.st?.t === 'place');
    return new Map(places.map((e) => [String(e.st?.f.name?.h.at(-1)?.v), e.e]));
  }

  /** Writes the entries, or places where there is no kind, and gives their ids; throws when one is not taken. */
  async write(entries: readonly Written[]): Promise<string[]> {
    const res = await this.push(entries);
    const bad = res.find((r, i) => r.c !== (entries[i]?.kind === null ? 'parked' : 'ok'));
    if (bad) throw new Error(`not taken: ${JSON.stringify(bad)}`);
    return res.map((r) => r.id);
  }

  /** Pushes events, whatever the server says to them, with nothing left to send. */
  async push(strokes: readonly Stroke[]): Promise<readonly Schemas['PushResult'][]> {
    const who = this.#who;
    if (!who) throw new Error('not connected');
    const now = Date.now();
    const events = strokes.map(({ kind, e, set, base = {}, lost = 0, off = null }): Schemas['PushItem'] => {
      const id = newId(now);
      this.#n += lost + 1;
      const n = this.#n;
      const hlc = `${now.toString(16).padStart(12, '0')}-${n.toString(16).padStart(4, '0')}` as never;
      const born = { new: { t: kind === null ? 'place' : 'activity', kind: kind ?? null, parent: null } };
      const ev = encode({
        base,
        by: who.account,
        cat: 1,
        e: e ?? id,
        hlc,
        id,
        inc: this.#inc,
        n,
        ...(e === undefined && born),
        off,
        set,
        town: who.town.id,
        v: 1,
      });
      return { id, inc: this.#inc, n, seal: 'none', ev, sig: null, again: false };
    });
    const body: Schemas['PushRequest'] = {
      p: 1,
      town: who.town.id,
      inc: this.#inc,
      turn: ++this.#turn,
      head: null,
      wall: now,
      pending: 0,
      oldest: null,
      persisted: true,
      app: 'pen',
      events,
    };
    const reply = await this.#ask<Schemas['PushReply']>('sync/push', body);
    return reply.res;
  }

  async #ask<T>(path: string, body?: unknown): Promise<T> {
    const reply = await fetch(`${this.origin}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
    return JSON.parse(text) as T;
  }
}
