/**
 * The truth on the phone: own events, drafts and the small values that go with them, for one town and all its persons here.
 *
 * What is saved is on disk before this says so. Nothing is ever removed but by `settle` (what the server has had for long, and what
 * it erased) and `erase`.
 */
import type { Draft, SaveResult } from '../domain/app';
import type { Book } from '../domain/book';
import { nextStamp, type Stamp } from '../domain/clock';
import { TooLarge } from '../domain/event';
import type { Row } from '../domain/row';
import { isRunning, type RunningDraft } from '../domain/run';
import { Handle, isFull } from './handle';
import { type KeptDraft, makeOutbox, OUTBOX_VERSION, type OutboxSchema, type Person, type Small } from './schema';

/** What `save` is given: the ids that were made with the draft, and how to spell the event once its number and stamp are known. */
export type Saving = {
  id: string;
  e: string;
  inc: string;
  now: number;
  spell: (n: number, hlc: Stamp, off: number | null) => string;
};

export class Outbox {
  readonly db: Handle<OutboxSchema>;

  constructor(readonly town: string) {
    this.db = new Handle(`outbox-${town}`, OUTBOX_VERSION, makeOutbox);
  }

  /**
   * Writes an event, its number and stamp, and drops its draft, in one strict transaction; then reads the bytes back. The id decides:
   * an event that is there already is not written twice, whether by a double tap, another tab or a retry. `row` is what was read back.
   */
  async save(s: Saving): Promise<SaveResult & { row?: Row }> {
    try {
      const adding = this.#add(s);
      const early = this.#find(s.id).catch(() => undefined); // a transaction that waits for the first: asked for now, answered sooner
      const row = await adding;
      const back = (await early) ?? (await this.#find(s.id)); // on a connection that died it did not wait
      return back?.bytes === row.bytes
        ? { ok: true, e: row.e, id: row.id, row: back }
        : { ok: false, reason: 'readback' };
    } catch (cause) {
      return { ok: false, reason: cause instanceof TooLarge ? 'too-large' : isFull(cause) ? 'full' : 'storage', cause };
    }
  }

  /** All that is asked is asked at once, and the commit with the last of it: on a slow phone each answer that is waited for is milliseconds. */
  async #add(s: Saving): Promise<Row> {
    return this.db.write(['events', 'small', 'drafts'], async (tx) => {
      const [events, small] = [tx.objectStore('events'), tx.objectStore('small')];
      const [known, next, last, off] = await Promise.all([
        events.index('id').get(s.id),
        small.get(`n:${s.inc}`),
        small.get('hlc'),
        small.get('offset'),
        tx.objectStore('drafts').delete(s.id),
      ]);
      if (known) return known;
      const n = (next as number | undefined) ?? 1;
      const hlc = nextStamp(last as Stamp | undefined, s.now);
      const made = newRow(s, n, s.spell(n, hlc, (off as number | undefined) ?? null));
      const written = Promise.all([events.add(made), small.put(n + 1, `n:${s.inc}`), small.put(hlc, 'hlc')]);
      tx.commit();
      await written;
      return made;
    });
  }

  async #find(id: string): Promise<Row | undefined> {
    return this.db.run((db) => db.getFromIndex('events', 'id', id));
  }

  /** Every event that is kept, of every person here. */
  async rows(): Promise<Row[]> {
    return this.db.run((db) => db.getAll('events'));
  }

  async drafts(account: string): Promise<Draft[]> {
    const all = await this.db.run((db) => db.getAll('drafts'));
    return all.filter((d) => d.account === account).map(({ account: _, ...draft }) => draft);
  }

  /**
   * Keeps a draft; one whose event is saved already stays gone, so that a late autosave does not bring it back, and so does one that
   * was begun with something in sight that is erased by now.
   */
  async keepDraft(draft: KeptDraft): Promise<void> {
    await this.db.write(
      ['events', 'drafts'],
      async (tx) => {
        const ids = [draft.id, draft.e ?? '', ...Object.values(draft.base).flat()];
        const [saved, ...seen] = await Promise.all(ids.map((id) => tx.objectStore('events').index('id').get(id)));
        if (!saved && !seen.some((row) => row?.state === 'erased')) await tx.objectStore('drafts').put(draft);
      },
      isRunning(draft) ? 'strict' : 'relaxed', // a pause that is shown is no half sentence: it survives a power cut
    );
  }

  /** Keeps a draft that runs, unless the person has one already: gives the one that runs, and only that. */
  async run(draft: RunningDraft & { account: string }): Promise<RunningDraft> {
    const { account: _, ...running } = await this.db.write(['drafts'], async (tx) => {
      const drafts = tx.objectStore('drafts');
      const all = await drafts.getAll();
      const runs = all.find((d): d is typeof draft => d.account === draft.account && isRunning(d));
      if (!runs) await drafts.put(draft);
      return runs ?? draft;
    });
    return running;
  }

  async dropDraft(id: string): Promise<void> {
    await this.db.run((db) => db.delete('drafts', id));
  }

  async person(account: string): Promise<Person | undefined> {
    return this.small(`person:${account}`);
  }

  /** Keeps a person and, where the installation is new, begins its numbers. */
  async keepPerson(person: Person): Promise<void> {
    await this.db.write(['small'], async (tx) => {
      const small = tx.objectStore('small');
      await small.put(person, `person:${person.account}`);
      if ((await small.get(`n:${person.inc}`)) === undefined) await small.put(1, `n:${person.inc}`);
    });
  }

  async keepBook(account: string, book: Book): Promise<void> {
    await this.db.write(['small'], (tx) => tx.objectStore('small').put(book, `book:${account}`), 'relaxed');
  }

  async small<K extends keyof Small>(key: K): Promise<Small[K] | undefined> {
    return (await this.db.run((db) => db.get('small', key))) as Small[K] | undefined;
  }
}

function newRow(s: Saving, n: number, bytes: string): Row {
  const fresh = {
    state: 'unsent',
    seq: null,
    why: null,
    again: false,
    answered: null,
    tries: 0,
    error: null,
  } as const;
  return { id: s.id, e: s.e, inc: s.inc, n, bytes, seal: 'none', ...fresh, savedAt: s.now };
}
