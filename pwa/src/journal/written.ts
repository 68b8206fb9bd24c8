/** How far an outbox has come, in numbers: what is compared with the trace that is kept elsewhere. Apart from reading.ts, since the first screen needs none of it. */
import { PENDING } from '../domain/row';
import type { Outbox } from './outbox';
import { inState } from './schema';

/** How far each installation has written, and how many events were not answered. */
export type Written = { n: Record<string, number>; unsent: number };

/** Reads the numbers alone, none of the events. */
export async function written(outbox: Outbox): Promise<Written> {
  return outbox.db.run(async (db) => {
    const tx = db.transaction(['events', 'small']);
    const [small, index] = [tx.objectStore('small'), tx.objectStore('events').index('state')];
    const numbers = IDBKeyRange.bound('n:', 'n;');
    const [keys, next, ...counts] = await Promise.all([
      small.getAllKeys(numbers),
      small.getAll(numbers),
      ...PENDING.map(async (state) => index.count(inState(state))),
    ]);
    const n = Object.fromEntries(keys.map((key, i) => [key.slice('n:'.length), (next[i] as number) - 1]));
    return { n, unsent: counts.reduce((sum, count) => sum + count, 0) };
  });
}
