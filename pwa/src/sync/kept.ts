/**
 * What is kept of one person on this phone, in memory, as the screens show it. Opening reads what the first screen needs, which is
 * the same few rows however many years are kept; the rest follows in pages. After that only what changed is read.
 *
 * Reading is one at a time, so that what was read later is also taken later.
 */
import type { Entry, Measure, Place } from '../domain/app';
import { type Book, emptyBook, readBook } from '../domain/book';
import type { Entity, Page, Tally } from '../domain/log';
import { lay, type Row } from '../domain/row';
import type { State } from '../domain/state';
import type { Cache, Cached } from '../journal/cache';
import type { Outbox } from '../journal/outbox';
import { begin, type Beginning, changes, page } from '../journal/reading';
import type { Person } from '../journal/schema';
import { Entries, measuresOf, OwnEvents, Places } from './view';

/** Of what was answered, so much is read before the first screen is drawn. It shows three. */
const NEWEST = 12;
/** Rows and entities of one later page: some ms on a slow phone, so that a press is answered in between. */
const PAGE = 250;

export class Kept {
  readonly own = new OwnEvents();
  book: Book = emptyBook();
  entries: Entry[] = [];
  measures: Measure[] = [];
  places: Place[] = [];
  allSentAt: number | null = null;
  #entities = new Map<string, Entity>();
  #tally: Tally | null = null;
  /** As of which cursor the two are. */
  #cursor = '';
  #list = new Entries();
  #places = new Places();
  #isWhole = false;
  #rest: Promise<void> | null = null;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly outbox: Outbox,
    private readonly cache: Cache,
    public person: Person,
    private readonly now: () => number,
  ) {}

  /** Reads what the first screen needs; null when nothing is kept of the person. */
  static async open(outbox: Outbox, cache: Cache, account: string, now: () => number): Promise<Kept | null> {
    const begun = begin(outbox, account, NEWEST);
    const asked = begun.then(({ head, rows, corrected }) => ({
      epoch: head?.epoch ?? null,
      ids: [...new Set([...rows.map(({ e }) => e), ...corrected])],
    }));
    const [first, cached] = await Promise.all([begun, cache.begin(asked, NEWEST)]);
    if (!first.person) return null;
    const kept = new Kept(outbox, cache, first.person, now);
    kept.#begin(first, cached);
    kept.#isWhole = first.count === first.rows.length && cached.count === cached.entities.length;
    if (kept.#isWhole) kept.#readBook();
    else if (!first.book) await kept.whole(); // without its book nothing can be drawn
    kept.#show();
    return kept;
  }

  /** Resolves when all is here. Until then entries are missing, never wrong. */
  async whole(): Promise<void> {
    if (this.#isWhole) return;
    this.#rest ??= this.#readRest().finally(() => (this.#rest = null));
    return this.#rest;
  }

  /** Whether the server has sent something of an entity. */
  has(e: string): boolean {
    return this.#entities.has(e);
  }

  /** The state that is displayed of an entity. */
  displayed(e: string): State | null {
    return lay(this.#entities.get(e), this.own.byEntity.get(e) ?? []);
  }

  /** An event was saved here. */
  async saved(row: Row): Promise<void> {
    await this.#inTurn(async () => this.#take([row]));
  }

  /** Rows changed, these or any that wait, or the person's installation. */
  async outboxChanged(rows?: readonly Row[]): Promise<void> {
    await this.#inTurn(async () => {
      const { account } = this.person;
      const found = await changes(this.outbox, account, rows ?? this.own.waiting, rows !== undefined);
      this.person = found.person ?? this.person;
      this.allSentAt = found.allSentAt ?? null;
      this.#take(found.rows);
      if (!this.#isWhole || found.count === this.own.count) return;
      this.own.reset(await this.outbox.rows(), account);
      this.#show();
    });
  }

  /** What was cached changed: a page came upon what was there at cursor `asked`, or all of it is void. True when the book was read anew. */
  async cacheChanged(change: Page | null, asked = ''): Promise<boolean> {
    return this.#inTurn(async () => {
      const isNext = change === null || asked === this.#cursor;
      if (isNext) this.#turn(change);
      else await this.#load(); // another tab filled it, and died before it could say so
      const anew = !isNext || (change !== null && !change.more) || this.book.kinds.length === 0;
      if (anew) this.#readBook();
      this.#show(isNext ? change?.ents.map(({ e }) => e) : undefined);
      return anew;
    });
  }

  #turn(change: Page | null): void {
    if (change === null) this.#entities = new Map();
    for (const entity of change?.ents ?? []) this.#entities.set(entity.e, entity);
    this.#tally = change?.tally ?? (change ? this.#tally : null);
    this.#cursor = change?.next ?? '';
  }

  /** Another tab changed the cache. */
  async cacheReplaced(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#load();
      this.#readBook();
      this.#show();
    });
  }

  async #load(): Promise<void> {
    const head = await this.outbox.small('head');
    this.#hold(await this.cache.load(head?.epoch ?? null));
  }

  #hold({ entities, tally, cursor }: Cached): void {
    this.#entities = new Map(entities.map((entity) => [entity.e, entity]));
    this.#tally = tally;
    this.#cursor = cursor;
  }

  #begin(first: Beginning, cached: Cached): void {
    this.book = first.book ?? this.book;
    this.allSentAt = first.allSentAt ?? null;
    this.#hold(cached);
    this.own.reset(first.rows, this.person.account);
  }

  async #readRest(): Promise<void> {
    const head = await this.outbox.small('head');
    let last: Entity | undefined;
    do last = await this.#inTurn(async () => this.#entityPage(head?.epoch ?? null, last?.e ?? null));
    while (last);
    let row: Row | undefined;
    do row = await this.#inTurn(async () => this.#rowPage(row ?? null));
    while (row);
    this.#isWhole = true;
    this.#readBook();
    await this.outboxChanged(); // what was purged meanwhile, or written behind the page that was read
    this.#show();
  }

  async #entityPage(epoch: string | null, after: string | null): Promise<Entity | undefined> {
    const entities = await this.cache.page(epoch, after, PAGE);
    for (const entity of entities) this.#entities.set(entity.e, entity);
    this.#list.update(
      this.#entities,
      this.own,
      this.person.account,
      entities.map(({ e }) => e),
    );
    return entities.at(-1);
  }

  async #rowPage(after: Row | null): Promise<Row | undefined> {
    const rows = await page(this.outbox, after, PAGE);
    this.#list.update(this.#entities, this.own, this.person.account, this.own.put(rows, this.person.account));
    return rows.at(-1);
  }

  #take(rows: readonly Row[]): void {
    this.#show(this.own.put(rows, this.person.account));
  }

  /** A cache without a catalogue is on its way: the last book that was whole serves until it is there. */
  #readBook(): void {
    if (!this.#isWhole && this.book.kinds.length > 0) return; // of a part of the entities no book can be read
    const book = readBook(this.#entities.values());
    if (book.version > 0 || book.kinds.length > 0) this.book = book;
  }

  /** Makes anew what is shown of these entities, or of all. */
  #show(changed?: readonly string[]): void {
    this.places = this.#places.update(this.book, this.#entities, this.own);
    this.entries = this.#list.update(this.#entities, this.own, this.person.account, changed);
    this.measures = measuresOf(this.book, this.#tally, this.#list, this.own, this.now());
  }

  async #inTurn<T>(fn: () => Promise<T>): Promise<T> {
    const turn = this.#reading.then(fn);
    this.#reading = turn.catch(() => undefined);
    return turn;
  }
}
