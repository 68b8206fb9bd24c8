/** What the screens are shown, from what the journal holds and where the machine is. Pure, but for remembering what did not change. */
import type { Entry, Measure, SyncStatus } from '../domain/app';
import { type Book, promiseYear } from '../domain/book';
import { dayOfMillis } from '../domain/local';
import type { Entity, Tally } from '../domain/log';
import {
  countsToward,
  isPending,
  isUncounted,
  numberOf,
  type OwnEvent,
  readEntry,
  readRow,
  type Row,
} from '../domain/row';
import type { Machine } from './machine';

/** Own events by entity. Events never change, so each is read once. */
export class OwnEvents {
  #read = new Map<string, OwnEvent>();
  byEntity = new Map<string, OwnEvent[]>();
  rows: readonly Row[] = [];

  /** Takes the rows as they are now; `account` is whose events may be shown. */
  take(rows: readonly Row[], account: string): void {
    this.rows = rows;
    const read = rows.map((row) => this.#event(row)).filter(({ event }) => event?.by === account);
    this.#read = new Map(read.map((own) => [own.row.id, own]));
    this.byEntity = new Map();
    for (const own of read.sort((a, b) => a.row.savedAt - b.row.savedAt || a.row.n - b.row.n)) {
      this.byEntity.set(own.row.e, [...(this.byEntity.get(own.row.e) ?? []), own]);
    }
  }

  /** Whether the person wrote it. */
  has(row: Row): boolean {
    return this.#read.has(row.id);
  }

  #event(row: Row): OwnEvent {
    const known = this.#read.get(row.id);
    return known && known.row.bytes === row.bytes ? { row, event: known.event } : readRow(row);
  }
}

type Remembered = { entity: Entity | undefined; sign: string; entry: Entry | null };

/** The entries, newest first; those that did not change are the same objects as last time, and so is the list. */
export class Entries {
  #memo = new Map<string, Remembered>();
  list: Entry[] = [];

  update(entities: ReadonlyMap<string, Entity>, own: OwnEvents, account: string): Entry[] {
    const memo = new Map<string, Remembered>();
    for (const e of new Set([...entities.keys(), ...own.byEntity.keys()])) {
      const [entity, events] = [entities.get(e), own.byEntity.get(e) ?? []];
      const sign = events.map(({ row }) => [row.id, row.state, row.seq, row.why, row.again].join()).join(';');
      const before = this.#memo.get(e);
      const known = before?.entity === entity && before?.sign === sign;
      memo.set(e, known && before ? before : { entity, sign, entry: readEntry(e, entity, events, account) });
    }
    this.#memo = memo;
    const list = [...memo.values()].flatMap(({ entry }) => entry ?? []).sort((a, b) => b.savedAt - a.savedAt);
    if (list.length !== this.list.length || list.some((entry, i) => entry !== this.list[i])) this.list = list;
    return this.list;
  }
}

/** The measures with what the server counted and what only this phone knows. */
export function measuresOf(
  book: Book,
  tally: Tally | null,
  entries: readonly Entry[],
  own: OwnEvents,
  now: number,
): Measure[] {
  const year = tally ?? (book.pledge ? { at: 0, ...promiseYear(book.pledge, dayOfMillis(now)) } : null);
  const uncounted = year ? entries.filter((entry) => isUncounted(entry, own.byEntity.get(entry.e) ?? [], year)) : [];
  return book.measures.map((measure) => ({
    ...measure,
    done: tally?.measures.find(({ e }) => e === measure.e)?.done ?? null,
    mine: uncounted
      .filter((entry) => countsToward(measure, entry.kind))
      .reduce((sum, entry) => sum + numberOf(entry), 0),
  }));
}

/**
 * What the header says: of everyone's events on this phone, so that nobody wipes it while a colleague's are unsent. Of a colleague's
 * nothing is told but how many wait.
 */
export function statusOf(own: OwnEvents, machine: Machine | null, until: number, allSentAt: number | null): SyncStatus {
  const pending = own.rows.filter(isPending);
  const status: SyncStatus = {
    unsent: pending.length,
    others: new Set(pending.filter((row) => !own.has(row)).map(({ e }) => e)).size,
    oldest: pending.length > 0 ? Math.min(...pending.map((row) => row.savedAt)) : null,
    action: own.rows.filter((row) => row.state === 'refused' && own.has(row)).length,
    phase: machine ? phaseOf(machine, pending.length > 0) : 'idle',
    allSentAt,
    restored: pending.some((row) => row.again),
  };
  return machine?.at === 'wait' ? { ...status, waiting: { why: machine.why, until } } : status;
}

function phaseOf({ at, why }: Machine, pending: boolean): SyncStatus['phase'] {
  switch (at) {
    case 'push':
    case 'probe':
      return pending ? 'sending' : 'pulling';
    case 'pull':
    case 'check':
      return 'pulling';
    case 'wait':
      return why === 'offline' ? 'offline' : 'waiting';
    case 'signin':
    case 'idle':
      return at;
  }
}
