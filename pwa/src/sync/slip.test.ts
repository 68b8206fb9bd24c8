/** The phone's side of a slip: what was saved here by the one who is in, beside what the server says. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FieldApp } from '../domain/app';
import { sumOfIds } from '../domain/slip';
import { id, removeAll, TOWN } from '../journal/journal.testkit';
import './door';
import './digest';
import './engine'; // fetched later by the app; here they are there, so that no test waits for a file
import { openField } from './field';
import './proof';
import { FakeServer, fixture, json, lost, problem } from './server.testkit';
import { World } from './world.testkit';

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

async function freshPhone(account: string): Promise<void> {
  await removeAll();
  world = Object.assign(new World(), { now: world.now });
  server.enrolling = ({ token }) => {
    server.token = token;
    return json({ account, role: 'field', town: { id: TOWN, name: 'Munkfors', slug: 'munkfors' }, now: world.now });
  };
  app = await openField(world.surroundings(server));
  const done = (await app.door()).enrol('abc', 'Kim', 'police');
  await world.settle();
  expect(await done).toEqual({ ok: true });
  await world.settle();
}
async function log(): Promise<string> {
  const draft = await app.newDraft('foot_patrol');
  const saved = await app.save({ ...draft, values: { note: 'x' } });
  await world.settle();
  if (!saved.ok) throw new Error(saved.reason);
  return saved.e;
}
async function slip(events: { id: string; e: string; n: number; why?: string }[], missing: object[] = []) {
  const side = { received: events.length, received_sum: await sumOfIds(events.map((x) => x.id)) };
  const day = { day: '2026-11-20', ...side, counted: 0, counted_sum: '', missing };
  return { inc: id(1), now: world.now, max: 1, unsent: 0, said: 1, days: events.length > 0 ? [day] : [], events };
}

beforeEach(async () => {
  server = new FakeServer();
  world = new World();
  server.now = () => world.now;
  server.extra = [fixture(id(810), 'catalog', { version: 1, 'kind:foot_patrol': JSON.stringify(KIND) })];
  await freshPhone(id(801));
});
afterEach(() => world.settle());

it('has the sum of what was saved here, beside the server’s', async () => {
  const e = await log();
  const answer = await slip([{ id: e, e, n: 1 }]);
  server.faults.push(() => json(answer));
  const { reached, days } = await (await app.proof()).slips.days();
  const sum = await sumOfIds([e]);
  expect([reached, days.length]).toEqual([true, 1]);
  expect(days[0]).toMatchObject({ day: '2026-11-20', created: { n: 1, sum }, server: { received: { n: 1, sum } } });
});

it('without a network tells what the phone has', async () => {
  const e = await log();
  server.faults.push(lost);
  const { reached, days } = await (await app.proof()).slips.days();
  expect([reached, days]).toMatchObject([false, [{ created: { n: 1, sum: await sumOfIds([e]) }, server: null }]]);
  server.faults.push(() => problem(503));
  expect(await (await app.proof()).slips.lines(days[0]?.inc ?? '', '2026-11-20')).toBe(null);
});

it('a day that the server has nothing of is nothing received, not unknown', async () => {
  await log();
  const answer = await slip([]);
  server.faults.push(() => json(answer));
  expect((await (await app.proof()).slips.days()).days).toMatchObject([{ server: { received: { n: 0 } } }]);
});

it('what came from another phone’s file is on that phone’s slip, and not on this one’s', async () => {
  await log();
  const text = (await (await app.proof()).rescue.file()).text;
  await freshPhone(id(801));
  await (await app.proof()).rescue.read(text);
  await world.settle();
  server.faults.push(lost);
  expect((await (await app.proof()).slips.days()).days).toEqual([]);
});

it('names what the phone has and the server has not', async () => {
  const e = await log();
  const answer = await slip([]);
  server.faults.push(() => json(answer));
  expect(await (await app.proof()).slips.lines((await outboxInc()) ?? '', '2026-11-20')).toMatchObject([
    { id: e, what: 'lost' },
  ]);
});

/** The installation that the phone pushed as. */
const outboxInc = async () => server.pushes.at(-1)?.body.inc;
