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
  isWaiting,
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
  /** The row that created each entity, of those that were created here. */
  readonly firsts = new Map<string, Row>();
  /** Entities that an own event proposes as a place. */
  readonly proposed = new Set<string>();
  /** Of everyone on this phone, the rows that still have to reach the server, or wait for a person. */
  readonly #open = new Map<string, Row>();

  /** Takes the rows as all there are; `account` is whose events may be shown. */
  reset(rows: readonly Row[], account: string): void {
    const before = this.#known;
    this.#known = new Map();
    this.byEntity = new Map();
    this.firsts.clear();
    this.#open.clear();
    this.proposed.clear();
    for (const row of rows) this.#add(row, account, before);
    for (const events of this.byEntity.values()) events.sort(inOrder);
  }

  /** The rows of everyone on this phone that wait for the server or for a person. */
  get waiting(): Row[] {
    return [...this.#open.values()];
  }

  /** How many rows there are of everyone on this phone, as far as they are read. */
  get count(): number {
    return this.#known.size;
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
    return [...touched];
  }

  #add(row: Row, account: string, before: ReadonlyMap<string, OwnEvent>): void {
    const known = before.get(row.id);
    const own = known?.row.bytes === row.bytes ? { row, event: known.event } : readRow(row);
    this.#known.set(row.id, own);
    if (isWaiting(row)) this.#open.set(row.id, row);
    else this.#open.delete(row.id);
    if (own.event?.by !== account) return;
    if (row.id === row.e) this.firsts.set(row.e, row);
    if (own.event.new?.t === 'place') this.proposed.add(row.e);
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

  /** What was created here and the tally does not have yet. */
  *uncounted(own: OwnEvents, tally: Pick<Tally, 'at' | 'from' | 'to'>): Iterable<Entry> {
    for (const [e, first] of own.firsts) {
      if (first.seq !== null && first.seq <= tally.at) continue; // most are: nothing else is asked of thousands
      const entry = this.#memo.get(e)?.entry;
      if (entry && isUncounted(entry, own.byEntity.get(e) ?? [], tally)) yield entry;
    }
  }

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
    const list = changed ? this.#with(changed) : [...this.#memo.values()].flatMap(({ entry }) => entry ?? []);
    list.sort(newestFirst);
    if (list.length !== this.list.length || list.some((entry, i) => entry !== this.list[i])) this.list = list;
    return this.list;
  }

  /** The list with these entities as they are now, nearly in order: sorting it takes one look at each. */
  #with(changed: readonly string[]): Entry[] {
    const others = new Set(changed);
    const now = changed.flatMap((e) => this.#memo.get(e)?.entry ?? []);
    return [...now.sort(newestFirst), ...this.list.filter(({ e }) => !others.has(e))];
  }
}

const newestFirst = (a: Entry, b: Entry): number => b.savedAt - a.savedAt || order(b.e, a.e);
/** The places: the town's, own proposals that the town has no place of yet, and the former. The same list as last time when nothing changed. */
export class Places {
  #sign = '';
  #book: Book | null = null;
  list: Place[] = [];

  update(book: Book, entities: ReadonlyMap<string, Entity>, own: OwnEvents): Place[] {
    const proposed = [...own.proposed].flatMap(
      (e) => readProposal(e, entities.get(e), own.byEntity.get(e) ?? []) ?? [],
    );
    const sign = JSON.stringify(proposed);
    if (book !== this.#book || sign !== this.#sign) this.list = [...book.places, ...proposed, ...(book.former ?? [])];
    [this.#book, this.#sign] = [book, sign];
    return this.list;
  }
}

/** A place that was proposed here, as long as it stands aside at the server: one that a coordinator let in is in the book. */
function readProposal(e: string, entity: Entity | undefined, events: readonly OwnEvent[]): Place | null {
  if (entity?.st || entity?.flags?.includes('erased')) return null;
  const state = lay(entity, events);
  if (!state) return null;
  const place = readPlace(e, state);
  const held = entity?.parked.some(({ id, why }) => id === e && why === 'held');
  const unsent = events.filter(({ row }) => isPending(row)).length;
  return { ...place, is: held ? 'closed' : (place.is ?? 'proposed'), ...(unsent > 0 && { unsent }) };
}

/** The measures with what the server counted and what only this phone knows. */
export function measuresOf(book: Book, tally: Tally | null, entries: Entries, own: OwnEvents, now: number): Measure[] {
  const year = tally ?? (book.pledge ? { at: 0, ...promiseYear(book.pledge, dayOfMillis(now)) } : null);
  const uncounted = year ? [...entries.uncounted(own, year)] : [];
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
  const { waiting } = own;
  const pending = waiting.filter(isPending);
  const status: SyncStatus = {
    unsent: pending.length,
    others: new Set(pending.filter((row) => !own.has(row)).map(({ e }) => e)).size,
    oldest: pending.length > 0 ? Math.min(...pending.map((row) => row.savedAt)) : null,
    action: waiting.filter((row) => row.state === 'refused' && own.has(row)).length,
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
