/**
 * What the server says, for one person: states, the cursor they are as of, and the tally. All of it can be fetched again; it belongs
 * to one epoch of the log, and under another it is neither read nor written.
 */
import type { DBSchema } from 'idb';
import type { Entity, Page, Tally } from '../domain/log';
import { Handle } from './handle';
import { newest } from './newest';

type Small = { cursor: string; epoch: string; tally: Tally; checkedAt: number };

interface CacheSchema extends DBSchema {
  entities: { key: string; value: Entity };
  small: { key: string; value: Small[keyof Small] };
}

/** All that is cached, and the cursor it is as of. */
export type Cached = { entities: Entity[]; tally: Tally | null; cursor: string };

/** Some of it, and how many entities there are in all. */
export type Begun = Cached & { count: number };

/** Whether the cache is of another log than the one that is wanted. */
const isOther = (filled: unknown, epoch: string | null): boolean =>
  epoch !== null && filled !== undefined && filled !== epoch;

export class Cache {
  readonly db: Handle<CacheSchema>;

  constructor(town: string, person: string) {
    this.db = new Handle(`cache-v1-${town}-${person}`, 1, (db) => {
      db.createObjectStore('entities', { keyPath: 'e' });
      db.createObjectStore('small');
    });
  }

  /** Everything, or nothing when it was filled under another epoch. */
  async load(epoch: string | null): Promise<Cached> {
    return this.db.run(async (db) => {
      const tx = db.transaction(['entities', 'small']);
      const small = tx.objectStore('small');
      const [filled, cursor, tally, entities] = await Promise.all([
        small.get('epoch'),
        small.get('cursor'),
        small.get('tally'),
        tx.objectStore('entities').getAll(),
      ]);
      if (isOther(filled, epoch)) return { entities: [], tally: null, cursor: '' };
      return { entities, tally: (tally as Tally | undefined) ?? null, cursor: (cursor as string | undefined) ?? '' };
    });
  }

  /**
   * What the first screen needs, in one transaction: the tally, the entities asked for, and the `last` others, by when they were
   * made. `asked` may still be on its way while the connection is opened.
   */
  async begin(asked: Promise<{ epoch: string | null; ids: readonly string[] }>, last: number): Promise<Begun> {
    return this.db.run(async (db) => {
      const { epoch, ids } = await asked;
      const tx = db.transaction(['entities', 'small']);
      const [small, store] = [tx.objectStore('small'), tx.objectStore('entities')];
      const [filled, cursor, tally, count, found, others] = await Promise.all([
        small.get('epoch'),
        small.get('cursor'),
        small.get('tally'),
        store.count(),
        Promise.all(ids.map(async (e) => store.get(e))),
        newest(store, null, last),
      ]);
      if (isOther(filled, epoch)) return { entities: [], tally: null, cursor: '', count: 0 };
      const entities = new Map([...others, ...found].flatMap((entity) => (entity ? [[entity.e, entity]] : [])));
      const as = { tally: (tally as Tally | undefined) ?? null, cursor: (cursor as string | undefined) ?? '' };
      return { entities: [...entities.values()], ...as, count };
    });
  }

  /** The next `count` entities after one, in order of id; none when the cache was filled under another epoch. */
  async page(epoch: string | null, after: string | null, count: number): Promise<Entity[]> {
    return this.db.run(async (db) => {
      const tx = db.transaction(['entities', 'small']);
      const range = after === null ? null : IDBKeyRange.lowerBound(after, true);
      const [filled, entities] = await Promise.all([
        tx.objectStore('small').get('epoch'),
        tx.objectStore('entities').getAll(range, count),
      ]);
      return isOther(filled, epoch) ? [] : entities;
    });
  }

  /** The cursor to ask the next page with. */
  async cursor(): Promise<string> {
    return ((await this.db.run((db) => db.get('small', 'cursor'))) as string | undefined) ?? '';
  }

  /** Writes a page and its cursor in one transaction; false, and nothing written, when it is not the page that is wanted now. */
  async apply(asked: string, page: Page): Promise<boolean> {
    return this.db.write(['entities', 'small'], async (tx) => {
      const small = tx.objectStore('small');
      const [cursor = '', epoch = page.head.epoch] = (await Promise.all([
        small.get('cursor'),
        small.get('epoch'),
      ])) as string[];
      if (cursor !== asked || epoch !== page.head.epoch) return false;
      const next = { cursor: page.next, epoch, ...(page.tally ? { tally: page.tally } : {}) };
      await Promise.all([
        ...page.ents.map((entity) => tx.objectStore('entities').put(entity)),
        ...Object.entries(next).map(([key, value]) => small.put(value, key)),
      ]);
      return true;
    });
  }

  /** Empties the cache for an epoch, or for whichever the next page has. */
  async clear(epoch: string | null): Promise<void> {
    await this.db.write(['entities', 'small'], async (tx) => {
      await Promise.all([tx.objectStore('entities').clear(), tx.objectStore('small').clear()]);
      if (epoch !== null) await tx.objectStore('small').put(epoch, 'epoch');
    });
  }

  /** Makes sure the cache belongs to this epoch, emptying it when it does not. True when it had to. */
  async adopt(epoch: string): Promise<boolean> {
    const filled = await this.db.run((db) => db.get('small', 'epoch'));
    if (filled === undefined || filled === epoch) return false;
    await this.clear(epoch);
    return true;
  }

  /** When the cache was last compared with the server, ms. */
  async checkedAt(): Promise<number> {
    return ((await this.db.run((db) => db.get('small', 'checkedAt'))) as number | undefined) ?? 0;
  }

  async keepCheckedAt(now: number): Promise<void> {
    await this.db.run((db) => db.put('small', now, 'checkedAt'));
  }
}
