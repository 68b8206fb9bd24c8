/** A phone on which somebody is connected, for the tests of what it does: set up anew before each. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { Draft, FieldApp, Snapshot } from '../domain/app';
import { stampOf } from '../domain/clock';
import { decode, type Event } from '../domain/event';
import { id, removeAll, saving, TOWN } from '../journal/journal.testkit';
import { Outbox } from '../journal/outbox';
import './door';
import './digest';
import './engine'; // fetched later by the app; here they are there, so that no test waits for a file
import { openField } from './field';
import { FakeServer, fixture, json } from './server.testkit';
import { Tabs, World } from './world.testkit';
import './proof';

export const ME = id(801);
export const TOWN_DOC = { id: TOWN, name: 'Munkfors', slug: 'munkfors' };
export const PATROL = {
  sv: { name: 'Fotpatrull' },
  en: { name: 'Foot patrol' },
  icon: 'footprints',
  sight: 'own',
  order: 1,
  fields: [
    { f: 'started_at', as: 'moment', need: true },
    { f: 'minutes', as: 'duration', need: true },
    { f: 'place', as: 'place', keep: true },
    { f: 'parties', as: 'parties', need: true, keep: true },
    { f: 'note', as: 'text', max: 500 },
  ],
};
const PLEDGE = id(811);
export const MEASURE = id(812);
export const REFERENCE = [
  fixture(id(810), 'catalog', {
    version: 3,
    'kind:foot_patrol': JSON.stringify(PATROL),
    'party:police': '{"sv":"Polisen","en":"The police"}',
  }),
  fixture(PLEDGE, 'pledge', { title: 'Löftet', from: '2025-01-01', to: '2026-12-31' }),
  fixture(MEASURE, 'measure', { title: 'Fotpatrull', kinds: ['foot_patrol'], target: 'count', min: 24 }, PLEDGE),
  fixture(id(813), 'place', { name: 'Torget', form: 'square', order: 1 }),
];

export let server: FakeServer;
export let world: World;
export let tabs: Tabs;
export let app: FieldApp;
export let shown: Snapshot;
const opened: FieldApp[] = [];

export async function open(w = world): Promise<FieldApp> {
  const field = await openField(w.surroundings(server, tabs));
  opened.push(field);
  return field;
}

/** A connected phone that has fetched. */
export async function connected(): Promise<void> {
  await launched();
  const door = await app.door();
  const enrolled = door.enrol('abc', 'Kim', 'police');
  await world.settle();
  expect(await enrolled).toEqual({ ok: true });
  await world.settle();
}

/** Kills the app, and starts it again. */
export async function restarted(): Promise<void> {
  world = Object.assign(new World(), { now: world.now });
  tabs = new Tabs();
  await launched();
}

beforeEach(async () => {
  await removeAll();
  server = new FakeServer();
  world = new World();
  tabs = new Tabs();
  server.now = () => world.now;
  server.extra = REFERENCE;
  server.tally = { at: 0, year: 2, from: '2026-01-01', to: '2026-12-31', measures: [{ e: MEASURE, done: 20 }] };
  server.enrolling = ({ token }) => {
    server.token = token;
    return json({ account: ME, role: 'field', town: TOWN_DOC, now: world.now });
  };
});
afterEach(() => world.settle());

export async function log(values: Draft['values']): Promise<string> {
  const draft = await app.newDraft('foot_patrol');
  Object.assign(draft.values, values);
  const saved = await app.save(draft);
  if (!saved.ok) throw new Error(saved.reason);
  return saved.e;
}
/** An entry that another person's phone has sent. */
export function ofAnother(n: number): string {
  const { id: made, e, inc, spell } = saving(n);
  server.log.push({ id: made, e, inc, n, text: spell(n, stampOf(world.now, 0), null), standing: 'ok' });
  return e;
}
/** The app is opened, and nobody is connected. */
export async function launched(): Promise<FieldApp> {
  app = await open();
  app.subscribe((s) => (shown = s));
  return app;
}

/** From here on what this tab says is heard by none that is opened later. */
export function unheard(): void {
  tabs = new Tabs();
}

export const events = () => server.log.map(({ text }) => decode(text) as Event);
export const rowsKept = async () => (await new Outbox(TOWN).rows()).length;
export const entry = (e: string) => shown.entries.find((x) => x.e === e);
