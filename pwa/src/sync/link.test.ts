import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampOf } from '../domain/clock';
import { encode } from '../domain/event';
import { newId } from '../domain/id';
import { dayOfMillis } from '../domain/local';
import type { Row } from '../domain/row';
import { Cache } from '../journal/cache';
import { ACCOUNT, DAY, freshOutbox, id, INC, PERSON, saving, TOWN } from '../journal/journal.testkit';
import type { Outbox } from '../journal/outbox';
import { Engine } from './engine';
import { Link } from './link.testkit';
import { FakeServer } from './server.testkit';
import { World } from './world.testkit';

const MINUTE = 60_000;
/** Days over which what waits was written. */
const DAYS = 90;

let outbox: Outbox;
let cache: Cache;
let server: FakeServer;
let world: World;
let engine: Engine;
let link: Link;

/** The same chance in each run. */
function dice(): (n: number) => number {
  let x = 20_261_120;
  return (n) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}

/** Patrols of some months, each written once, with notes of `note` letters that no packing makes smaller. */
async function wrote(count: number, note: number): Promise<Row[]> {
  const roll = dice();
  const letters = (n: number) => Array.from({ length: n }, () => String.fromCharCode(97 + roll(26))).join('');
  const rows = Array.from({ length: count }, (_, i): Row => {
    const savedAt = world.now - Math.floor(((count - i) / count) * DAYS * DAY);
    const e = newId(
      savedAt,
      Uint8Array.from({ length: 10 }, () => roll(256)),
    );
    const set = {
      started_at: '2026-11-20T12:00+01:00',
      minutes: 15 + roll(100),
      place: id(roll(30)),
      parties: ['police'],
      people_out: 2,
      ...(note > 0 && { note: letters(note) }),
    };
    const born = { t: 'activity', kind: 'foot_patrol', parent: null };
    const about = { by: ACCOUNT, cat: 1, e, id: e, inc: INC, n: i + 1, off: null, town: TOWN, v: 1 as const };
    const bytes = encode({ ...about, base: {}, hlc: stampOf(savedAt, 0), new: born, set });
    const fresh = { seq: null, why: null, again: false, answered: null, tries: 0, error: null } as const;
    return { id: e, e, inc: INC, n: i + 1, bytes, seal: 'none', state: 'unsent', ...fresh, savedAt };
  });
  await outbox.db.write(['events', 'small'], async (tx) => {
    await Promise.all(rows.map(async (row) => tx.objectStore('events').add(row)));
    await tx.objectStore('small').put(count + 1, `n:${INC}`);
  });
  return rows;
}

function over(bps: number, hang = 3): void {
  link = new Link(world, (url, init) => server.fetch(url, init), { bps, up: 10_000, gone: 2000, hang });
  engine = new Engine(
    { ...world.surroundings(server), fetch: link.fetch },
    {
      outbox,
      cache,
      person: () => PERSON,
      outboxChanged: () => undefined,
      cacheChanged: () => undefined,
      moved: () => undefined,
    },
  );
  engine.wake('start');
}

/** Lets the time pass until all is sent, and gives how many minutes that took. */
async function finish(all: number, most: number): Promise<number> {
  const began = world.now;
  while (server.log.length < all && world.now - began < most * MINUTE) await world.pass(MINUTE / 2);
  return (world.now - began) / MINUTE;
}

beforeEach(async () => {
  outbox = await freshOutbox();
  cache = new Cache(TOWN, ACCOUNT);
  [server, world] = [new FakeServer(), new World()];
  server.now = () => world.now;
});
afterEach(() => void engine.stop()); // a request may hang for ever

/** What was sent after the phone had its answer. */
function twice(): string[] {
  const answered = new Set<string>();
  return link.pushes.flatMap(({ ids, answered: came }) => {
    const again = ids.filter((i) => answered.has(i));
    if (came) ids.forEach((i) => answered.add(i));
    return again;
  });
}

describe('over a road that breaks every ten seconds', () => {
  it('10 000 entries are all sent at 50 kbit/s, the newest day first, and what was answered never again', async () => {
    const rows = await wrote(10_000, 0);
    over(50_000);
    const minutes = await finish(rows.length, 60);
    const broken = link.pushes.filter(({ answered }) => !answered);
    expect(server.log.map((x) => x.id).sort()).toEqual(rows.map((row) => row.id).sort());
    expect(new Set((await outbox.rows()).map(({ state }) => state))).toEqual(new Set(['ok']));
    expect([twice(), broken.length > 10]).toEqual([[], true]);
    const days = server.log.map((x) => dayOfMillis(rows[x.n - 1]?.savedAt ?? 0));
    expect(days).toEqual([...days].sort().reverse());
    expect(minutes).toBeLessThanOrEqual(10);
    expect(link.bytes).toBeLessThan(1_000_000);
  }, 120_000);

  it('batches become as small as 8 kbit/s ask for', async () => {
    const rows = await wrote(300, 480);
    over(8000, 0);
    await finish(rows.length, 60);
    expect([server.log.length, twice()]).toEqual([300, []]);
    expect(Math.max(...link.pushes.slice(4).map(({ ids }) => ids.length))).toBeLessThan(25);
  }, 60_000);

  it('an entry that is saved meanwhile is in the next batch', async () => {
    await wrote(2000, 100);
    over(50_000);
    await world.pass(15_000);
    const before = link.pushes.length;
    await outbox.save(saving(3, { now: world.now }));
    engine.wake('saved');
    await world.pass(15_000);
    expect(link.pushes.slice(before, before + 2).some(({ ids }) => ids[0] === id(3))).toBe(true);
  }, 60_000);
});
