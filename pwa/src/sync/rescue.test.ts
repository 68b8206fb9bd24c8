/** A rescue file that another phone reads in: each event reaches the server once, whoever brings it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FieldApp, Rescue, Snapshot } from '../domain/app';
import { spellRescue } from '../domain/rescue';
import { breakDown, id, NOON, removeAll, saving, TOWN } from '../journal/journal.testkit';
import './door';
import './digest';
import './engine'; // fetched later by the app; here they are there, so that no test waits for a file
import { openField } from './field';
import './proof';
import { FakeServer, fixture, json, lost } from './server.testkit';
import { World } from './world.testkit';

const [ME, OTHER, MEASURE] = [id(801), id(802), id(812)];
const KIND = {
  sv: { name: 'Fotpatrull' },
  en: {},
  icon: 'x',
  sight: 'own',
  order: 1,
  fields: [{ f: 'note', as: 'text' }],
};

let server: FakeServer;
let world: World;
let app: FieldApp;
let shown: Snapshot;

/** A phone with nothing on it, which somebody connects; what was on the phone before is gone. */
async function freshPhone(account: string): Promise<void> {
  await removeAll();
  world = Object.assign(new World(), { now: world.now });
  server.enrolling = ({ token }) => {
    server.token = token;
    return json({ account, role: 'field', town: { id: TOWN, name: 'Munkfors', slug: 'munkfors' }, now: world.now });
  };
  app = await openField(world.surroundings(server));
  app.subscribe((s) => (shown = s));
  const done = (await app.door()).enrol('abc', 'Kim', 'police');
  await world.settle();
  expect(await done).toEqual({ ok: true });
  await world.settle();
}
async function log(note: string): Promise<string> {
  const draft = await app.newDraft('foot_patrol');
  const saved = await app.save({ ...draft, values: { note, started_at: '2026-11-20T12:00+01:00' } });
  await world.settle();
  if (!saved.ok) throw new Error(saved.reason);
  return saved.e;
}
const file = async () => (await (await app.proof()).rescue.file()).text;
async function read(text: string): Promise<Awaited<ReturnType<Rescue['read']>>> {
  const result = (await app.proof()).rescue.read(text);
  await world.settle();
  return result;
}
const offline = () => (server.fetch = async () => lost());
const online = (fetch: FakeServer['fetch']) => (server.fetch = fetch);
const mine = () => shown.measures[0]?.mine;

beforeEach(async () => {
  server = new FakeServer();
  world = new World();
  server.now = () => world.now;
  server.extra = [
    fixture(id(810), 'catalog', { version: 1, 'kind:foot_patrol': JSON.stringify(KIND) }),
    fixture(id(811), 'pledge', { title: 'Löftet', from: '2025-01-01', to: '2026-12-31' }),
    fixture(MEASURE, 'measure', { title: 'P', kinds: ['foot_patrol'], target: 'count', min: 24 }, id(811)),
  ];
  server.tally = { at: 0, year: 2, from: '2026-01-01', to: '2026-12-31', measures: [{ e: MEASURE, done: 20 }] };
  await freshPhone(ME);
});
afterEach(() => world.settle());

it('what one phone could not send another sends, under its author and installation, once however often the file is read', async () => {
  const { fetch } = server;
  offline();
  await log('Torget');
  const text = await file();
  online(fetch);
  await freshPhone(OTHER);
  expect(await read(text)).toMatchObject({ ok: true, fresh: 1, others: 1, known: 0, clash: 0 });
  for (let i = 0; i < 9; i += 1) expect(await read(text)).toMatchObject({ ok: true, fresh: 0, known: 1 });
  expect(server.log.map(({ n, text: ev }) => [n, (JSON.parse(ev) as { by: string }).by])).toEqual([[1, ME]]);
  expect(shown.sync.unsent).toBe(0);
});

it('numbers of the phone that carries go on as if it had carried nothing', async () => {
  await log('Torget');
  await log('Skolan');
  const text = await file();
  await freshPhone(OTHER);
  await read(text);
  await log('Parken');
  expect(server.log.map(({ n }) => n)).toEqual([1, 2, 1]);
  expect(
    server.pushes.flatMap(({ body }) => body.events).filter(({ inc, n }) => inc === server.log[2]?.inc && n > 1),
  ).toEqual([]);
});

it('what the server has already is never counted again on the phone that reads it in', async () => {
  await log('Torget');
  const text = await file();
  server.tally = { ...server.tally!, at: 1, measures: [{ e: MEASURE, done: 21 }] };
  await freshPhone(ME);
  expect([shown.measures[0]?.done, mine()]).toEqual([21, 0]);
  const { fetch } = server;
  offline();
  await read(text);
  expect([shown.sync.unsent, mine()]).toEqual([1, 0]);
  online(fetch);
  app.syncNow();
  await world.settle();
  expect([shown.sync.unsent, mine(), server.log.length]).toEqual([0, 0, 1]);
});

it('carrying is no sign that the server was restored', async () => {
  await log('Torget');
  const text = await file();
  await freshPhone(OTHER);
  offline();
  await read(text);
  expect(shown.sync).toMatchObject({ unsent: 1, others: 1, restored: false });
});

it('an entry that was erased stays erased when a phone that never heard of it reads the file in', async () => {
  await log('Hemligt');
  const text = await file();
  server.log.forEach((one) => Object.assign(one, { standing: 'erased', text: '' }));
  await freshPhone(ME);
  expect(await read(text)).toMatchObject({ ok: true, fresh: 1 });
  expect(await (await app.proof()).rescue.file()).toMatchObject({ count: 0 });
  expect(shown.entries.map(({ values }) => values.note)).not.toContain('Hemligt');
});

it('a file of another town is left alone', async () => {
  const { id: of, e, inc, spell } = saving(1);
  const event = { id: of, e, inc, n: 1, seal: 'none' as const, state: 'unsent' as const, savedAt: NOON };
  const bytes = spell(1, '0192f3c41a2b-0003', null).replace(TOWN, id(77));
  expect(await read(await spellRescue({ town: id(77), made: NOON, events: [{ ...event, bytes }] }))).toEqual({
    ok: false,
    reason: 'town',
  });
  expect(shown.sync.unsent).toBe(0);
});

it('a phone that is full says so, keeps what it has and takes nothing by halves', async () => {
  await log('Torget');
  await log('Skolan');
  const text = await file();
  await freshPhone(OTHER);
  const back = breakDown(1, () => new DOMException('full', 'QuotaExceededError'), 'add');
  expect(await read(text)).toEqual({ ok: false, reason: 'full' });
  back();
  expect(await (await app.proof()).rescue.file()).toMatchObject({ count: 0 });
});
