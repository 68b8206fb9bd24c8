/**
 * A connection to one IndexedDB database that survives what phones do to connections.
 *
 * iOS closes them under memory pressure and when the app sleeps, and retrying on a dead one never recovers: it is dropped, opened
 * anew, and what was asked is asked again. So whatever runs here must bear being run twice.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';

/** Names of errors that say the connection, not the work, is at fault. */
const DEAD = ['InvalidStateError', 'UnknownError'];
const RETRIES = 2;
const PROBE_MS = 3000;

type Upgrade<S extends DBSchema> = (db: IDBPDatabase<S>) => void;
/** A transaction that writes. */
export type Write<S extends DBSchema, N extends StoreNames<S>> = IDBPTransaction<S, N[], 'readwrite'>;

/** Opens on first use. Several may be open on one database, in one tab or several. */
export class Handle<S extends DBSchema> {
  #db: Promise<IDBPDatabase<S>> | null = null;

  constructor(
    readonly name: string,
    private readonly version: number,
    private readonly upgrade: Upgrade<S>,
  ) {}

  /** Runs fn on a living connection; again on a new one when the connection turns out to be dead. */
  async run<T>(fn: (db: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    for (let left = RETRIES; ; left -= 1) {
      const opening = (this.#db ??= this.#open());
      try {
        return await fn(await opening);
      } catch (error) {
        this.#drop(opening, error);
        if (left === 0 || !isDead(error)) throw error;
      }
    }
  }

  /**
   * Runs fn in one readwrite transaction: when this resolves, all it wrote is on disk, or with `relaxed` at least safe from a kill of
   * the app; when it rejects, nothing is. The error is the transaction's own, QuotaExceededError when the phone is full.
   */
  async write<T, N extends StoreNames<S>>(
    stores: N[],
    fn: (tx: Write<S, N>) => Promise<T>,
    durability: IDBTransactionDurability = 'strict',
  ): Promise<T> {
    return this.run(async (db) => {
      const tx = db.transaction(stores, 'readwrite', { durability });
      const done = tx.done.then(
        () => null,
        (error: unknown) => error ?? new DOMException('the transaction was aborted', 'AbortError'),
      );
      try {
        const result = await fn(tx);
        const failed = await done;
        if (failed === null) return result;
        throw failed as Error;
      } catch (error) {
        abort(tx);
        await done;
        throw (tx.error as Error | null) ?? error;
      }
    });
  }

  /** Reads something, so that a dead connection is found before a person needs it. A read that hangs counts as dead. */
  async probe(): Promise<void> {
    const opening = this.#db;
    if (!opening) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DOMException('no answer', 'UnknownError')), PROBE_MS);
    });
    const read = this.run(async (db) => db.count(db.objectStoreNames[0] as StoreNames<S>));
    await Promise.race([read, late]).catch((error: unknown) => this.#drop(opening, error));
    clearTimeout(timer);
  }

  /** Closes the connection; the next use opens it anew. */
  async close(): Promise<void> {
    const opening = this.#db;
    this.#db = null;
    await opening?.then((db) => db.close()).catch(() => undefined);
  }

  #open(): Promise<IDBPDatabase<S>> {
    const forget = () => {
      if (this.#db === opening) this.#db = null;
    };
    const opening = openDB<S>(this.name, this.version, {
      upgrade: this.upgrade,
      terminated: forget,
      blocking: () => {
        forget();
        void opening.then((db) => db.close()); // someone deletes or upgrades the database: do not stand in the way
      },
    });
    return opening;
  }

  #drop(opening: Promise<IDBPDatabase<S>>, error: unknown): void {
    if (!isDead(error) || this.#db !== opening) return;
    this.#db = null;
    void opening.then((db) => db.close()).catch(() => undefined); // it may never have opened
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    return; // it was over already
  }
}

/** Whether an error says that the connection is dead. */
const isDead = (error: unknown): boolean => error instanceof Error && DEAD.includes(error.name);

/** Whether an error says that the phone has no room left. */
export const isFull = (error: unknown): boolean => error instanceof Error && error.name === 'QuotaExceededError';
