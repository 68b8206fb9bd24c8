/** One tab of a simulated phone: the app as it is, in surroundings where nothing happens by itself. */
import type { Draft, FieldApp, Snapshot } from '../domain/app';
import { openField } from '../sync/field';
import type { Surroundings } from '../sync/surroundings';
import type { Trouble, User } from './disk';
import { queueFor } from './loop';
import type { Net } from './net';
import type { Phone } from './phone';
import type { Ended } from './words';

/** The two clocks, which the other half turns. */
export type Time = { at: number; mono: number };

type Timer = { at: number; made: number; fn: () => void };
type Heard = Parameters<Surroundings['listen']>[0];

/** Timers are numbered as they are made, so that of two that are due at once the older runs first. */
let made = 0;

export class Tab implements User {
  dead = false;
  trouble: Trouble | null = null;
  writes = 0;
  visible = true;
  app: FieldApp | null = null;
  shown: Snapshot | null = null;
  /** Forms that are open here, by number. */
  readonly forms = new Map<number, Draft>();
  on: Heard | null = null;
  #timers: Timer[] = [];
  /** What waits for a tab that sleeps. */
  #asleep: (() => void)[] | null = null;

  constructor(
    readonly phone: Phone,
    readonly number: number,
    readonly time: Time,
    private readonly net: Net,
    private readonly ended: (what: Ended) => void,
  ) {}

  /** Opens the app with whoever is on the phone. */
  open(): void {
    this.does(0, async () => {
      this.app = await openField(this.#surroundings());
      this.app.subscribe((s) => (this.shown = s));
      await this.app.whole();
      return null;
    });
  }

  /** Does what a person asks, and tells when it has come to an end. */
  does(form: number, what: () => Promise<unknown>): void {
    this.later(() => {
      what().then(
        (value) => this.ended({ form, ok: true, value }),
        (error: unknown) => this.ended({ form, ok: false, error: String(error) }),
      );
    });
  }

  /** Runs code here when it is awake. */
  later(code: () => unknown): void {
    if (this.#asleep) this.#asleep.push(() => void code());
    else queueFor(this, () => void code());
  }

  /** A tab in the background: nothing of it runs, and it lets go of nothing. */
  freeze(): void {
    this.#asleep ??= [];
  }

  thaw(): void {
    const waiting = this.#asleep ?? [];
    this.#asleep = null;
    for (const code of waiting) this.later(code);
  }

  /** When the next timer is due; -1 when there is none, or the tab sleeps. */
  next(): number {
    return this.#asleep || this.#timers.length === 0 ? -1 : Math.min(...this.#timers.map(({ at }) => at));
  }

  /** Runs the timer that was due first; false when none is. */
  ring(): boolean {
    if (this.next() < 0 || this.next() > this.time.mono) return false;
    const [first] = this.#timers.sort((a, b) => a.at - b.at || a.made - b.made);
    if (!first) return false;
    this.#timers = this.#timers.filter((timer) => timer !== first);
    this.later(first.fn);
    return true;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.time.mono + ms, made: (made += 1), fn };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  now(): number {
    return this.time.at + this.phone.skew;
  }

  #surroundings(): Surroundings {
    const { phone } = this;
    return {
      fetch: (url, init) => this.net.ask(this, url, init),
      base: '',
      now: () => this.now(),
      random: phone.chance,
      after: (ms, fn) => this.after(ms, fn),
      lead: (name, fn) => this.#lead(name, fn),
      persisted: () => true,
      app: 'sim',
      visible: () => this.visible,
      listen: (on) => void (this.on = on),
      channel: (_town, receive) => phone.join(this, receive),
      persist: async () => undefined,
      storage: async () => ({ persisted: true, used: null, quota: null }),
      requestSync: () => undefined,
      updates: { ready: () => false, take: () => undefined },
    };
  }

  async #lead<T>(name: string, fn: () => Promise<T>): Promise<T | false> {
    const { locks } = this.phone;
    if (locks.has(name)) return false;
    locks.set(name, this);
    try {
      return await fn();
    } finally {
      if (locks.get(name) === this) locks.delete(name);
    }
  }
}
