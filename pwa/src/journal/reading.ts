/**
 * What is read of the outbox to show it. An officer's phone keeps thousands of events; the first screen and each change read only
 * those that can matter to them, by the index of states, and the rest comes in pages.
 */
import type { Book } from '../domain/book';
import type { LogHead } from '../domain/log';
import { type Row, type RowState, WAITING } from '../domain/row';
import type { Outbox } from './outbox';
import { newest } from './newest';
import { inState, type Person } from './schema';

/** What the first screen needs. */
export type Beginning = {
  person: Person | undefined;
  book: Book | undefined;
  head: LogHead | undefined;
  allSentAt: number | undefined;
  rows: Row[];
  /** Entities that the person's drafts correct. */
  corrected: string[];
  /** How many rows there are in all. */
  count: number;
};

/** What may have changed. */
export type Changes = Pick<Beginning, 'person' | 'allSentAt' | 'rows' | 'count'>;

/** Rows that are over. */
const ANSWERED: readonly RowState[] = ['ok', 'parked'];
const CHANGING: readonly RowState[] = [...WAITING, 'erased'];

/** All that wait and the `last` of those that were answered, in one transaction however much is kept. */
export async function begin(outbox: Outbox, account: string, last: number): Promise<Beginning> {
  return outbox.db.run(async (db) => {
    const tx = db.transaction(['events', 'small', 'drafts']);
    const [small, index] = [tx.objectStore('small'), tx.objectStore('events').index('state')];
    const [person, book, head, allSentAt, drafts, count, ...rows] = await Promise.all([
      small.get(`person:${account}`),
      small.get(`book:${account}`),
      small.get('head'),
      small.get('allSentAt'),
      tx.objectStore('drafts').getAll(),
      tx.objectStore('events').count(),
      ...WAITING.map(async (state) => index.getAll(inState(state))),
      ...ANSWERED.map(async (state) => newest(index, inState(state), last)),
    ]);
    const corrected = drafts.flatMap((d) => (d.account === account && d.e !== null ? [d.e] : []));
    return { person, book, head, allSentAt, corrected, count, rows: rows.flat() } as Beginning;
  });
}

/**
 * What may have changed since the rows `waited` were waiting: those that wait now, those that were erased, and what became of
 * `waited`. Rows that others wrote and were answered, or purged, since then show in the count alone. With `alone` no others are read
 * than `waited`, for who knows that no others changed: a phone may have thousands that wait.
 */
export async function changes(
  outbox: Outbox,
  account: string,
  waited: readonly Row[],
  alone = false,
): Promise<Changes> {
  return outbox.db.run(async (db) => {
    const tx = db.transaction(['events', 'small']);
    const [small, events] = [tx.objectStore('small'), tx.objectStore('events')];
    const index = events.index('state');
    const [person, allSentAt, count, ...found] = await Promise.all([
      small.get(`person:${account}`),
      small.get('allSentAt'),
      events.count(),
      ...(alone ? [] : CHANGING).map(async (state) => index.getAll(inState(state))),
    ]);
    const rows = found.flat();
    const there = new Set(rows.map(({ id }) => id));
    const gone = waited.filter(({ id }) => !there.has(id));
    const became = await Promise.all(gone.map(async ({ inc, n }) => events.get([inc, n])));
    return { person, allSentAt, count, rows: [...rows, ...became.filter((row) => row !== undefined)] } as Changes;
  });
}

/** The next `count` rows after one, in order of key; the first ones after null. */
export async function page(outbox: Outbox, after: Row | null, count: number): Promise<Row[]> {
  const range = after && IDBKeyRange.lowerBound([after.inc, after.n], true);
  return outbox.db.run((db) => db.getAll('events', range, count));
}
