/**
 * The storage of simulated phones: fake-indexeddb, with what real phones do to it. A tab that dies takes its unfinished transactions
 * with it; storage can be full, connections can be lost; and what is kept can be read from outside without disturbing anything.
 */
import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore, IDBOpenDBRequest, IDBRequest, IDBTransaction } from 'fake-indexeddb';
import type { Chance } from './chance';
import { enter, type Owner, queueFor, running } from './loop';

type Listener = (event: Event) => void;
type Heard = { listeners: { callback: Listener }[] };
type Target = { addEventListener: (type: string, fn: Listener, how?: unknown) => void } & {
  removeEventListener: (type: string, fn: Listener, how?: unknown) => void;
};
type Operation = { operation: () => unknown };
/** A store as it was made. */
export type Made = {
  name: string;
  keyPath: string | string[] | null;
  indexes: { name: string; keyPath: string | string[]; unique: boolean }[];
};
type RawStore = Pick<Made, 'name' | 'keyPath'> & {
  rawIndexes: Map<string, Made['indexes'][number]>;
  records: { values: () => Iterable<{ key: IDBValidKey; value: unknown }> };
};
type RawTransaction = IDBTransaction & { _state: string; _abort: (name: string | null) => void };
type Raw = { rawObjectStores: Map<string, RawStore>; transactions: RawTransaction[]; connections: IDBDatabase[] };
type RawFactory = { _databases: Map<string, Raw> };

/** What goes wrong with a tab's storage next: after so many operations, so many times. */
export type Trouble = { name: 'QuotaExceededError' | 'UnknownError'; after: number; times: number };

/** Someone who uses storage; `writes` counts the transactions of theirs that were written. */
export type User = Owner & { trouble: Trouble | null; writes: number };

const wrapped = new WeakMap<Listener, Listener>();
const opened = new WeakMap<IDBDatabase, User>();
let writing = false;

/** Has everything that a tab hears from its storage run as that tab's, and stop when it dies. */
function followOwners(): void {
  const target = Object.getPrototypeOf(IDBRequest.prototype) as Target;
  const { addEventListener: add, removeEventListener: remove } = target;
  target.addEventListener = function (this: object, type, fn, how) {
    const who = running();
    add.call(this, type, who ? listenAs(who, this, fn) : fn, how);
  };
  target.removeEventListener = function (this: object, type, fn, how) {
    const known = wrapped.get(fn) ?? fn;
    if ((this as Heard).listeners.some(({ callback }) => callback === known)) remove.call(this, type, known, how);
  };
}

function listenAs(who: Owner, on: object, fn: Listener): Listener {
  const known = wrapped.get(fn);
  if (known) return known;
  const heard: Listener = (event) => {
    if (!(on instanceof IDBOpenDBRequest)) return void enter(who, () => fn(event));
    took(who, on);
    if (running() === null || running() === who) enter(who, () => fn(event));
    else queueFor(who, () => fn(event)); // two that waited for one another are let in by the same task
  };
  wrapped.set(fn, heard);
  return heard;
}

/** A connection was made, perhaps for one who is dead by now. */
function took(who: Owner, { result, transaction, readyState }: IDBOpenDBRequest): void {
  if (readyState !== 'done' || !result) return;
  opened.set(result, who as User);
  if (!who.dead) return;
  transaction?.abort();
  result.close();
}

/** Has operations fail when their tab is in trouble. */
function meetTrouble(): void {
  for (const name of ['put', 'add'] as const) {
    const proto = IDBObjectStore.prototype as unknown as Record<
      typeof name,
      (...args: unknown[]) => IDBRequest<IDBValidKey>
    >;
    const real = proto[name];
    proto[name] = function (this: object, ...args) {
      writing = true;
      try {
        return real.apply(this, args);
      } finally {
        writing = false;
      }
    };
  }
  const proto = IDBTransaction.prototype as unknown as { _execRequestAsync: (asked: Operation) => unknown };
  const real = proto._execRequestAsync;
  proto._execRequestAsync = function (this: object, asked) {
    const error = due(running() as User | null);
    const operation = () => {
      throw error as DOMException;
    };
    return real.call(this, error ? { ...asked, operation } : asked);
  };
}

/** Counts what is written, so that a tab can die between two transactions. */
function countWrites(): void {
  const proto = IDBTransaction.prototype as unknown as { dispatchEvent: (event: Event) => boolean };
  const real = proto.dispatchEvent;
  proto.dispatchEvent = function (this: IDBTransaction, event) {
    const who = opened.get(this.db);
    if (who && event.type === 'complete' && this.mode === 'readwrite') who.writes += 1;
    return real.call(this, event);
  };
}

function due(who: User | null): DOMException | null {
  const trouble = who?.trouble ?? null;
  if (!who || !trouble || (trouble.name === 'QuotaExceededError' && !writing)) return null;
  if (trouble.after > 0) {
    trouble.after -= 1;
    return null;
  }
  trouble.times -= 1;
  if (trouble.times <= 0) who.trouble = null;
  return new DOMException('says the weather', trouble.name);
}

followOwners();
meetTrouble();
countWrites();

/** One phone's storage. */
export class Disk {
  readonly factory = new IDBFactory();

  /**
   * Ends what a dead tab had begun: its transactions come to nothing, its connections are closed. One whose commit was asked for
   * already may be written all the same.
   */
  release(who: Owner, chance: Chance): void {
    for (const raw of this.#all.values()) {
      const mine = raw.transactions.filter((tx) => opened.get(tx.db) === who && tx._state !== 'finished');
      for (const tx of mine) if (tx._state !== 'committing' || chance() < 0.5) tx._abort(null);
    }
    this.cut(who);
  }

  /** Closes a tab's connections behind its back, as iOS does. */
  cut(who: Owner): void {
    for (const raw of this.#all.values()) {
      for (const db of [...raw.connections].filter((one) => opened.get(one) === who)) db.close();
    }
  }

  /** Names of the databases that have stores. */
  names(): string[] {
    return [...this.#all].flatMap(([name, raw]) => (raw.rawObjectStores.size > 0 ? [name] : [])).sort();
  }

  /** What a store holds by key, as of now. To be looked at alone. */
  read(database: string, store: string): [key: IDBValidKey, value: unknown][] {
    const records = this.#all.get(database)?.rawObjectStores.get(store)?.records;
    return records ? [...records.values()].map(({ key, value }) => [key, value]) : [];
  }

  /** How the stores of a database were made. */
  stores(database: string): Made[] {
    const raw = [...(this.#all.get(database)?.rawObjectStores.values() ?? [])];
    return raw.map(({ name, keyPath, rawIndexes }) => ({ name, keyPath, indexes: [...rawIndexes.values()] }));
  }

  get #all(): Map<string, Raw> {
    return (this.factory as unknown as RawFactory)._databases;
  }
}
