/** Takes in the events of a rescue file: they wait in the outbox like its own, and are sent with them. */
import type { Carried } from '../domain/rescue';
import type { Row } from '../domain/row';
import type { Write } from './handle';
import type { Outbox } from './outbox';
import type { OutboxSchema } from './schema';

/**
 * What became of the events: new here, here already (erased ones too: they stay erased), or with a number that this phone has given
 * to another event of the same installation, which only a desk can hand in.
 */
export type TakenIn = { fresh: Row[]; known: number; clash: number };

/**
 * Lays in what is not here yet, all of it or nothing, durably when this resolves. Doing so again changes nothing. The numbers of an
 * installation that writes on this phone go on after those that came.
 */
export async function takeIn(outbox: Outbox, events: readonly Carried[], now: number): Promise<TakenIn> {
  return outbox.db.write(['events', 'small'], async (tx) => {
    const taken: TakenIn = { fresh: [], known: 0, clash: 0 };
    for (const event of events) await take(tx, event, now, taken);
    for (const row of taken.fresh) await goOnAfter(tx, row);
    return taken;
  });
}

type Tx = Write<OutboxSchema, 'events' | 'small'>;

async function take(tx: Tx, event: Carried, now: number, taken: TakenIn): Promise<void> {
  const store = tx.objectStore('events');
  if (await store.index('id').getKey(event.id)) taken.known += 1;
  else if (await store.getKey([event.inc, event.n])) taken.clash += 1;
  else {
    const row = rowOf(event, now);
    await store.add(row);
    taken.fresh.push(row);
  }
}

/** A row that waits. One that was answered where it comes from is offered again. */
function rowOf({ state, ...event }: Carried, now: number): Row {
  const again = state === 'ok' || state === 'parked';
  const fresh = { state: 'unsent', seq: null, why: null, answered: null, tries: 0, error: null } as const;
  return { ...event, ...fresh, again, carriedIn: now };
}

async function goOnAfter(tx: Tx, { inc, n }: Row): Promise<void> {
  const small = tx.objectStore('small');
  const next = (await small.get(`n:${inc}`)) as number | undefined;
  if (next !== undefined && next <= n) await small.put(n + 1, `n:${inc}`);
}
