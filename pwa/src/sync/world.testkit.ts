/** Time and chance for tests: nothing happens by itself, and a test moves the clock. */
import type { BetweenTabs } from '../domain/messages';
import { underWay } from '../journal/busy.testkit';
import { type FakeServer, forgetSilence, silent } from './server.testkit';
import type { Surroundings } from './surroundings';

type Timer = { at: number; fn: () => void };

export class World {
  now = Date.parse('2026-11-20T12:00:00Z');
  visible = true;
  timers: Timer[] = [];
  /** Half of every random stretch. */
  random = 0.5;
  locked = false;
  ready = false;
  taken = 0;
  persistAsked = 0;
  syncAsked = 0;
  on = {
    visible: () => undefined as void,
    online: () => undefined as void,
    worker: () => undefined as void,
    updated: () => undefined as void,
  };

  /** Requests that are being made and will be answered without the clock moving. */
  asking = 0;

  constructor() {
    forgetSilence();
  }

  /** Lets everything under way come to rest, without the clock moving. */
  async settle(): Promise<void> {
    for (let calm = 0; calm < 12; calm += 1) {
      if (calm % 6 === 0)
        await Promise.all([
          import('./engine'),
          import('./door'),
          import('./history'),
          import('./digest'),
          import('./proof'),
        ]);
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (underWay() > 0 || asking(this) > 0) calm = 0;
    }
  }

  /** Moves the clock, doing what is due on the way. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.settle();
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.fn();
      await this.settle();
    }
    this.now = end;
  }

  surroundings(server: FakeServer, tabs: Tabs = new Tabs()): Surroundings {
    return {
      fetch: (url, init) => server.fetch(url, init),
      base: '',
      now: () => this.now,
      random: () => this.random,
      after: (ms, fn) => {
        const timer = { at: this.now + ms, fn };
        this.timers.push(timer);
        return () => void (this.timers = this.timers.filter((t) => t !== timer));
      },
      lead: async (_name, fn) => {
        if (this.locked) return false;
        this.asking += 1;
        return fn().finally(() => (this.asking -= 1));
      },
      persisted: () => true,
      app: 'test',
      visible: () => this.visible,
      listen: (on) => void (this.on = on),
      channel: (_town, receive) => tabs.join(receive),
      persist: async () => void (this.persistAsked += 1),
      storage: async () => ({ persisted: this.persistAsked > 0, used: 1, quota: 2 }),
      requestSync: () => void (this.syncAsked += 1),
      updates: { ready: () => this.ready, take: () => void (this.taken += 1) },
    };
  }
}

/** A server that never answers is not waited for. */
const asking = (world: World): number => world.asking - silent();

/** Tabs of one browser that hear each other. */
export class Tabs {
  #all = new Set<(message: BetweenTabs) => void>();
  join(receive: (message: BetweenTabs) => void) {
    this.#all.add(receive);
    const post = (message: BetweenTabs) =>
      [...this.#all].filter((fn) => fn !== receive).forEach((fn) => queueMicrotask(() => fn(message)));
    return { post, close: () => void this.#all.delete(receive) };
  }
}
