import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldApp, Snapshot } from '../domain/app';
import { encode } from '../domain/event';
import type { Entity } from '../domain/log';
import { Cache } from '../journal/cache';
import { counting } from '../journal/counting.testkit';
import { ACCOUNT, EPOCH, freshOutbox, head, id, INC, NOON, TOWN } from '../journal/journal.testkit';
import type { Outbox } from '../journal/outbox';
import { Phone } from '../journal/phone';
import { sit } from '../journal/seats';
import { beginTurn, settle } from '../journal/turns';
import { receipt } from '../journal/journal.testkit';
import './engine';
import { openField } from './field';
import { FakeServer, fixture } from './server.testkit';
import { World } from './world.testkit';

/** Own entries of years, all received; and of some months, in several pages. */
const YEARS = 5000;
const MANY = 600;
const MINUTE = 60_000;
const PATROL = {
  sv: { name: 'Fotpatrull' },
  en: { name: 'Foot patrol' },
  icon: 'route',
  sight: 'own',
  order: 1,
  fields: [{ f: 'minutes', as: 'duration', keep: true }],
};
const MEASURE = id(61_812);
const REFERENCE = [
  fixture(id(61_810), 'catalog', {
    version: 1,
    'kind:foot_patrol': JSON.stringify(PATROL),
    'kind:walk': JSON.stringify(PATROL),
  }),
  fixture(id(61_811), 'pledge', { title: 'Löftet', from: '2025-01-01', to: '2026-12-31' }),
  fixture(MEASURE, 'measure', { title: 'Patrull', kinds: ['foot_patrol'], target: 'count', min: 24 }, id(61_811)),
];
const TALLY = { at: YEARS, year: 2, from: '2026-01-01', to: '2026-12-31', measures: [{ e: MEASURE, done: 7 }] };

const at = (n: number): number => NOON - (YEARS - n) * MINUTE;

function bytesOf(n: number, kind: string): string {
  const born = { t: 'activity', kind, parent: null };
  const hlc = `${at(n).toString(16).padStart(12, '0')}-0000` as never;
  const set = { minutes: n % 100, started_at: '2026-11-20T12:00+01:00' };
  return encode({
    base: {},
    by: ACCOUNT,
    cat: 1,
    e: id(n),
    hlc,
    id: id(n),
    inc: INC,
    n,
    new: born,
    off: null,
    set,
    town: TOWN,
    v: 1,
  });
}

function stateOf(n: number, kind: string): Entity {
  const eff = `${at(n).toString(16).padStart(12, '0')}-0000` as never;
  const written = { id: id(n), hlc: eff, eff, inc: INC, n, by: ACCOUNT, v: n % 100 };
  return {
    e: id(n),
    seq: n,
    parked: [],
    st: { t: 'activity', kind, parent: null, by: ACCOUNT, f: { minutes: { h: [written], d: [] } } },
  };
}

/** A phone on which so many entries of one's own are kept and cached; the first of them is the only walk. */
async function used(count: number): Promise<Outbox> {
  const outbox = await freshOutbox();
  await sit(new Phone(), { town: TOWN, account: ACCOUNT });
  const kind = (n: number) => (n === 1 ? 'walk' : 'foot_patrol');
  const fresh = { seal: 'none', state: 'ok', why: null, again: false, answered: NOON, tries: 0, error: null } as const;
  const all = Array.from({ length: count }, (_, i) => i + 1);
  await outbox.db.write(['events', 'small'], async (tx) => {
    const rows = all.map((n) => ({
      ...fresh,
      id: id(n),
      e: id(n),
      inc: INC,
      n,
      bytes: bytesOf(n, kind(n)),
      seq: n,
      savedAt: at(n),
    }));
    await Promise.all(rows.map(async (row) => tx.objectStore('events').add(row)));
    await tx.objectStore('small').put(count + 1, `n:${INC}`);
    await tx.objectStore('small').put(head(count), 'head');
  });
  const cache = new Cache(TOWN, ACCOUNT);
  const entities = [
    ...REFERENCE.map((e) => ({ ...e, parked: [] })),
    ...all.map((n) => stateOf(n, kind(n))),
  ] as Entity[];
  await cache.apply('', {
    ents: entities,
    erased: [],
    next: 'c',
    more: false,
    head: { ...head(count), epoch: EPOCH },
    now: NOON,
    tally: TALLY,
  });
  await outbox.keepBook(ACCOUNT, {
    version: 1,
    kinds: ['foot_patrol', 'walk'].map((slug) => ({ ...PATROL, slug }) as never),
    parties: [],
    places: [],
    pledge: { e: id(61_811), from: '2025-01-01', to: '2026-12-31' } as never,
    measures: [{ e: MEASURE, kinds: ['foot_patrol'], target: { type: 'count', min: 24 } } as never],
  });
  return outbox;
}

let world: World;
let app: FieldApp;
let shown: Snapshot;

async function start(): Promise<void> {
  const server = new FakeServer();
  server.fetch = () => Promise.reject(new TypeError('offline'));
  world = new World();
  app = await openField(world.surroundings(server));
  app.subscribe((s) => (shown = s));
}
afterEach(() => world.settle());

it('a phone with thousands of entries reads no more for its first screen than one with twenty', async () => {
  await used(YEARS);
  const many = await counting(start);
  expect(shown.entries.slice(0, 3).map(({ e }) => e)).toEqual([id(YEARS), id(YEARS - 1), id(YEARS - 2)]);
  expect(shown.measures).toMatchObject([{ done: 7, mine: 0 }]);
  await world.settle();
  await used(20);
  const few = await counting(start);
  expect(many.transactions).toBeLessThanOrEqual(few.transactions);
  expect(many.transactions).toBeLessThanOrEqual(5);
  expect(many.rows).toBeLessThanOrEqual(60);
}, 60_000);

describe('a phone with many entries', () => {
  let outbox: Outbox;

  beforeEach(async () => void (outbox = await used(MANY)));

  it('has all of them a little later, in order, and once each', async () => {
    await start();
    expect(shown.entries.length).toBeLessThan(30);
    await app.whole();
    expect(shown.entries.map(({ e }) => e)).toEqual(Array.from({ length: MANY }, (_, i) => id(MANY - i)));
    expect(new Set(shown.entries.map(({ state }) => state))).toEqual(new Set(['received']));
  });

  it('keeps from the last entry of the kind, however long ago that was', async () => {
    await start();
    expect((await app.newDraft('walk')).values.minutes).toBe(1);
  });

  it('reads one row to save, and the few that wait to send', async () => {
    await start();
    await app.whole();
    await world.settle();
    const draft = await app.newDraft('foot_patrol');
    const saved = await counting(() => app.save(draft));
    expect(shown.entries[0]?.e).toBe(draft.id);
    expect(saved.rows).toBeLessThanOrEqual(10);
    const turn = await counting(async () => {
      const { turn: number } = await beginTurn(outbox, 25, NOON);
      await settle(outbox, number, receipt([{ id: draft.id, c: 'ok', seq: MANY + 1 }]), NOON, 0);
    });
    expect(turn.rows).toBeLessThanOrEqual(20);
    expect((await outbox.rows()).find((row) => row.id === draft.id)).toMatchObject({ state: 'ok', seq: MANY + 1 });
  });

  it('that are changed while the rest is read shows them as they are now', async () => {
    await start();
    const reading = app.whole();
    const draft = await app.newDraft('foot_patrol');
    const saved = await app.save(draft);
    await app.retract(id(MANY), 'undo');
    await app.retract(id(2), 'mistake');
    await reading;
    await world.settle();
    expect(saved.ok).toBe(true);
    const by = new Map(shown.entries.map((entry) => [entry.e, entry]));
    expect([by.size, by.get(draft.id)?.state, by.get(id(MANY))?.retracted, by.get(id(2))?.retracted]).toEqual([
      MANY + 1,
      'saved',
      'undo',
      'mistake',
    ]);
  });

  it('sees what another tab purged', async () => {
    await start();
    await app.whole();
    await outbox.db.write(['events'], (tx) => tx.objectStore('events').delete([INC, 3]));
    world.on.visible();
    await world.settle();
    expect((await (await app.proof()).rescue.file()).count).toBe(MANY - 1);
  });
});
