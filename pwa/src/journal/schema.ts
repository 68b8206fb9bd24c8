/**
 * What the outbox holds, version 1 for ever: an app of any later day finds what this one wrote, and going back a version is safe.
 * Members may be added to rows; none is ever renamed, and no version 2 is made.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Draft } from '../domain/app';
import type { Book } from '../domain/book';
import type { Stamp } from '../domain/clock';
import type { LogHead } from '../domain/log';
import type { Row, RowState } from '../domain/row';

/** A person on this phone. `inc` is the installation that later events get; earlier events keep theirs. */
export type Person = {
  account: string;
  name: string;
  party: string;
  role: string;
  inc: string;
  token: string;
  town: { id: string; name: string; slug: string };
};

/** A draft and whose it is: persons on one phone do not see each other's. */
export type KeptDraft = Draft & { account: string };

/** Small values by key; the keys with a colon are one per person or installation. */
export type Small = {
  [person: `person:${string}`]: Person;
  /** Next running number of an installation. */
  [next: `n:${string}`]: number;
  /** The last book that was complete, so that forms can be made while the cache is being filled anew. */
  [book: `book:${string}`]: Book;
  hlc: Stamp;
  /** Number of the latest request, and of the latest whose reply was applied. */
  turn: number;
  settled: number;
  head: LogHead;
  /** How far the phone's clock is ahead of the server's, ms. */
  offset: number;
  allSentAt: number;
};

export interface OutboxSchema extends DBSchema {
  events: { key: [string, number]; value: Row; indexes: { id: string; e: string; state: [RowState, number] } };
  drafts: { key: string; value: KeptDraft };
  /** Pieces of photos, ArrayBuffers of at most 256 KiB; nothing writes it yet. */
  chunks: { key: [string, number]; value: ArrayBuffer };
  small: { key: string; value: Small[keyof Small] };
}

/** Keys of everyone who is connected in the town. */
export const everyPerson = (): IDBKeyRange => IDBKeyRange.bound('person:', 'person;');

/** Keys of the index `state`: every row in a state, or those saved at the latest at `until`. */
export const inState = (state: RowState, until?: number): IDBKeyRange =>
  IDBKeyRange.bound([state], [state, until ?? []]);

export const OUTBOX_VERSION = 1;

/** Makes the stores of version 1. */
export function makeOutbox(db: IDBPDatabase<OutboxSchema>): void {
  const events = db.createObjectStore('events', { keyPath: ['inc', 'n'] });
  events.createIndex('id', 'id', { unique: true });
  events.createIndex('e', 'e');
  events.createIndex('state', ['state', 'savedAt']);
  db.createObjectStore('drafts', { keyPath: 'id' });
  db.createObjectStore('chunks');
  db.createObjectStore('small');
}
