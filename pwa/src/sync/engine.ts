/**
 * Carries out what the machine decides, and tells it what came of it. Knows the journal and the server; decides nothing itself.
 * Clock, chance, timers, network and locks are arguments, so that a simulator drives it as a phone does.
 */
import { type Client, client } from '../api/client';
import type { Net } from '../api/http';
import type { LogHead, Page, Receipt } from '../domain/log';
import { type Cache } from '../journal/cache';
import type { Row } from '../domain/row';
import { erase } from '../journal/erasing';
import type { Outbox } from '../journal/outbox';
import { beginTurn, failTurn, isLatest, refuse, settle, takeTurn, type Turn } from '../journal/turns';
import { atRest, type Effect, type Happening, type Machine, step, type Wake } from './machine';
import { meaning } from './meaning';
import type { Memory } from './trace';

/** The world around the engine. */
export type Env = Net & {
  random: () => number;
  /** Runs fn while no other tab does; false when another is at it. */
  lead: <T>(name: string, fn: () => Promise<T>) => Promise<T | false>;
  /** What outlives an emptied journal; the page's own unless another is brought. */
  memory?: Memory;
  /** What the browser promised about storage. */
  persisted: () => boolean;
  app: string;
};

/** What the engine works on, and whom it tells. */
export type Desk = {
  outbox: Outbox;
  cache: Cache;
  /** The person who is signed in, as of now. */
  person: () => { inc: string; token: string };
  /** Rows changed, these or any; perhaps the person's installation too. */
  outboxChanged: (rows?: readonly Row[]) => void | Promise<void>;
  /** What was cached changed: a page came upon what was there at cursor `asked`, or all of it is void. */
  cacheChanged: (page: Page | null, asked?: string) => void | Promise<void>;
  /** The machine moved. */
  moved: () => void;
};

/** The cache is compared with the server at most this often. */
const CHECK_EVERY = 600_000;
/** The server hears of a phone that has nothing to send at least this often while it is used; see `silent` in the API. */
const HEARD_EVERY = 600_000;
/** A tab that leads this long without anything happening here is asleep; turns keep us safe from it. */
const PATIENCE = 120_000;
const JITTER = { from: 30_000, spread: 30_000 };

export class Engine {
  machine: Machine = atRest();
  /** Until when the machine waits, ms. */
  until = 0;
  #stopped = false;
  #wakeUp: (() => void) | null = null;
  #tick: (() => void) | null = null;
  #ledSince = 0;
  /** What is being carried out. */
  #under = Promise.resolve();
  /** What the server was last told is unsent, and when. */
  #told = { pending: -1, at: 0 };
  #noting: Promise<void> = Promise.resolve();
  #api: Client;

  constructor(
    private readonly env: Env,
    private readonly desk: Desk,
  ) {
    this.#api = client(env, () => desk.person().token);
  }

  /** Something that may be a reason to send. */
  wake(by: Wake): void {
    if (by === 'saved' || by === 'start') void this.#note();
    this.tell({ type: 'wake', by });
  }

  /** What was written and sent leaves its trace; without one nothing is worse. */
  async #note(): Promise<void> {
    this.#noting = this.#noting
      .then(async () => import('./trace'))
      .then(async ({ note, PAGE }) => note(this.env.memory ?? PAGE, this.desk.outbox, this.env.now()))
      .catch(() => undefined);
    return this.#noting;
  }

  /** Looks again every 30–60 s until `watch(false)`: for as long as the app is seen and something is unsent. */
  watch(on: boolean): void {
    if (on === (this.#tick !== null)) return;
    this.#tick?.();
    this.#tick = null;
    if (!on || this.#stopped) return;
    this.#tick = this.env.after(JITTER.from + this.env.random() * JITTER.spread, () => {
      this.#tick = null;
      this.watch(true);
      this.wake('timer');
    });
  }

  /**
   * Lets go of everything; replies under way are still applied, since their turn may be the latest. Resolves when there are none:
   * true when one was waited for, so that whoever wanted to send meanwhile was told that another is at it.
   */
  async stop(): Promise<boolean> {
    const busy = !['idle', 'wait', 'signin'].includes(this.machine.at);
    this.watch(false);
    this.#wakeUp?.();
    this.#stopped = true;
    await this.#under;
    return busy;
  }

  /** Tells the machine what happened and starts what it wants done. */
  tell(happening: Happening): void {
    if (this.#stopped) return;
    const before = this.machine;
    const [next, effects] = step(before, happening);
    this.machine = next;
    if (next.at !== 'wait' || effects.length > 0) this.#wakeUp?.();
    if (effects.length > 0) this.#under = this.#run(effects);
    if (next !== before) this.desk.moved();
  }

  async #run(effects: Effect[]): Promise<void> {
    for (const effect of effects) {
      if (effect.do === 'sleep') this.#sleep(effect.atLeast, effect.upTo);
      else if (effect.do === 'setAside') await this.#setAside(effect.id, effect.why);
      else this.tell(await this.#alone(effect));
    }
  }

  #sleep(atLeast: number, upTo: number): void {
    const ms = atLeast + this.env.random() * upTo;
    this.until = this.env.now() + ms;
    const cancel = this.env.after(ms, () => {
      this.#wakeUp = null;
      this.tell({ type: 'due' });
    });
    this.#wakeUp = () => {
      this.#wakeUp = null;
      cancel();
    };
  }

  async #setAside(id: string, why: string): Promise<void> {
    // eslint-disable-next-line words/in-catalogue -- kept in the row for who looks into the phone; a screen words `why`
    await refuse(this.desk.outbox, id, why, 'the request was not taken with this event in it');
    await this.desk.outboxChanged();
  }

  /** A request under the lock, or without it when its holder seems to be asleep. */
  async #alone(effect: Effect): Promise<Happening> {
    try {
      const work = () => this.#ask(effect);
      const done = await this.env.lead(`send-${this.desk.outbox.town}`, work);
      if (done !== false) {
        this.#ledSince = 0;
        return done;
      }
      this.#ledSince ||= this.env.now();
      return this.env.now() - this.#ledSince > PATIENCE ? await work() : { type: 'led' };
    } catch {
      return { type: 'failed', why: 'busy', retryAfter: null }; // the journal could not be written; nothing is lost by not sending
    }
  }

  async #ask(effect: Effect): Promise<Happening> {
    if (effect.do === 'push') return this.#push(effect.size, effect.forced);
    return effect.do === 'pull' ? this.#pull() : this.#check();
  }

  async #push(size: number, forced: boolean): Promise<Happening> {
    const { outbox } = this.desk;
    const turn = await beginTurn(outbox, size);
    const heard = this.#told.pending === 0 && this.env.now() - this.#told.at < HEARD_EVERY;
    if (turn.batch.length === 0 && !forced && heard) return { type: 'empty' };
    await this.desk.outboxChanged([...turn.stopped, ...turn.batch]);
    const asked = this.env.now();
    const reply = await this.#api.push(this.#request(turn));
    const took = this.env.now() - asked;
    if (reply.ok) return this.#settle(turn, reply.body, reply.middle - reply.body.now, took);
    await failTurn(outbox, turn.turn, reply.problem?.type ?? `${reply.why} ${reply.status}`);
    await this.desk.outboxChanged(turn.batch);
    return meaning(
      reply,
      turn.batch.map(({ id }) => id),
    );
  }

  #request({ turn, head, batch, pending, oldest }: Turn) {
    const { outbox } = this.desk;
    const events = batch.map(({ id, inc, n, seal, bytes, again }) => ({
      id,
      inc,
      n,
      seal,
      ev: bytes,
      sig: null,
      again,
    }));
    const about = {
      p: 1 as const,
      town: outbox.town,
      inc: this.desk.person().inc,
      wall: this.env.now(),
      app: this.env.app,
    };
    // A later server may have said more of it, and the one that is asked now, put back to an earlier version, may refuse that.
    const shown = head && { epoch: head.epoch, seq: head.seq, chain: head.chain };
    return { ...about, turn, head: shown, pending, oldest, persisted: this.env.persisted(), events };
  }

  async #settle(turn: Turn, receipt: Receipt, offset: number, took: number): Promise<Happening> {
    const { outbox, cache } = this.desk;
    const settled = await settle(outbox, turn.turn, receipt, this.env.now(), offset);
    if (!settled.applied) return { type: 'stale' };
    this.#told = { pending: turn.pending - turn.batch.length, at: this.env.now() };
    void this.#note();
    const emptied = receipt.reoffer
      ? (await cache.clear(receipt.head.epoch), true)
      : await cache.adopt(receipt.head.epoch);
    await this.desk.outboxChanged(receipt.reoffer ? undefined : turn.batch);
    if (emptied) await this.desk.cacheChanged(null);
    const progress = settled.progress || receipt.reoffer || turn.batch.length === 0;
    return {
      type: 'pushed',
      left: settled.left,
      progress,
      rest: receipt.retry_ms,
      took,
      max: Math.max(1, Math.min(receipt.limits.events, 500)),
    };
  }

  async #pull(): Promise<Happening> {
    const { outbox, cache } = this.desk;
    const turn = await takeTurn(outbox);
    if (turn === null) return { type: 'unsent' };
    const asked = await cache.cursor();
    const reply = await this.#api.changes(asked, turn.head);
    if (!reply.ok) return meaning(reply, []);
    if (this.#stopped || !(await isLatest(outbox, turn.turn))) return { type: 'stale' };
    return this.#page(asked, turn.head, reply.body);
  }

  async #page(asked: string, head: LogHead | null, page: Page): Promise<Happening> {
    const { outbox, cache } = this.desk;
    const strange = head !== null && head.epoch !== page.head.epoch;
    if (page.reset === 'head' || strange) return this.#void(null, { more: false, reset: true });
    if (page.reset === 'scope' && asked !== '') return this.#void(page.head.epoch, { more: true, reset: false });
    const erased = page.ents.filter((entity) => entity.flags?.includes('erased')).map(({ e }) => e);
    if (page.erased.length + erased.length > 0) {
      await erase(outbox, page.erased, erased);
      await this.desk.outboxChanged();
    }
    if (await cache.adopt(page.head.epoch)) await this.desk.cacheChanged(null);
    if (!(await cache.apply(asked, page))) return { type: 'stale' };
    await this.desk.cacheChanged(page, asked);
    return { type: 'pulled', more: page.more, changed: page.ents.length > 0, reset: false };
  }

  /** The cache is void: it is of another log, or of other classes. */
  async #void(epoch: string | null, next: { more: boolean; reset: boolean }): Promise<Happening> {
    await this.desk.cache.clear(epoch);
    await this.desk.cacheChanged(null);
    return { type: 'pulled', changed: false, ...next };
  }

  /** Compares the cache with the server; a difference rebuilds it. */
  async #check(): Promise<Happening> {
    const { cache } = this.desk;
    const now = this.env.now();
    if (now - (await cache.checkedAt()) < CHECK_EVERY) return { type: 'checked', rebuilt: false };
    const { entities, tally } = await cache.load(null);
    const reply = await this.#api.digest();
    if (!reply.ok) return meaning(reply, []);
    await cache.keepCheckedAt(now);
    const { count, xor, head } = reply.body;
    const { digestOf } = await import('./digest');
    const same = head.seq !== tally?.at || (count === entities.length && xor === (await digestOf(entities)));
    if (same) return { type: 'checked', rebuilt: false };
    await cache.clear(head.epoch);
    await cache.keepCheckedAt(now);
    await this.desk.cacheChanged(null);
    return { type: 'checked', rebuilt: true };
  }
}
