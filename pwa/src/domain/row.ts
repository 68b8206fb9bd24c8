/**
 * Own events as the phone keeps them, and what a screen shows of them laid over the cached states. Pure: the journal keeps the rows,
 * and `sync` calls this.
 */
import type { Entry, EntryState, Measure } from './app';
import { millisOf } from './clock';
import { decode, type Event, isKnown } from './event';
import { dayOf } from './local';
import type { Entity, Tally } from './log';
import { fold } from './merge';
import { cloneState, emptyState, isRetracted, type State, textOf, valueOf } from './state';

/** How far an event has come. `refused` waits for a person; `erased` has no bytes any more. */
export type RowState = 'unsent' | 'sending' | 'ok' | 'parked' | 'refused' | 'erased';

/** One own event in the outbox. The members are for ever: what an app wrote years ago is sent by the app of that day. */
export type Row = {
  id: string;
  e: string;
  inc: string;
  n: number;
  /** The canonical text, sealed as `seal` says; sent as it is. */
  bytes: string;
  seal: 'none';
  state: RowState;
  /** Where the present log has it; null before it was answered, and again after the log was restored. */
  seq: number | null;
  why: string | null;
  /** Offered again after a restore. */
  again: boolean;
  /** The server's time when it was last answered, ms; its age counts from here, so that a wrong clock of the phone purges nothing early. */
  answered: number | null;
  tries: number;
  error: string | null;
  savedAt: number;
  /** When it came from a rescue file, ms; absent for what was written here. */
  carriedIn?: number;
};

/** The states of an event that still has to reach the server. */
export const PENDING: readonly RowState[] = ['unsent', 'sending'];
/** The states that something will come of: the server's answer, or a person's decision. */
export const WAITING: readonly RowState[] = [...PENDING, 'refused'];
/** Whether a row can change without being looked for. */
export const isWaiting = (row: Row): boolean => WAITING.includes(row.state);
/** Whether the event still has to reach the server. */
export const isPending = (row: Row): boolean => PENDING.includes(row.state);

/** Whether it came from a rescue file, so that the server may have had it long before. */
export const isCarried = (row: Row): boolean => row.carriedIn !== undefined;

/** A row with its event read; rows of a later version or without bytes have none. */
export type OwnEvent = { row: Row; event: Event | null };

/** Reads a row's event. A row that cannot be read is still kept and sent. */
export function readRow(row: Row): OwnEvent {
  try {
    const event = decode(row.bytes);
    return { row, event: isKnown(event) ? event : null };
  } catch {
    return { row, event: null };
  }
}

/**
 * The state that a person is shown: the cached one and, over a copy of it, own events that it does not hold yet, that is without a
 * seq, with a later one, or in its parked list. Null when neither is there.
 */
export function lay(entity: Entity | undefined, own: readonly OwnEvent[]): State | null {
  const missing = own.filter(({ row, event }) => event && isMissing(entity, row));
  if (missing.length === 0) return entity?.st ?? null;
  const state = entity?.st ? cloneState(entity.st) : emptyState();
  for (const { event } of missing) if (event) fold(state, event, event.hlc, () => false);
  return state.t === '' ? null : state;
}

function isMissing(entity: Entity | undefined, row: Row): boolean {
  if (!entity) return true;
  if (entity.flags?.includes('erased')) return false;
  if ((row.again || isCarried(row)) && row.seq === null && entity.st) return false; // it may be in the cached state; its answer will tell
  return row.seq === null || row.seq > entity.seq || entity.parked.some(({ id }) => id === row.id);
}

/** Why an own event stands aside on the server, as far as the phone knows; null when it does not. */
function parkedWhy(entity: Entity | undefined, row: Row): string | null {
  if (entity && row.seq !== null && entity.seq >= row.seq)
    return entity.parked.find(({ id }) => id === row.id)?.why ?? null;
  return row.state === 'parked' ? (row.why ?? 'waiting') : null;
}

/** The word an entry shows, by the event that needs a person most, and the reason. */
function standing(entity: Entity | undefined, rows: readonly Row[]): { state: EntryState; why?: string } {
  const refused = rows.find((row) => row.state === 'refused');
  if (refused) return { state: 'action', why: refused.why ?? 'malformed' };
  if (rows.some((row) => row.state === 'sending')) return { state: 'sending' };
  if (rows.some(isPending)) return { state: 'saved' };
  const why = rows.map((row) => parkedWhy(entity, row)).find((reason) => reason !== null) ?? entity?.parked[0]?.why;
  return why === undefined ? { state: 'received' } : { state: 'flagged', why };
}

/** An activity as a list shows it, or null for what is not an activity or is erased. */
export function readEntry(
  e: string,
  entity: Entity | undefined,
  own: readonly OwnEvent[],
  account: string,
): Entry | null {
  const state = lay(entity, own);
  if (state?.t !== 'activity' || entity?.flags?.includes('erased')) return null;
  const rows = own.map(({ row }) => row);
  const values = Object.fromEntries(Object.keys(state.f).map((name) => [name, valueOf(state, name)]));
  const savedAt = rows.length > 0 ? Math.max(...rows.map((row) => row.savedAt)) : lastWrite(state);
  const unsent = rows.filter(isPending).length;
  const retracted = isRetracted(state) ? textOf(state, 'retracted') : null;
  return {
    e,
    kind: state.kind ?? '',
    values,
    ...standing(entity, rows),
    retracted,
    savedAt,
    mine: state.by === account,
    unsent,
  };
}

const lastWrite = (s: State): number =>
  Math.max(0, ...Object.values(s.f).flatMap((r) => r.h.map((head) => millisOf(head.eff))));

/**
 * Whether an own activity adds to what the tally says is done: created here, not taken back, not refused or parked, not the double
 * of another, begun in the promise year, and not in the tally yet.
 */
export function isUncounted(entry: Entry, own: readonly OwnEvent[], tally: Pick<Tally, 'at' | 'from' | 'to'>): boolean {
  const first = own.find(({ row }) => row.id === row.e)?.row;
  if (!first || !['unsent', 'sending', 'ok'].includes(first.state) || entry.state === 'flagged') return false;
  if (isCarried(first) && first.seq === null) return false; // it may be in the tally; its answer will tell
  if (entry.retracted !== null || (entry.values.dup_of ?? null) !== null) return false;
  if (first.seq !== null && first.seq <= tally.at) return false;
  const day = dayOf(typeof entry.values.started_at === 'string' ? entry.values.started_at : '');
  return day !== '' && day >= tally.from && day <= tally.to;
}

/** What an entry counts as: its meetings where it has some, otherwise one. */
export function numberOf(entry: Pick<Entry, 'values'>): number {
  const meetings = entry.values.meetings ?? null;
  return meetings === null ? 1 : Math.min(Math.max(typeof meetings === 'number' ? meetings : 0, 0), 1000);
}

/** Whether an entry counts toward a measure: any of its kinds. Who is responsible does not filter. */
export const countsToward = (measure: Pick<Measure, 'kinds'>, kind: string): boolean => measure.kinds.includes(kind);
