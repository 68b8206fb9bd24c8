/**
 * What is sent next, of however much waits: the newest day first, so that today is at the desk before last month, and within a day
 * the oldest. An entity's own events keep their order whatever their days, the first one before all that correct it. Read by index:
 * as many rows as are sent, and not all that wait.
 */
import type { IDBPObjectStore } from 'idb';
import { startOfDay } from '../domain/local';
import { isPending, type Row } from '../domain/row';
import { order } from '../domain/state';
import { inState, type OutboxSchema } from './schema';

type Events = IDBPObjectStore<OutboxSchema, ('events' | 'small')[], 'events', 'readwrite'>;

/** UTF-16 units of event text in one request, at most three bytes each; the server takes 1 MiB with the envelope. */
const BATCH_UNITS = 300_000;

/** At most `size` events that are unsent, in the order in which they are to arrive. */
export async function nextBatch(events: Events, size: number): Promise<Row[]> {
  const picked = new Map<string, Row>();
  for (let before = Infinity; picked.size < size;) {
    const newest = await events.index('state').openKeyCursor(savedBefore(before), 'prev');
    if (!newest) break;
    const since = startOfDay(newest.key[1]);
    const room = size - picked.size;
    const day = await events.index('state').getAll(savedBefore(before, since), room);
    for (const row of day) for (const one of await withEarlier(events, row)) picked.set(one.id, one);
    if (day.length === room) break; // there may be more of that day, and it comes before any other
    before = since;
  }
  return thatFit([...picked.values()].slice(0, size));
}

/** When the oldest event that is unsent was saved, ms; null when there is none. */
export async function oldestSaved(events: Events): Promise<number | null> {
  return (await events.index('state').openKeyCursor(inState('unsent')))?.key[1] ?? null;
}

const savedBefore = (before: number, since = -Infinity): IDBKeyRange =>
  IDBKeyRange.bound(['unsent', since], ['unsent', before], false, before !== Infinity);

/** The event, with those of its entity that the server is to have with it where it is not the first one itself. */
async function withEarlier(events: Events, row: Row): Promise<Row[]> {
  if (row.id === row.e) return [row];
  const all = await events.index('e').getAll(row.e);
  return all.filter(isPending).sort(inOrder);
}

const inOrder = (a: Row, b: Row): number =>
  Number(b.id === b.e) - Number(a.id === a.e) || order(a.inc, b.inc) || a.n - b.n;

/** As many as the server takes in one request, and one in any case. */
function thatFit(rows: Row[]): Row[] {
  let room = BATCH_UNITS;
  const over = rows.findIndex((row, i) => (room -= row.bytes.length) < 0 && i > 0);
  return over < 0 ? rows : rows.slice(0, over);
}
