/**
 * One person in one town on this phone: the journal, the engine, and what of both is shown. Opening it needs no network, and nothing
 * here waits for one.
 */
import type { Seat, SyncStatus } from '../domain/app';
import type { Page } from '../domain/log';
import type { BetweenTabs } from '../domain/messages';
import { isPending, type Row } from '../domain/row';
import { Cache } from '../journal/cache';
import { Outbox } from '../journal/outbox';
import type { Person } from '../journal/schema';
import type { Desk, Engine } from './engine';
import { Kept } from './kept';
import type { Wake } from './machine';
import type { Channel, Surroundings } from './surroundings';
import { type OwnEvents, statusOf } from './view';

export class Session {
  #channel: Channel;
  /** Fetched once the first screen is drawn: nothing that is shown waits for it. */
  #engine: Engine | null = null;
  #starting: Promise<Engine> | null = null;
  #closed = false;

  private constructor(
    private readonly world: Surroundings,
    readonly outbox: Outbox,
    private readonly cache: Cache,
    readonly kept: Kept,
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
    const [outbox, cache] = [new Outbox(seat.town), new Cache(seat.town, seat.account)];
    const kept = await Kept.open(outbox, cache, seat.account, world.now);
    return kept && new Session(world, outbox, cache, kept, changed, hear);
  }

  get person(): Person {
    return this.kept.person;
  }
  /** Own events, as far as they are read; see `whole`. */
  get own(): OwnEvents {
    return this.kept.own;
  }

  /** All entries are here when this resolves, and shown. */
  async whole(): Promise<void> {
    await this.kept.whole();
    this.#shown();
  }

  get seat(): Seat {
    return { town: this.outbox.town, account: this.person.account };
  }

  /** What the header says, as of now. */
  status(): SyncStatus {
    return statusOf(this.own, this.#engine?.machine ?? null, this.#engine?.until ?? 0, this.kept.allSentAt);
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

  /** Whether the server has something to tell of an entity: it came there, and is not of a kind that field phones are not told of. */
  canAsk(e: string): boolean {
    const own = this.own.byEntity.get(e) ?? [];
    const kind = this.kept.book.kinds.find((k) => own.some(({ event }) => event?.new?.kind === k.slug));
    if (kind?.sight === 'restricted' && this.person.role === 'field') return false;
    return this.kept.has(e) || own.some(({ row }) => row.seq !== null);
  }

  /** Something was saved here: show it, tell the other tabs, and send it within a second. */
  async saved(row: Row | undefined): Promise<void> {
    if (row) await this.kept.saved(row);
    this.#shown();
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
    const pending = this.own.waiting.some(isPending) || this.#engine?.machine.at === 'wait';
    this.#engine?.watch(pending && this.world.visible());
  }

  /** Lets go. A request under way is still answered, and what came of it told to whoever took over. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    void Promise.resolve(this.#engine?.stop()).then((busy) => {
      if (busy) this.say({ type: 'saved' }); // it is their turn now
      this.#channel.close();
    });
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
      outboxChanged: (rows) => this.#outboxChanged(true, rows),
      cacheChanged: (page, asked) => this.#cacheChanged(page, asked),
      moved: () => this.#shown(),
    };
  }

  async #hear(message: BetweenTabs): Promise<void> {
    if (message.type === 'saved') void this.wake('saved');
    if (message.type === 'changed' && message.what === 'cache') await this.kept.cacheReplaced();
    if (message.type === 'saved' || (message.type === 'changed' && message.what !== 'drafts'))
      await this.#outboxChanged(false);
  }

  async #outboxChanged(tell: boolean, rows?: readonly Row[]): Promise<void> {
    await this.kept.outboxChanged(rows);
    if (tell) this.say({ type: 'changed', what: 'outbox' });
    this.#shown();
  }

  async #cacheChanged(page: Page | null, asked?: string): Promise<void> {
    const book = await this.kept.cacheChanged(page, asked);
    if (book && page && page.ents.length > 0) await this.outbox.keepBook(this.person.account, this.kept.book);
    if (page === null || !page.more) this.say({ type: 'changed', what: 'cache' });
    this.#shown();
  }

  /** Something that is shown has become another. */
  #shown(): void {
    this.watch();
    this.changed();
  }
}
