/** What tests of the journal and of sync begin with: a town, a person, events, and databases that are gone afterwards. */
import { deleteDB } from 'idb';
import type { Stamp } from '../domain/clock';
import { encode, type Value } from '../domain/event';
import { newId } from '../domain/id';
import type { LogHead, Receipt, Result } from '../domain/log';
import { Outbox, type Saving } from './outbox';
import type { Person } from './schema';

export const TOWN = '00000000-0000-7000-8000-00000000000a';
export const ACCOUNT = '00000000-0000-7000-8000-00000000000b';
export const INC = '00000000-0000-7000-8000-00000000000c';
export const EPOCH = '00000000-0000-7000-8000-0000000000e1';
export const NOON = Date.parse('2026-11-20T12:00:00Z');
export const DAY = 86_400_000;

export const PERSON: Person = {
  account: ACCOUNT,
  name: 'Kim Exempel',
  party: 'police',
  role: 'field',
  inc: INC,
  token: 'token',
  town: { id: TOWN, name: 'Munkfors', slug: 'munkfors' },
};

/** An id that is the same in each run. */
export const id = (n: number): string => newId(1000 + n, new Uint8Array([0, 0, 128, 0, 0, 0, 0, 0, n >> 8, n]));

/** Something to save: an entry, or a correction of entity `e`. */
export function saving(
  n: number,
  more: { e?: string; now?: number; inc?: string; set?: Record<string, Value> } = {},
): Saving {
  const { e = id(n), now = NOON, inc = INC, set = { minutes: n } } = more;
  const first = e === id(n) ? { new: { t: 'activity', kind: 'foot_patrol', parent: null } } : {};
  const spell = (number: number, hlc: Stamp, off: number | null) =>
    encode({ base: {}, by: ACCOUNT, cat: 1, e, hlc, id: id(n), inc, n: number, off, set, town: TOWN, v: 1, ...first });
  return { id: id(n), e, inc, now, spell };
}

/** A new outbox with the person in it. */
export async function freshOutbox(): Promise<Outbox> {
  await removeAll();
  const outbox = new Outbox(TOWN);
  await outbox.keepPerson(PERSON);
  return outbox;
}

/** Deletes every database; open handles let go of theirs. */
export async function removeAll(): Promise<void> {
  for (const { name } of await indexedDB.databases()) if (name) await deleteDB(name);
}

export const head = (seq: number, epoch = EPOCH): LogHead => ({
  epoch,
  seq,
  chain: seq.toString(16).padStart(64, '0'),
});

/** A reply in which all went well, unless said otherwise. */
export function receipt(res: Result[], more: Partial<Receipt> = {}): Receipt {
  const seq = Math.max(0, ...res.map((r) => r.seq ?? 0));
  return {
    head: head(seq),
    safe: 0,
    now: NOON,
    reoffer: false,
    fork: [],
    res,
    limits: { events: 500, bytes: 1 << 20 },
    retry_ms: 0,
    ...more,
  };
}

/** Replaces a method of an IndexedDB class; gives the way to put it back. */
export function tamper(
  of: { prototype: object },
  name: string,
  fn: (real: () => unknown, self: object, args: unknown[]) => unknown,
): () => void {
  const owner = of.prototype as Record<string, (...args: unknown[]) => unknown>;
  const real = owner[name];
  if (!real) throw new Error(name);
  owner[name] = function (this: object, ...args: unknown[]) {
    return fn(() => real.apply(this, args), this, args);
  };
  return () => void (owner[name] = real);
}

/** Lets a method throw the first `times` it is called. */
export function breakDown(times: number, error: () => Error, where: 'transaction' | 'add' = 'transaction'): () => void {
  let left = times;
  return tamper(where === 'transaction' ? IDBDatabase : IDBObjectStore, where, (real) => {
    if (left-- > 0) throw error();
    return real();
  });
}
