/**
 * The outbox's side of sending. Each request has a turn number that is written before it leaves; a reply is applied only while its
 * turn is the latest and was not applied before, so that late and repeated replies, and those of another tab, change nothing.
 */
import { newId } from '../domain/id';
import type { LogHead, Receipt, Result } from '../domain/log';
import { isPending, PENDING, readRow, type Row, type RowState } from '../domain/row';
import { nextBatch, oldestSaved } from './batch';
import type { Write } from './handle';
import type { Outbox } from './outbox';
import { everyPerson, inState, type OutboxSchema, type Person } from './schema';

/** Own events are kept for so long after the server answered them, by its clock, even when every backup has them. */
export const KEEP_MS = 60 * 86_400_000;
/** States that a row may be purged in, and how many of each are looked at for one reply. */
const PURGED = ['ok', 'parked', 'erased'] as const;
const PURGE_AT_ONCE = 100;

/** A request that is about to leave. `stopped` are rows that were being sent before, by a turn that nobody ended, and are not now. */
export type Turn = {
  turn: number;
  head: LogHead | null;
  batch: Row[];
  stopped: Row[];
  pending: number;
  oldest: number | null;
};

/** What became of a reply. `left` events are still unsent; `progress` when at least one was answered. */
export type Settled = { applied: boolean; left: number; progress: boolean; forked: boolean };

type Tx = Write<OutboxSchema, 'events' | 'small'>;

/** Takes the next turn and the events that go with it, at most `size` of them; with 0 none. Reads no more than it sends. */
export async function beginTurn(outbox: Outbox, size: number): Promise<Turn> {
  return outbox.db.write(['events', 'small'], async (tx) => {
    const { turn, head } = await nextTurn(tx);
    const stopped = await rowsThatAre(tx, 'sending');
    await restate(tx, stopped, 'unsent');
    const events = tx.objectStore('events');
    const [pending, oldest, batch] = [await countPending(tx), await oldestSaved(events), await nextBatch(events, size)];
    await restate(tx, batch, 'sending');
    return { turn, head, batch, stopped, pending, oldest };
  });
}

const restate = async (tx: Tx, rows: readonly Row[], state: RowState): Promise<unknown> =>
  putAll(
    tx,
    rows.map((row) => Object.assign(row, { state })),
  );

/** Takes the next turn for a request that fetches; null while anything is unsent, since sending comes first. */
export async function takeTurn(outbox: Outbox): Promise<{ turn: number; head: LogHead | null } | null> {
  return outbox.db.write(['events', 'small'], async (tx) => {
    if ((await countPending(tx)) > 0) return null;
    return nextTurn(tx);
  });
}

/** Writes the turn before its request leaves. */
async function nextTurn(tx: Tx): Promise<{ turn: number; head: LogHead | null }> {
  const small = tx.objectStore('small');
  const turn = (((await small.get('turn')) as number | undefined) ?? 0) + 1;
  await small.put(turn, 'turn');
  return { turn, head: ((await small.get('head')) as LogHead | undefined) ?? null };
}

/** Whether a reply to this turn may still be applied. */
export async function isLatest(outbox: Outbox, turn: number): Promise<boolean> {
  return (await outbox.small('turn')) === turn;
}

/** The request came to nothing: its events are unsent again, with what went wrong. */
export async function failTurn(outbox: Outbox, turn: number, error: string): Promise<void> {
  await outbox.db.write(['events', 'small'], async (tx) => {
    if ((await tx.objectStore('small').get('turn')) !== turn) return;
    const sending = await rowsThatAre(tx, 'sending');
    await putAll(
      tx,
      sending.map((row) => Object.assign(row, { state: 'unsent', tries: row.tries + 1, error })),
    );
  });
}

/**
 * Applies a reply: outcomes, head, clock offset, new installations after a fork, the offer of everything anew when the log was
 * restored, erasing and purging, all in one transaction.
 */
export async function settle(
  outbox: Outbox,
  turn: number,
  receipt: Receipt,
  now: number,
  offset: number,
): Promise<Settled> {
  return outbox.db.write(['events', 'small'], async (tx) => {
    const small = tx.objectStore('small');
    const fresh = (await small.get('turn')) === turn && (await small.get('settled')) !== turn;
    if (!fresh) return { applied: false, left: 0, progress: false, forked: false };
    const rows = receipt.reoffer ? await tx.objectStore('events').getAll() : await rowsThatAre(tx, 'sending');
    const sent = new Set(rows.filter((row) => row.state === 'sending').map((row) => row.id));
    if (receipt.reoffer) rows.filter(isOfferable).forEach(offerAgain);
    const results = receipt.res.filter((r) => sent.has(r.id));
    const answers = new Map(results.map((r) => [r.id, r]));
    for (const row of rows) if (sent.has(row.id)) answer(row, answers.get(row.id), receipt.now);
    await putAll(tx, rows);
    await purge(tx, receipt, now);
    const left = await countPending(tx);
    const values = {
      settled: turn,
      head: receipt.head,
      offset: Math.round(offset),
      ...(left === 0 ? { allSentAt: now } : {}),
    };
    await Promise.all(Object.entries(values).map(([key, value]) => small.put(value, key)));
    const forked = await newInstallations(tx, receipt.fork, now);
    return { applied: true, left, progress: results.some((r) => r.c !== 'later'), forked };
  });
}

const isOfferable = (row: Row): boolean => row.bytes !== '' && row.state !== 'refused' && row.state !== 'erased';
const offerAgain = (row: Row): unknown => Object.assign(row, { state: 'unsent', seq: null, again: true });

/** Writes one event's outcome into its row. What was not answered is unsent. */
function answer(row: Row, result: Result | undefined, at: number): void {
  const { c = 'later', seq = null, why = null, detail = null } = result ?? {};
  if (c === 'later') Object.assign(row, { state: 'unsent' });
  else Object.assign(row, { state: c, seq, why, error: detail, answered: at });
  if (c === 'erased') row.bytes = '';
}

/** Until a coordinator lets a proposed place in, what it is called is known by this event alone. */
const isProposal = (row: Row): boolean =>
  row.state === 'parked' && row.id === row.e && readRow(row).event?.new?.t === 'place';

/**
 * Deletes what may go, looking at the oldest alone: a phone that keeps thousands does not read them for each reply. What was saved
 * later than it was answered, by a clock that was ahead, is looked at when that time has come.
 */
async function purge(tx: Tx, receipt: Receipt, now: number): Promise<void> {
  const before = receipt.now - KEEP_MS;
  const oldest = Math.max(now, receipt.now) - KEEP_MS;
  const looked = await Promise.all(PURGED.map((state) => rowsThatAre(tx, state, oldest, PURGE_AT_ONCE)));
  const old = looked
    .flat()
    .filter(({ seq, answered }) => seq !== null && seq <= receipt.safe && answered !== null && answered <= before)
    .filter((row) => !isProposal(row));
  await Promise.all(old.map((row) => tx.objectStore('events').delete([row.inc, row.n])));
}

/** Another phone writes under the same installation: persons of it here take a new one for what they write from now on. */
async function newInstallations(tx: Tx, fork: readonly string[], now: number): Promise<boolean> {
  const small = tx.objectStore('small');
  const all = (await small.getAll(everyPerson())) as Person[];
  const forked = all.filter((person) => fork.includes(person.inc));
  for (const person of forked) {
    const inc = newId(now);
    await Promise.all([small.put({ ...person, inc }, `person:${person.account}`), small.put(1, `n:${inc}`)]);
  }
  return forked.length > 0;
}

/** Marks one event as refused on the phone's own judgement. It is kept, shown, and never sent again by itself. */
export async function refuse(outbox: Outbox, id: string, why: string, error: string): Promise<void> {
  await outbox.db.write(['events'], async (tx) => {
    const row = await tx.objectStore('events').index('id').get(id);
    if (row && isPending(row)) await tx.objectStore('events').put({ ...row, state: 'refused', why, error });
  });
}

/** Rows in a state, the oldest first, saved at the latest at `until`. */
async function rowsThatAre(tx: Tx, state: RowState, until?: number, count?: number): Promise<Row[]> {
  return tx.objectStore('events').index('state').getAll(inState(state, until), count);
}

async function countPending(tx: Tx): Promise<number> {
  const index = tx.objectStore('events').index('state');
  const counts = await Promise.all(PENDING.map((state) => index.count(inState(state))));
  return counts.reduce((sum, n) => sum + n, 0);
}

const putAll = async (tx: Tx, rows: readonly Row[]): Promise<unknown> =>
  Promise.all(rows.map((row) => tx.objectStore('events').put(row)));
