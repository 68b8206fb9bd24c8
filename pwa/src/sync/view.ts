/** What the screens are shown, from what the journal holds and where the machine is. Pure, but for remembering what did not change. */
import type { Entry, Measure, Place, SyncStatus } from '../domain/app';
import { type Book, promiseYear } from '../domain/book';
import { readPlace } from '../domain/catalog';
import { dayOfMillis } from '../domain/local';
import type { Entity, Tally } from '../domain/log';
import {
  countsToward,
  isCarried,
  isPending,
  isUncounted,
  lay,
  numberOf,
  type OwnEvent,
  readEntry,
  readRow,
  type Row,
} from '../domain/row';
import { order } from '../domain/state';
import type { Machine } from './machine';

/** Own events by entity. Events never change, so each is read once. */
export class OwnEvents {
  #known = new Map<string, OwnEvent>();
  byEntity = new Map<string, OwnEvent[]>();
  /** The rows of everyone on this phone. */
  rows: readonly Row[] = [];

  /** Takes the rows as all there are; `account` is whose events may be shown. */
  reset(rows: readonly Row[], account: string): void {
    const before = this.#known;
    this.#known = new Map();
    this.byEntity = new Map();
    for (const row of rows) this.#add(row, account, before);
    for (const events of this.byEntity.values()) events.sort(inOrder);
    this.rows = rows;
  }

  /** Whether the person wrote it. */
  has(row: Row): boolean {
    return this.byEntity.get(row.e)?.some((own) => own.row.id === row.id) ?? false;
  }

  /** Takes rows that are new or changed, and gives their entities. */
  put(rows: readonly Row[], account: string): string[] {
    if (rows.length === 0) return [];
    const touched = new Set(rows.map(({ e }) => e));
    const ids = new Set(rows.map(({ id }) => id));
    for (const e of touched)
      this.byEntity.set(
        e,
        (this.byEntity.get(e) ?? []).filter(({ row }) => !ids.has(row.id)),
      );
    for (const row of rows) this.#add(row, account, this.#known);
    for (const e of touched) {
      const events = this.byEntity.get(e)?.sort(inOrder) ?? [];
      if (events.length === 0) this.byEntity.delete(e);
    }
    this.rows = [...this.#known.values()].map(({ row }) => row);
    return [...touched];
  }

  #add(row: Row, account: string, before: ReadonlyMap<string, OwnEvent>): void {
    const known = before.get(row.id);
    const own = known?.row.bytes === row.bytes ? { row, event: known.event } : readRow(row);
    this.#known.set(row.id, own);
    if (own.event?.by !== account) return;
    const events = this.byEntity.get(row.e);
    if (events) events.push(own);
    else this.byEntity.set(row.e, [own]);
  }
}

const inOrder = (a: OwnEvent, b: OwnEvent): number => a.row.savedAt - b.row.savedAt || a.row.n - b.row.n;

type Remembered = { entity: Entity | undefined; sign: string; entry: Entry | null };

/** The entries, newest first; those that did not change are the same objects as last time, and so is the list. */
export class Entries {
  #memo = new Map<string, Remembered>();
  list: Entry[] = [];

  /** Makes the list of what there is; with `changed` only those entities are looked at. */
  update(entities: ReadonlyMap<string, Entity>, own: OwnEvents, account: string, changed?: readonly string[]): Entry[] {
    if (changed?.length === 0) return this.list;
    const before = this.#memo;
    if (!changed) this.#memo = new Map();
    for (const e of changed ?? new Set([...entities.keys(), ...own.byEntity.keys()])) {
      const [entity, events] = [entities.get(e), own.byEntity.get(e) ?? []];
      const sign = events.map(({ row }) => [row.id, row.state, row.seq, row.why, row.again].join()).join(';');
      const known = before.get(e);
      const same = known?.entity === entity && known?.sign === sign;
      this.#memo.set(e, same ? known : { entity, sign, entry: readEntry(e, entity, events, account) });
    }
    const list = [...this.#memo.values()].flatMap(({ entry }) => entry ?? []).sort(newestFirst);
    if (list.length !== this.list.length || list.some((entry, i) => entry !== this.list[i])) this.list = list;
    return this.list;
  }
}

const newestFirst = (a: Entry, b: Entry): number => b.savedAt - a.savedAt || order(b.e, a.e);
/** The places: the town's, own proposals that the town has no place of yet, and the former. The same list as last time when nothing changed. */
export class Places {
  #sign = '';
  #book: Book | null = null;
  list: Place[] = [];

  update(book: Book, entities: ReadonlyMap<string, Entity>, own: OwnEvents): Place[] {
    const proposed = [...own.byEntity].flatMap(([e, events]) => readProposal(e, entities.get(e), events) ?? []);
    const sign = JSON.stringify(proposed);
    if (book !== this.#book || sign !== this.#sign) this.list = [...book.places, ...proposed, ...(book.former ?? [])];
    [this.#book, this.#sign] = [book, sign];
    return this.list;
  }
}

/** A place that was proposed here, as long as it stands aside at the server: one that a coordinator let in is in the book. */
function readProposal(e: string, entity: Entity | undefined, events: readonly OwnEvent[]): Place | null {
  if (!events.some(({ event }) => event?.new?.t === 'place') || entity?.st || entity?.flags?.includes('erased'))
    return null;
  const state = lay(entity, events);
  if (!state) return null;
  const place = readPlace(e, state);
  const held = entity?.parked.some(({ id, why }) => id === e && why === 'held');
  const unsent = events.filter(({ row }) => isPending(row)).length;
  return { ...place, is: held ? 'closed' : (place.is ?? 'proposed'), ...(unsent > 0 && { unsent }) };
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
    restored: pending.some((row) => row.again && !isCarried(row)),
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
      return why === 'offline' || why === 'portal' ? 'offline' : 'waiting';
    case 'signin':
    case 'idle':
      return at;
  }
}
