import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampOf } from '../domain/clock';
import type { Page } from '../domain/log';
import { Cache } from '../journal/cache';
import { ACCOUNT, DAY, freshOutbox, id, INC, PERSON, saving, TOWN } from '../journal/journal.testkit';
import type { Outbox } from '../journal/outbox';
import { beginTurn } from '../journal/turns';
import { Engine } from './engine';
import { FakeServer, fixture, halfAnswer, json, lost, portal, problem, silence } from './server.testkit';
import { World } from './world.testkit';

let outbox: Outbox;
let cache: Cache;
let server: FakeServer;
let world: World;
let engine: Engine;
let pages: (Page | null)[];

const start = () =>
  new Engine(world.surroundings(server), {
    outbox,
    cache,
    person: () => PERSON,
    outboxChanged: () => undefined,
    cacheChanged: (page) => void pages.push(page),
    moved: () => undefined,
  });

beforeEach(async () => {
  outbox = await freshOutbox();
  cache = new Cache(TOWN, ACCOUNT);
  server = new FakeServer();
  world = new World();
  server.now = () => world.now;
  pages = [];
  engine = start();
});
afterEach(() => engine.stop());

const save = async (...ns: number[]) => {
  for (const n of ns) await outbox.save(saving(n, { now: world.now }));
};
const states = async () => (await outbox.rows()).map((row) => row.state);
const cached = async () => (await cache.load(null)).entities.map(({ e }) => e);
const sync = async () => {
  engine.wake('user');
  await world.settle();
};
const stored = () => server.log.map((x) => x.id);

describe('with nothing in the way', () => {
  it('what is unsent is sent, answered and fetched as a state, in that order', async () => {
    await save(1, 2, 3);
    await sync();
    expect(await states()).toEqual(['ok', 'ok', 'ok']);
    expect(server.asked.map(({ path }) => path.split('/').at(-1))).toEqual(['push', 'changes', 'digest']);
    expect(await cached()).toEqual([id(1), id(2), id(3)]);
    expect([engine.machine.at, engine.machine.size]).toEqual(['idle', 50]);
  });

  it('photos that a later server asks for and hands out change nothing for a phone that knows none', async () => {
    server.need = ['ab'.repeat(32), 'cd'.repeat(32)];
    const photo = fixture(id(99), 'photo', { sha: 'ab'.repeat(32) }, id(1));
    server.extra = [photo];
    await save(1, 2);
    await sync();
    expect([await states(), engine.machine.at]).toEqual([['ok', 'ok'], 'idle']);
    expect(await cached()).toEqual([id(1), id(2), id(99)]);
    await save(3);
    await sync();
    expect([await states(), engine.machine.at]).toEqual([['ok', 'ok', 'ok'], 'idle']);
    expect(server.asked.map(({ path }) => path).filter((path) => !/sync\/(push|changes|digest)$/.test(path))).toEqual(
      [],
    );
  });

  it('what a later server says beside the head is not said to this one, which may be older', async () => {
    server.faults.push(async (_, honest) => {
      const { head, ...reply } = (await (await honest()).json()) as { head: object };
      return json({ ...reply, head: { ...head, of_tomorrow: 1 }, of_tomorrow: {} });
    });
    await save(1);
    await sync();
    await save(2);
    await sync();
    expect(Object.keys(server.pushes.at(-1)?.body.head ?? {}).sort()).toEqual(['chain', 'epoch', 'seq']);
    expect(await states()).toEqual(['ok', 'ok']);
  });

  it('with nothing unsent only fetches, after the server heard once that nothing is', async () => {
    const paths = () => server.asked.splice(0).map(({ path }) => path.split('/').at(-1));
    await sync();
    expect(server.pushes[0]?.body).toMatchObject({ pending: 0, events: [] });
    expect(paths()).toEqual(['push', 'changes']);
    await sync();
    expect(paths()).toEqual(['changes']);
    await world.pass(600_000);
    await sync();
    expect(paths()).toEqual(['push', 'changes']);
  });

  it('a person who is shut out can still send, and is asked to sign in', async () => {
    await save(1);
    const shut = () => problem(403, {}, 'revoked');
    server.faults.push((_, honest) => honest(), shut);
    await sync();
    expect([await states(), engine.machine.at]).toEqual([['ok'], 'signin']);
    await save(2);
    engine.wake('saved');
    await world.settle();
    expect(await states()).toEqual(['ok', 'ok']);
  });

  it('a person who is shut out hears that the server was put back, and offers again what it lost', async () => {
    await save(1);
    const shut = () => problem(403, {}, 'revoked');
    server.faults.push((_, honest) => honest(), shut);
    await sync();
    server.restore(0);
    server.faults.push((_, honest) => honest());
    await sync();
    expect([await states(), stored()]).toEqual([['ok'], [id(1)]]);
  });

  it('sends 25 at first and then twice as many', async () => {
    await save(...Array.from({ length: 90 }, (_, i) => i + 1));
    await sync();
    expect(server.pushes.map(({ body }) => body.events.length)).toEqual([25, 50, 15]);
    expect(server.pushes.map(({ body }) => body.pending)).toEqual([90, 65, 15]);
    expect(server.pushes[0]?.encoding).toBe('gzip');
  });

  it('what is saved while it is sending follows at once', async () => {
    await save(1);
    server.faults.push(async (_, honest) => {
      await save(2);
      engine.wake('saved');
      return honest();
    });
    await sync();
    expect(await states()).toEqual(['ok', 'ok']);
    expect(engine.machine.at).toBe('idle');
  });

  it('what is saved while it is fetching follows at once', async () => {
    server.faults.push(async (_, honest) => {
      await save(1);
      engine.wake('saved');
      return honest();
    });
    await sync();
    expect(await states()).toEqual(['ok']);
  });

  it('nothing is fetched while anything is unsent', async () => {
    await save(1);
    server.judge = () => ({ c: 'later' });
    await sync();
    expect(server.asked.map(({ path }) => path)).toEqual(['/api/v1/sync/push']);
    expect(engine.machine).toMatchObject({ at: 'wait', why: 'busy' });
  });
});

describe('when the reply is lost', () => {
  it('after the server stored it, sending again stores it once', async () => {
    await save(1, 2);
    server.faults.push(async (_, honest) => {
      await honest();
      return lost();
    });
    await sync();
    expect([await states(), engine.machine.at, engine.machine.why]).toEqual([['unsent', 'unsent'], 'wait', 'offline']);
    await world.pass(2000);
    expect([await states(), stored()]).toEqual([
      ['ok', 'ok'],
      [id(1), id(2)],
    ]);
  });

  it('in a 500 after the commit, likewise', async () => {
    await save(1);
    server.faults.push(async (_, honest) => {
      await honest();
      return problem(500);
    });
    await sync();
    expect(engine.machine).toMatchObject({ at: 'wait', why: 'server' });
    await world.pass(2000);
    expect([await states(), stored()]).toEqual([['ok'], [id(1)]]);
  });

  it('and the app is killed, the next start sends what was being sent', async () => {
    await save(1);
    server.faults.push(silence);
    await sync();
    expect(await states()).toEqual(['sending']);
    void engine.stop();
    engine = start();
    engine.wake('start');
    await world.settle();
    expect(await states()).toEqual(['ok']);
  });
});

describe('a reply of an old turn', () => {
  it('changes nothing', async () => {
    await save(1);
    server.faults.push(async (_, honest) => {
      const reply = await honest();
      await beginTurn(outbox, 25); // another tab
      return reply;
    });
    await sync();
    expect([await states(), await outbox.small('head')]).toEqual([['sending'], undefined]);
    await world.pass(2000);
    expect(await states()).toEqual(['ok']);
  });

  it('to a fetch is not cached', async () => {
    server.faults.push(async (_, honest) => {
      const reply = await honest();
      await beginTurn(outbox, 25);
      return reply;
    });
    server.extra = [{ e: id(9), seq: 1, st: null, parked: [] }];
    await sync();
    expect(await cached()).toEqual([]);
    await world.pass(2000);
    expect(await cached()).toEqual([id(9)]);
  });
});

describe('no failure removes anything', () => {
  const nothingLost = async (n = 1) => {
    expect(await outbox.rows()).toHaveLength(n);
    expect((await outbox.rows()).every((row) => row.bytes !== '')).toBe(true);
  };

  it.each([401, 403, 404, 405, 408, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504, 507])(
    'not %i, and it goes on when that is over',
    async (status) => {
      await save(1);
      server.faults.push(() => problem(status));
      await sync();
      await nothingLost();
      expect(await states()).toEqual(['unsent']);
      expect(engine.machine.at).toBe(status === 401 ? 'signin' : 'wait');
      await sync();
      await world.pass(900_000);
      expect(await states()).toEqual(['ok']);
    },
  );

  /** As a browser shows an answer that sends one on: where to, nobody may know. */
  const sentOn = () =>
    Object.defineProperties(new Response(null), {
      type: { value: 'opaqueredirect' },
      status: { value: 0 },
      ok: { value: false },
    });

  it.each([
    ['a sign-in page in place of the answer', 'portal', portal],
    ['an answer that sends one on', 'portal', sentOn],
    ['a text of another type', 'portal', () => new Response('ok', { headers: { 'Content-Type': 'text/plain' } })],
    ['a network that asks for a sign-in by its number', 'portal', () => new Response('<p>', { status: 511 })],
    ['JSON that is not the answer', 'portal', () => json({ hello: 1 })],
    [
      'what is called JSON and is none',
      'portal',
      () => new Response('<h1>', { headers: { 'Content-Type': 'application/json' } }),
    ],
    ['half an answer', 'offline', halfAnswer],
    [
      'a certificate that is not believed, which a page is told of as of no network',
      'offline',
      () => Promise.reject(new TypeError('Failed to fetch')),
    ],
    ['no network', 'offline', lost],
  ] as const)('not %s: it waits with the reason %s', async (_name, why, fault) => {
    await save(1);
    server.faults.push(fault);
    await sync();
    await nothingLost();
    expect(engine.machine).toMatchObject({ at: 'wait', why });
    await world.pass(2000);
    expect(await states()).toEqual(['ok']);
  });

  it('not a 400, 401 or 403 that is not in our server’s words', async () => {
    await save(1);
    for (const status of [400, 401, 403]) {
      server.faults.push(() => new Response('<html>', { status, headers: { 'Content-Type': 'text/html' } }));
      await sync();
      expect(engine.machine).toMatchObject({ at: 'wait', why: 'server' });
    }
    expect(await states()).toEqual(['unsent']);
  });

  it('not a time-out, which halves the batch', async () => {
    await save(...Array.from({ length: 20 }, (_, i) => i + 1));
    server.faults.push(silence);
    await sync();
    await world.pass(45_000);
    expect(engine.machine).toMatchObject({ at: 'wait', why: 'offline', size: 12 });
    await world.pass(2000);
    await nothingLost(20);
    expect(server.pushes.map(({ body }) => body.events.length)).toEqual([20, 12, 8]);
  });

  it('and Retry-After is kept to, whatever the person presses', async () => {
    await save(1);
    server.faults.push(() => problem(503, { 'Retry-After': '60' }));
    await sync();
    await sync();
    engine.wake('online');
    await world.pass(59_000);
    expect(server.pushes).toHaveLength(1);
    await world.pass(5000);
    expect(await states()).toEqual(['ok']);
  });
});

describe('a request that is not taken', () => {
  const bad = id(5);
  const refusing = (status: number) => ({
    fetch: async (url: string, init: RequestInit) => {
      server.faults.unshift(async ({ path, body }, honest) =>
        path.endsWith('push') && body.events.some((item) => item.id === bad) ? problem(status) : honest(),
      );
      return server.fetch(url, init);
    },
  });

  it.each([
    [400, 'malformed'],
    [413, 'too-large'],
  ])('with %i: the culprit is found, set aside and kept, and all the others are sent', async (status, why) => {
    await save(...Array.from({ length: 12 }, (_, i) => i + 1));
    void engine.stop();
    const surroundings = { ...world.surroundings(server), ...refusing(status) };
    engine = new Engine(surroundings, {
      outbox,
      cache,
      person: () => PERSON,
      outboxChanged: () => undefined,
      cacheChanged: () => undefined,
      moved: () => undefined,
    });
    await sync();
    await world.pass(60_000);
    const rows = await outbox.rows();
    expect(rows.filter((row) => row.state === 'ok')).toHaveLength(11);
    expect(rows.find((row) => row.id === bad)).toMatchObject({ state: 'refused', why, answered: null });
    expect(rows.find((row) => row.id === bad)?.bytes).not.toBe('');
    server.asked = [];
    await sync();
    expect(server.pushes.flatMap(({ body }) => body.events)).toEqual([]); // never again by itself
  });

  it('whatever is in it, blames no event: all are kept and it waits', async () => {
    await save(1, 2);
    server.faults.push(...Array.from({ length: 9 }, () => () => problem(400)));
    await sync();
    expect(await states()).toEqual(['unsent', 'unsent']);
    expect(engine.machine).toMatchObject({ at: 'wait', why: 'server' });
  });
});

describe('single events', () => {
  it('that are refused stay, and block no other', async () => {
    await save(1, 2, 3);
    server.judge = (event) => (event.id === id(2) ? { c: 'refused', why: 'town', detail: 'of another town' } : {});
    await sync();
    expect(await states()).toEqual(['ok', 'refused', 'ok']);
    expect(await cached()).toEqual([id(1), id(3)]);
    await save(4);
    await sync();
    expect(server.pushes.at(-1)?.body.events.map((item) => item.id)).toEqual([id(4)]);
  });

  it('that are parked are on the server, with the reason', async () => {
    await save(1);
    server.judge = () => ({ c: 'parked', why: 'future' });
    await sync();
    expect(await outbox.rows()).toMatchObject([{ state: 'parked', why: 'future', seq: 1 }]);
  });

  it('that are erased have no bytes here any more', async () => {
    await save(1, 2);
    server.judge = (event) => (event.id === id(1) ? { c: 'erased' } : {});
    await sync();
    expect((await outbox.rows()).map((row) => [row.state, row.bytes.length > 0])).toEqual([
      ['erased', false],
      ['ok', true],
    ]);
    server.erased = [id(2)];
    await sync();
    expect((await outbox.rows()).map((row) => row.bytes)).toEqual(['', '']);
  });
});

describe('an entity that is erased', () => {
  it('leaves nothing of it here: no event, sent or not, no draft, no state', async () => {
    await outbox.save(saving(1, { now: world.now, set: { note: 'SECRET-1' } }));
    await sync();
    const values = { note: 'SECRET-2' };
    await outbox.keepDraft({ id: id(50), e: id(1), kind: 'k', values, base: {}, focus: null, at: 1, account: 'a' });
    const held = async () => JSON.stringify([await outbox.rows(), await outbox.drafts('a'), await cache.load(null)]);
    expect(await held()).toContain('SECRET-2');
    const gone = { e: id(1), seq: 2, st: null, parked: [], flags: ['erased'] };
    server.changes = () => ({ ents: [gone], erased: [id(1)], next: '2' });
    await sync();
    expect(await held()).not.toContain('SECRET');
    expect((await cache.load(null)).entities).toMatchObject([{ e: id(1), st: null, flags: ['erased'] }]);
  });
});

describe('after the server was restored from a backup', () => {
  it('found by sending: everything is offered again, once each, and the cache begins anew', async () => {
    await save(1, 2, 3);
    await sync();
    server.restore(1);
    await save(4);
    await sync();
    expect(new Set(stored())).toEqual(new Set([id(1), id(2), id(3), id(4)]));
    expect(stored()).toHaveLength(4);
    expect(server.pushes.at(-1)?.body.events.every((item) => item.again)).toBe(true);
    expect(await states()).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect((await outbox.small('head'))?.epoch).toBe(server.epoch);
    expect((await cached()).sort()).toEqual([id(1), id(2), id(3), id(4)]);
    expect(pages).toContain(null);
  });

  it('found by fetching: a request without events mends it', async () => {
    await save(1, 2);
    await sync();
    server.restore(0);
    await sync();
    expect(stored().sort()).toEqual([id(1), id(2)]);
    expect(engine.machine.at).toBe('idle');
  });

  it('by someone who put the file back behind its back: what only the lost part had is shown no more', async () => {
    await save(1, 2);
    await sync();
    const { spell, ...of } = saving(9, { inc: id(700) });
    server.log.push({ ...of, n: 1, text: spell(1, stampOf(world.now, 0), null), standing: 'ok' });
    await sync();
    expect(await cached()).toContain(id(9));
    server.log = server.log.slice(0, 1); // the epoch is the same: nobody told the server
    await save(3);
    await sync();
    expect(stored().sort()).toEqual([id(1), id(2), id(3)]);
    expect((await cached()).sort()).toEqual([id(1), id(2), id(3)]);
  });

  it('to a point that the phone knows: the cache follows the new epoch', async () => {
    await save(1);
    await sync();
    server.restore(1);
    server.extra = [{ e: id(9), seq: 1, st: null, parked: [] }];
    await sync();
    expect((await outbox.small('head'))?.epoch).toBe(server.epoch);
    expect((await cached()).sort()).toEqual([id(1), id(9)]);
    expect(server.log).toHaveLength(1);
  });

  it('a server that never knows a head does not make the phone ask without end', async () => {
    server.changes = () => ({ reset: 'head' });
    await sync();
    expect(engine.machine).toMatchObject({ at: 'wait', why: 'server' });
    expect(server.asked.length).toBeLessThan(5);
  });
});

describe('the cache', () => {
  it('is dropped and filled anew when the classes changed', async () => {
    server.extra = [{ e: id(9), seq: 1, st: null, parked: [] }];
    await save(1);
    await sync();
    let asked = 0;
    server.changes = () => ((asked += 1) === 1 ? { reset: 'scope', ents: [] } : {});
    server.extra = [];
    await sync();
    expect(await cached()).toEqual([id(1)]);
  });

  it('that differs from the server is found and rebuilt', async () => {
    await save(1);
    await sync();
    await cache.db.write(['entities'], (tx) =>
      tx.objectStore('entities').put({ e: id(66), seq: 1, st: null, parked: [] }),
    );
    await save(2);
    await sync();
    expect(await cached()).toContain(id(66)); // compared a moment ago
    await save(3);
    await world.pass(600_001);
    await sync();
    expect(await cached()).toEqual([id(1), id(2), id(3)]);
  });
});

it('a fork gives this phone a new installation, and nothing is sent twice', async () => {
  const twin = { id: id(700), e: id(700), inc: INC, n: 1, text: '', standing: 'parked' as const };
  server.log.push(twin);
  await save(1);
  await sync();
  expect((await outbox.person(ACCOUNT))?.inc).not.toBe(INC);
  expect(stored()).toEqual([id(700), id(1)]);
});

describe('between tabs', () => {
  it('a tab that does not lead leaves the sending to the one that does', async () => {
    await save(1);
    world.locked = true;
    await sync();
    expect([server.asked.length, engine.machine.at]).toEqual([0, 'idle']);
  });

  it('a leader that sleeps is not waited for: turns keep the log safe', async () => {
    await save(1);
    world.locked = true;
    await sync();
    world.now += 121_000;
    await sync();
    expect(await states()).toEqual(['ok']);
  });

  it('two that send at once, without locks, store each event once', async () => {
    await save(1, 2, 3);
    const other = start();
    engine.wake('start');
    other.wake('start');
    await world.settle();
    await world.pass(60_000);
    expect([stored().sort(), await states()]).toEqual([
      [id(1), id(2), id(3)],
      ['ok', 'ok', 'ok'],
    ]);
    void other.stop();
  });
});

it('looks again by itself while it is watched and something is unsent', async () => {
  await save(1);
  server.faults.push(lost, lost);
  engine.watch(true);
  await world.pass(120_000);
  expect(await states()).toEqual(['ok']);
  engine.watch(false);
  expect(world.timers).toEqual([]);
});

it('what is 60 days old and in every backup goes when a head is adopted', async () => {
  await save(1);
  await sync();
  world.now += 60 * DAY;
  server.safe = 1;
  await save(2);
  await sync();
  expect((await outbox.rows()).map((row) => row.id)).toEqual([id(2)]);
});
