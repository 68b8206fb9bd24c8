/**
 * The outbox's side of sending. Each request has a turn number that is written before it leaves; a reply is applied only while its
 * turn is the latest and was not applied before, so that late and repeated replies, and those of another tab, change nothing.
 */
import { newId } from '../domain/id';
import { dayOfMillis } from '../domain/local';
import type { LogHead, Receipt, Result } from '../domain/log';
import { isPending, PENDING, readRow, type Row, type RowState } from '../domain/row';
import { order } from '../domain/state';
import type { Write } from './handle';
import type { Outbox } from './outbox';
import { everyPerson, inState, type OutboxSchema, type Person } from './schema';

/** Own events are kept for so long after the server answered them, by its clock, even when every backup has them. */
export const KEEP_MS = 60 * 86_400_000;
/** UTF-16 units of event text in one request, at most three bytes each; the server takes 1 MiB with the envelope. */
const BATCH_UNITS = 300_000;
/** States that a row may be purged in, and how many of each are looked at for one reply. */
const PURGED = ['ok', 'parked', 'erased'] as const;
const PURGE_AT_ONCE = 100;

/** A request that is about to leave. */
export type Turn = { turn: number; head: LogHead | null; batch: Row[]; pending: number; oldest: number | null };

/** What became of a reply. `left` events are still unsent; `progress` when at least one was answered. */
export type Settled = { applied: boolean; left: number; progress: boolean; forked: boolean };

type Tx = Write<OutboxSchema, 'events' | 'small'>;

/** Takes the next turn and the events that go with it, at most `size` of them; with 0 none. */
export async function beginTurn(outbox: Outbox, size: number, now: number): Promise<Turn> {
  return outbox.db.write(['events', 'small'], async (tx) => {
    const { turn, head } = await nextTurn(tx);
    const pending = await pendingRows(tx);
    const batch = pickBatch(pending, size, now);
    await putAll(tx, restate(pending, batch));
    const oldest = pending.length > 0 ? Math.min(...pending.map((row) => row.savedAt)) : null;
    return { turn, head, batch, pending: pending.length, oldest };
  });
}

/** Today's entries first, then the oldest; the events of an entity together and in order of n. */
export function pickBatch(pending: readonly Row[], size: number, now: number): Row[] {
  const today = dayOfMillis(now);
  const groups = [...byEntity(pending).values()].map((rows) => ({
    rows: rows.sort((a, b) => order(a.inc, b.inc) || a.n - b.n),
    today: rows.some((row) => dayOfMillis(row.savedAt) === today),
    since: Math.min(...rows.map((row) => row.savedAt)),
  }));
  groups.sort((a, b) => Number(b.today) - Number(a.today) || a.since - b.since);
  const sorted = groups.flatMap((group) => group.rows).slice(0, size);
  let room = BATCH_UNITS;
  const over = sorted.findIndex((row, i) => (room -= row.bytes.length) < 0 && i > 0);
  return over < 0 ? sorted : sorted.slice(0, over);
}

function byEntity(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.e, [...(groups.get(row.e) ?? []), row]);
  return groups;
}

/** What is in the batch is being sent, what was being sent before is not. */
function restate(pending: readonly Row[], batch: readonly Row[]): Row[] {
  const sending = new Set(batch);
  return pending
    .filter((row) => (row.state === 'sending') !== sending.has(row))
    .map((row) => Object.assign(row, { state: sending.has(row) ? 'sending' : 'unsent' }));
}

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

async function pendingRows(tx: Tx): Promise<Row[]> {
  const rows = (await Promise.all(PENDING.map((state) => rowsThatAre(tx, state)))).flat();
  return rows.sort((a, b) => order(a.inc, b.inc) || a.n - b.n);
}

async function countPending(tx: Tx): Promise<number> {
  const index = tx.objectStore('events').index('state');
  const counts = await Promise.all(PENDING.map((state) => index.count(inState(state))));
  return counts.reduce((sum, n) => sum + n, 0);
}

const putAll = async (tx: Tx, rows: readonly Row[]): Promise<unknown> =>
  Promise.all(rows.map((row) => tx.objectStore('events').put(row)));
