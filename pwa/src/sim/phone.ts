/** A simulated phone: one storage, one clock that may be wrong, one chance, and what its tabs share. */
import { OUTBOX_VERSION, type Person } from '../journal/schema';
import type { BetweenTabs } from '../domain/messages';
import type { Seat } from '../domain/app';
import type { Row } from '../domain/row';
import type { Entity, LogHead, Tally } from '../domain/log';
import { type Chance, chanceOf } from './chance';
import { Disk } from './disk';
import { queueFor } from './loop';
import type { Tab } from './tab';
import type { Look } from './words';

type Listener = { tab: Tab; receive: (message: BetweenTabs) => void };

export class Phone {
  readonly disk = new Disk();
  readonly chance: Chance;
  tabs: (Tab | null)[] = [null, null];
  /** Who leads, by the lock's name. */
  readonly locks = new Map<string, Tab>();
  #channel = new Set<Listener>();

  constructor(
    readonly number: number,
    seed: string,
    /** How far its clock is ahead, ms. */
    public skew: number,
  ) {
    this.chance = chanceOf(`${seed}/${number}`);
  }

  /** Joins the tabs that hear each other. A tab that sleeps hears it all when it wakes. */
  join(tab: Tab, receive: (message: BetweenTabs) => void): { post: (message: BetweenTabs) => void; close: () => void } {
    const me = { tab, receive };
    this.#channel.add(me);
    const post = (message: BetweenTabs) => {
      for (const other of this.#channel) {
        if (other !== me && !other.tab.dead) {
          const heard = structuredClone(message);
          other.tab.later(() => this.#channel.has(other) && other.receive(heard));
        }
      }
    };
    return { post, close: () => void this.#channel.delete(me) };
  }

  /** The tab is gone at once, with what it had begun; the locks it held are free. */
  kill(tab: Tab): void {
    tab.dead = true;
    this.disk.release(tab, this.chance);
    for (const [name, holder] of this.locks) if (holder === tab) this.locks.delete(name);
    for (const one of [...this.#channel]) if (one.tab === tab) this.#channel.delete(one);
    this.tabs = this.tabs.map((one) => (one === tab ? null : one));
  }

  /** What is kept, read past everything that is tested. */
  look(tab: Tab | null): Look {
    const seat = this.#seat();
    const outbox = this.#outboxes()[0] ?? '';
    const small = this.#small(outbox);
    const cache = `cache-v1-${seat?.town ?? ''}-${seat?.account ?? ''}`;
    const kept = this.#small(cache);
    const values = (database: string, store: string) => this.disk.read(database, store).map(([, value]) => value);
    const people = [...small].filter(([key]) => key.startsWith('person:')).map(([, value]) => value as Person);
    const { entries, measures, sync } = tab?.shown ?? {};
    return {
      account: seat?.account ?? '',
      people: people.map(({ account, inc }) => ({ account, inc })),
      head: (small.get('head') as LogHead | undefined) ?? null,
      turn: (small.get('turn') as number | undefined) ?? 0,
      settled: (small.get('settled') as number | undefined) ?? 0,
      rows: values(outbox, 'events') as Row[],
      drafts: this.disk.read(outbox, 'drafts').map(([key]) => key as string),
      cache: {
        epoch: (kept.get('epoch') as string | undefined) ?? '',
        cursor: (kept.get('cursor') as string | undefined) ?? '',
        tally: (kept.get('tally') as Tally | undefined) ?? null,
        entities: values(cache, 'entities') as Entity[],
      },
      shown: entries && measures && sync ? { entries, measures, sync } : null,
    };
  }

  /** Names the places where any of the texts stands, of all that is stored and all that a tab shows. */
  search(texts: readonly string[]): string[] {
    const stored = this.disk
      .names()
      .flatMap((name) =>
        this.disk.stores(name).map((store) => [`${name}/${store.name}`, this.disk.read(name, store.name)]),
      );
    const shown = this.tabs.flatMap((tab) => (tab ? [[`what tab ${tab.number} shows`, tab.shown]] : []));
    return [...stored, ...shown].flatMap(([where, what]) => {
      const all = JSON.stringify(what);
      return texts.filter((text) => all.includes(text)).map((text) => `${where as string}: ${text}`);
    });
  }

  /** The latest turn that any outbox here has taken. */
  turn(): number {
    return Math.max(0, ...this.#outboxes().map((name) => (this.#small(name).get('turn') as number | undefined) ?? 0));
  }

  /** There is one town in the simulated world; its outbox is there whoever is in. */
  #outboxes(): string[] {
    return this.disk.names().filter((name) => name.startsWith('outbox-'));
  }

  #seat(): Seat | null {
    return (this.#small('phone').get('current') as Seat | undefined) ?? null;
  }

  #small(database: string): Map<string, unknown> {
    return new Map(this.disk.read(database, 'small') as [string, unknown][]);
  }
}

/** What a backup of the whole phone holds, put onto another one. */
export async function copy(from: Phone, into: Phone, as: Tab): Promise<void> {
  const names = from.disk.names();
  await new Promise<void>((resolve) => {
    let left = names.length;
    if (left === 0) resolve();
    const done = () => (left -= 1) === 0 && resolve();
    for (const name of names) queueFor(as, () => copyDatabase(from.disk, into.disk, name, done));
  });
}

function copyDatabase(from: Disk, into: Disk, name: string, done: () => void): void {
  const opening = into.factory.open(name, OUTBOX_VERSION);
  opening.addEventListener('upgradeneeded', () => {
    for (const store of from.stores(name)) {
      const made = opening.result.createObjectStore(store.name, { keyPath: store.keyPath });
      for (const { name: index, keyPath, unique } of store.indexes) made.createIndex(index, keyPath, { unique });
      for (const [key, value] of from.read(name, store.name)) {
        if (store.keyPath === null) made.put(value, key);
        else made.put(value);
      }
    }
  });
  opening.addEventListener('success', () => {
    opening.result.close();
    done();
  });
}
