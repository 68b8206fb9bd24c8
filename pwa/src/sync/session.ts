/**
 * One person in one town on this phone: the journal, the engine, and what of both is shown. Opening it needs no network, and nothing
 * here waits for one.
 */
import type { Entry, Measure, SyncStatus } from '../domain/app';
import { type Book, emptyBook, readBook } from '../domain/book';
import type { Entity, Page, Tally } from '../domain/log';
import type { BetweenTabs } from '../domain/messages';
import { isPending, lay } from '../domain/row';
import type { State } from '../domain/state';
import { Cache } from '../journal/cache';
import { Outbox } from '../journal/outbox';
import type { Seat } from '../journal/phone';
import type { Person } from '../journal/schema';
import type { Desk, Engine } from './engine';
import type { Wake } from './machine';
import type { Channel, Surroundings } from './surroundings';
import { Entries, measuresOf, OwnEvents, statusOf } from './view';

export class Session {
  readonly own = new OwnEvents();
  book: Book = emptyBook();
  entries: Entry[] = [];
  measures: Measure[] = [];
  #entities = new Map<string, Entity>();
  #tally: Tally | null = null;
  /** As of which cursor the two are. */
  #cursor = '';
  #list = new Entries();
  #allSentAt: number | null = null;
  #channel: Channel;
  /** Fetched once the first screen is drawn: nothing that is shown waits for it. */
  #engine: Engine | null = null;
  #starting: Promise<Engine> | null = null;
  #closed = false;

  private constructor(
    private readonly world: Surroundings,
    readonly outbox: Outbox,
    private readonly cache: Cache,
    public person: Person,
    private readonly changed: () => void,
    hear: (message: BetweenTabs) => void,
  ) {
    this.#channel = world.channel(outbox.town, (message) => {
      if (this.#closed) return;
      void this.#hear(message);
      hear(message);
    });
  }

  /** Opens what is kept of a person; null when nothing is. `hear` gets what other tabs say. */
  static async open(
    world: Surroundings,
    seat: Seat,
    changed: () => void,
    hear: (m: BetweenTabs) => void,
  ): Promise<Session | null> {
    const outbox = new Outbox(seat.town);
    const person = await outbox.person(seat.account);
    if (!person) return null;
    const session = new Session(world, outbox, new Cache(seat.town, seat.account), person, changed, hear);
    session.book = (await outbox.small(`book:${seat.account}`)) ?? session.book;
    await session.#loadCache();
    await session.#outboxChanged(false);
    return session;
  }

  /** What the header says, as of now. */
  status(): SyncStatus {
    return statusOf(this.own.rows, this.#engine?.machine ?? null, this.#engine?.until ?? 0, this.#allSentAt);
  }

  /** Whether nothing is being sent or fetched. */
  resting(): boolean {
    return ['idle', 'wait', 'signin'].includes(this.#engine?.machine.at ?? 'starting');
  }

  /** A reason to send. The first one starts the engine. */
  async wake(by: Wake): Promise<void> {
    const engine = await this.#start().catch(() => null); // its file could not be fetched: the next reason tries again
    if (!this.#closed) engine?.wake(by);
  }

  /** The state that is displayed of an entity. */
  displayed(e: string): State | null {
    return lay(this.#entities.get(e), this.own.byEntity.get(e) ?? []);
  }

  /** Something was saved here: show it, tell the other tabs, and send it within a second. */
  async saved(): Promise<void> {
    await this.#outboxChanged(false);
    this.say({ type: 'saved' });
    void this.wake('saved');
    this.world.requestSync();
  }

  say(message: BetweenTabs): void {
    this.#channel.post(message);
  }

  /** The app is looked at again: find dead connections before a person does, and see what other tabs did. */
  async seen(): Promise<void> {
    await Promise.all([this.outbox.db.probe(), this.cache.db.probe()]);
    await this.#outboxChanged(false);
    await this.wake('visible');
  }

  /** Keeps looking while there is something to send and someone to see it. */
  watch(): void {
    const pending = this.own.rows.some(isPending) || this.#engine?.machine.at === 'wait';
    this.#engine?.watch(pending && this.world.visible());
  }

  /** Lets go. A request under way is still answered, and what came of it told to whoever took over. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    void Promise.resolve(this.#engine?.stop()).then(() => this.#channel.close());
    await Promise.all([this.outbox.db.close(), this.cache.db.close()]);
  }

  async #start(): Promise<Engine> {
    this.#starting ??= import('./engine').then(({ Engine }) => new Engine(this.world, this.#desk()));
    return this.#starting.then(
      (engine) => (this.#engine = engine),
      (error: unknown) => {
        this.#starting = null;
        throw error;
      },
    );
  }

  #desk(): Desk {
    return {
      outbox: this.outbox,
      cache: this.cache,
      person: () => this.person,
      outboxChanged: () => this.#outboxChanged(true),
      cacheChanged: (page, asked) => this.#cacheChanged(page, asked),
      moved: () => this.#moved(),
    };
  }

  async #hear(message: BetweenTabs): Promise<void> {
    if (message.type === 'saved') void this.wake('saved');
    if (message.type === 'changed' && message.what === 'cache') await this.#loadCache();
    if (message.type === 'saved' || message.type === 'changed') await this.#outboxChanged(false);
  }

  async #outboxChanged(tell: boolean): Promise<void> {
    const { account } = this.person;
    const [rows, person, sent] = await Promise.all([
      this.outbox.rows(),
      this.outbox.person(account),
      this.outbox.small('allSentAt'),
    ]);
    this.person = person ?? this.person;
    this.#allSentAt = sent ?? null;
    this.own.take(rows, account);
    if (tell) this.say({ type: 'changed', what: 'outbox' });
    this.#show();
  }

  async #cacheChanged(page: Page | null, asked = ''): Promise<void> {
    if (page && asked !== this.#cursor)
      await this.#loadCache(); // another tab filled it, and died before it could say so
    else this.#takePage(page);
    const complete = page !== null && !page.more;
    if (complete || this.book.kinds.length === 0) this.#readBook();
    if (complete && page.ents.length > 0) await this.outbox.keepBook(this.person.account, this.book);
    if (complete || page === null) this.say({ type: 'changed', what: 'cache' });
    this.#show();
  }

  #takePage(page: Page | null): void {
    if (page === null) this.#entities = new Map();
    for (const entity of page?.ents ?? []) this.#entities.set(entity.e, entity);
    this.#tally = page?.tally ?? (page ? this.#tally : null);
    this.#cursor = page?.next ?? '';
  }

  async #loadCache(): Promise<void> {
    const head = await this.outbox.small('head');
    const { entities, tally, cursor } = await this.cache.load(head?.epoch ?? null);
    this.#cursor = cursor;
    this.#entities = new Map(entities.map((entity) => [entity.e, entity]));
    this.#tally = tally;
    this.#readBook();
  }

  /** A cache without a catalogue is on its way: the last book that was whole serves until it is there. */
  #readBook(): void {
    const book = readBook(this.#entities.values());
    if (book.version > 0 || book.kinds.length > 0) this.book = book;
  }

  #moved(): void {
    this.watch();
    this.changed();
  }

  #show(): void {
    this.entries = this.#list.update(this.#entities, this.own, this.person.account);
    this.measures = measuresOf(this.book, this.#tally, this.entries, this.own, this.world.now());
    this.watch();
    this.changed();
  }
}
