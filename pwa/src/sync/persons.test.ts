/** Two on one phone: what each sees, whose each word is, and what is left of one who signs out. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Draft, FieldApp, Seat, Snapshot } from '../domain/app';
import { decode, type Event } from '../domain/event';
import { readRescue } from '../domain/rescue';
import { attempt, waitAfter } from '../journal/seats';
import { id, removeAll, TOWN } from '../journal/journal.testkit';
import { Phone } from '../journal/phone';
import './door';
import './engine'; // fetched later by the app; here they are there, so that no test waits for a file
import { openField } from './field';
import './proof';
import { FakeServer, fixture, json, lost } from './server.testkit';
import { Tabs, World } from './world.testkit';

const [KIM, MARIA] = [id(801), id(802)];
const at = (account: string): Seat => ({ town: TOWN, account });
const PIN = { [KIM]: '1234', [MARIA]: '567890' };
const FOOT = {
  sv: { name: 'Fotpatrull' },
  en: {},
  icon: 'x',
  sight: 'own',
  order: 1,
  fields: [{ f: 'note', as: 'text' }],
};

let server: FakeServer;
let world: World;
let tabs: Tabs;
let app: FieldApp;
let shown: Snapshot;

async function open(w = world): Promise<FieldApp> {
  return openField(w.surroundings(server, tabs));
}
async function start(): Promise<void> {
  world = Object.assign(new World(), { now: world.now });
  tabs = new Tabs();
  app = await open();
  app.subscribe((s) => (shown = s));
}
/** Connects somebody; the network answers for it. */
async function enrol(account: string, name: string, pin?: string): Promise<void> {
  server.enrolling = ({ token }) => {
    server.token = token;
    const town = { id: TOWN, name: 'Munkfors', slug: 'munkfors' };
    return json({ account, role: 'field', town, now: world.now });
  };
  const done = (await app.door()).enrol(`code of ${name}`, name, 'police', pin);
  await world.settle();
  expect(await done).toEqual({ ok: true });
  await world.settle();
}
/** Kim with a code, then Maria, who is in. */
async function shared(): Promise<void> {
  await enrol(KIM, 'Kim', PIN[KIM]);
  await enrol(MARIA, 'Maria', PIN[MARIA]);
}
async function log(note: string, by = app): Promise<string> {
  const draft = await by.newDraft('foot_patrol');
  const saved = await by.save({ ...draft, values: { note } });
  await world.settle();
  if (!saved.ok) throw new Error(saved.reason);
  return saved.e;
}
async function enter(account: string): Promise<void> {
  expect(await (await app.door()).enter(at(account), PIN[account] ?? '')).toEqual({ ok: true });
  await world.settle();
}
const offline = () => (server.fetch = async () => lost());
/** Own ones: this server hides nothing from anybody. */
const notes = () => shown.entries.flatMap(({ mine, values }) => (mine ? [values.note] : []));

beforeEach(async () => {
  await removeAll();
  server = new FakeServer();
  world = new World();
  server.now = () => world.now;
  server.extra = [fixture(id(810), 'catalog', { version: 1, 'kind:foot_patrol': JSON.stringify(FOOT) })];
  await start();
});
afterEach(() => world.settle());

it('one who is alone and has no code finds no lock after a restart', async () => {
  await enrol(KIM, 'Kim');
  await start();
  expect([shown.session?.account, shown.closed]).toEqual([KIM, false]);
});

it('where somebody has a code nobody is in after a restart, and nothing is told', async () => {
  await shared();
  await log('Marias');
  await start();
  expect([shown.session, shown.closed, shown.entries, shown.kinds]).toEqual([null, true, [], []]);
  expect(await app.drafts()).toEqual([]);
  await expect(app.newDraft('foot_patrol')).rejects.toThrow('nobody is in');
  await expect(app.proof()).rejects.toThrow('nobody is in');
});

it('each sees their own entries and drafts, and of the other how many wait', async () => {
  await shared();
  offline();
  await log('Marias');
  await app.keepDraft({ ...(await app.newDraft('foot_patrol')), values: { note: 'halv' } });
  await enter(KIM);
  await log('Kims');
  expect([notes(), await app.drafts()]).toEqual([['Kims'], []]);
  expect(shown.sync).toMatchObject({ unsent: 2, others: 1 });
  await enter(MARIA);
  expect([notes(), (await app.drafts()).map(({ values }) => values.note)]).toEqual([['Marias'], ['halv']]);
});

it('a rescue file has everyone’s events, and none can be read by opening it', async () => {
  await shared();
  offline();
  await log('Marias');
  await enter(KIM);
  await log('Kims');
  const { text, count } = await (await app.proof()).rescue.file();
  expect([count, /Marias|Kims/.test(text)]).toEqual([2, false]);
  expect(await readRescue(text)).toMatchObject({ events: [{ state: 'unsent' }, { state: 'unsent' }] });
});

it('another’s refused entry does not call for the one who is in', async () => {
  await shared();
  server.judge = () => ({ c: 'refused', why: 'town' });
  await log('Marias');
  expect(shown.sync.action).toBe(1);
  await enter(KIM);
  expect(shown.sync.action).toBe(0);
});

it('what one wrote is sent by the other, with its author and installation', async () => {
  await shared();
  const { fetch } = server;
  offline();
  await log('Marias');
  await enter(KIM);
  server.fetch = fetch;
  server.token = (server.asked.find(({ path }) => path.endsWith('enrol'))?.body as unknown as { token: string }).token;
  app.syncNow();
  await world.settle();
  const [event] = server.log.map(({ text }) => decode(text) as Event);
  expect(event?.by).toBe(MARIA);
  expect(server.pushes.at(-1)?.body.inc).not.toBe(event?.inc);
  expect(shown.sync).toMatchObject({ unsent: 0, others: 0 });
});

it('a form that is still open when another comes in writes its own person’s draft, and saves nothing', async () => {
  await shared();
  const draft: Draft = { ...(await app.newDraft('foot_patrol')), values: { note: 'Marias' } };
  await enter(KIM);
  await app.keepDraft(draft);
  expect(await app.drafts()).toEqual([]);
  expect(await app.save(draft)).toMatchObject({ ok: false });
  expect(notes()).toEqual([]);
  await enter(MARIA);
  expect((await app.drafts()).map(({ values }) => values.note)).toEqual(['Marias']);
});

it('another tab follows a change of person, and its open form stays its writer’s', async () => {
  await shared();
  let there = {} as Snapshot;
  const other = await open();
  other.subscribe((s) => (there = s));
  expect(there.closed).toBe(true);
  await enter(MARIA);
  expect(there.session?.account).toBe(MARIA);
  const draft = await other.newDraft('foot_patrol');
  await enter(KIM);
  expect(there.session?.account).toBe(KIM);
  await other.keepDraft({ ...draft, values: { note: 'Marias' } });
  expect(await other.drafts()).toEqual([]);
  await (await app.door()).shut();
  await world.settle();
  expect([there.session, there.closed]).toEqual([null, true]);
});

it('a tab that was frozen sees on waking that another is in', async () => {
  await shared();
  const deaf = new World();
  const other = await openField(deaf.surroundings(server, new Tabs()));
  let there = {} as Snapshot;
  other.subscribe((s) => (there = s));
  await (await other.door()).enter(at(MARIA), PIN[MARIA] ?? '');
  expect(there.session?.account).toBe(MARIA);
  await enter(KIM);
  deaf.on.visible();
  await deaf.settle();
  expect([there.session, there.closed]).toEqual([null, true]);
});

it('the sixth wrong code waits, longer each time and over a restart, and a clock that is turned back does not make it longer', async () => {
  await shared();
  const door = await app.door();
  for (const left of [4, 3, 2, 1])
    expect(await door.enter(at(KIM), '9999')).toEqual({ ok: false, reason: 'wrong', left });
  const until = world.now + waitAfter(5);
  expect(await door.enter(at(KIM), '9999')).toEqual({ ok: false, reason: 'wait', until });
  await start();
  expect(await (await app.door()).enter(at(KIM), PIN[KIM] ?? '')).toEqual({ ok: false, reason: 'wait', until });
  world.now -= 86_400_000;
  expect((await attempt(new Phone(), at(KIM), world.now))?.wait).toBe(world.now + waitAfter(5));
  world.now += waitAfter(5);
  expect(await (await app.door()).enter(at(KIM), '9999')).toMatchObject({ until: world.now + waitAfter(6) });
  world.now += waitAfter(6);
  expect(await (await app.door()).enter(at(KIM), PIN[KIM] ?? '')).toEqual({ ok: true });
  expect(waitAfter(6)).toBe(2 * waitAfter(5));
});

it('a code can be changed by who knows it, and taken away only by who is alone', async () => {
  await enrol(KIM, 'Kim');
  const door = await app.door();
  expect(await door.changeCode('', '1234')).toEqual({ ok: true });
  expect(await door.changeCode('0000', '4321')).toMatchObject({ reason: 'wrong' });
  expect(await door.changeCode('1234', '4321')).toEqual({ ok: true });
  await enrol(MARIA, 'Maria', PIN[MARIA]);
  expect(await door.changeCode(PIN[MARIA] ?? '', null)).toEqual({ ok: false, reason: 'shared' });
});

it('one who had no code when another came needs a new invitation, and finds everything', async () => {
  await enrol(KIM, 'Kim');
  await log('Kims');
  await enrol(MARIA, 'Maria', PIN[MARIA]);
  expect(await (await app.door()).enter(at(KIM), '1234')).toEqual({ ok: false, reason: 'none' });
  await enrol(KIM, 'Kim', '4321');
  expect(notes()).toEqual(['Kims']);
  expect(server.left).toHaveLength(1); // the token that Kim had before
});

it('who signs out leaves entries and drafts locked, and gets them back', async () => {
  await enrol(KIM, 'Kim');
  const { fetch } = server;
  offline();
  await log('Kims');
  await app.keepDraft({ ...(await app.newDraft('foot_patrol')), values: { note: 'halv' } });
  await (await app.door()).signOut();
  await world.settle();
  expect([shown.session, shown.closed, shown.entries]).toEqual([null, false, []]);
  expect(await (await app.door()).persons()).toEqual({ persons: [], waiting: 1 });
  expect(await new Phone().opening()).toMatchObject({ leaving: true });
  server.fetch = fetch;
  world.on.online();
  await world.settle();
  expect([server.left.length, (await new Phone().opening()).leaving]).toEqual([1, false]);
  expect((await indexedDB.databases()).some(({ name }) => name?.startsWith('cache-'))).toBe(false);
  await enrol(MARIA, 'Maria');
  expect([notes(), await app.drafts(), server.log.map(({ text }) => (decode(text) as Event).by)]).toEqual([
    [],
    [],
    [KIM],
  ]);
  await enrol(KIM, 'Kim');
  expect([notes(), (await app.drafts()).length]).toEqual([['Kims'], 1]);
});

it('a choice is kept beside the journal, for a browser that forgets', async () => {
  await app.keepChoice('lang', 'en');
  await start();
  expect(app.choices()).toEqual({ lang: 'en' });
});
