import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft, FieldApp, Snapshot } from '../domain/app';
import { stampOf } from '../domain/clock';
import { decode, encode, type Event } from '../domain/event';
import { newId } from '../domain/id';
import { type Rescued, readRescue } from '../domain/rescue';
import { end, endValues, isRunning, pause, workedMinutes } from '../domain/run';
import { breakDown, id, removeAll, saving, TOWN } from '../journal/journal.testkit';
import { Outbox } from '../journal/outbox';
import './door';
import './digest';
import './engine'; // fetched later by the app; here they are there, so that no test waits for a file
import { openField } from './field';
import { historyOf } from './history';
import './proof';
import { FakeServer, fixture, json, lost, problem, silence } from './server.testkit';
import { Tabs, World } from './world.testkit';

const ME = id(801);
const TOWN_DOC = { id: TOWN, name: 'Munkfors', slug: 'munkfors' };
const PATROL = {
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
const MEASURE = id(812);
const REFERENCE = [
  fixture(id(810), 'catalog', {
    version: 3,
    'kind:foot_patrol': JSON.stringify(PATROL),
    'party:police': '{"sv":"Polisen","en":"The police"}',
  }),
  fixture(PLEDGE, 'pledge', { title: 'Löftet', from: '2025-01-01', to: '2026-12-31' }),
  fixture(MEASURE, 'measure', { title: 'Fotpatrull', kinds: ['foot_patrol'], target: 'count', min: 24 }, PLEDGE),
  fixture(id(813), 'place', { name: 'Torget', form: 'square', order: 1 }),
];

let server: FakeServer;
let world: World;
let tabs: Tabs;
let app: FieldApp;
let shown: Snapshot;
const opened: FieldApp[] = [];

async function open(w = world): Promise<FieldApp> {
  const field = await openField(w.surroundings(server, tabs));
  opened.push(field);
  return field;
}

/** A connected phone that has fetched. */
async function connected(): Promise<void> {
  app = await open();
  app.subscribe((s) => (shown = s));
  const door = await app.door();
  const enrolled = door.enrol('abc', 'Kim', 'police');
  await world.settle();
  expect(await enrolled).toEqual({ ok: true });
  await world.settle();
}

/** Kills the app, and starts it again. */
async function restarted(): Promise<void> {
  world = Object.assign(new World(), { now: world.now });
  tabs = new Tabs();
  app = await open();
  app.subscribe((s) => (shown = s));
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

async function log(values: Draft['values']): Promise<string> {
  const draft = await app.newDraft('foot_patrol');
  Object.assign(draft.values, values);
  const saved = await app.save(draft);
  if (!saved.ok) throw new Error(saved.reason);
  return saved.e;
}
/** An entry that another person's phone has sent. */
function ofAnother(n: number): string {
  const { id: made, e, inc, spell } = saving(n);
  server.log.push({ id: made, e, inc, n, text: spell(n, stampOf(world.now, 0), null), standing: 'ok' });
  return e;
}
const events = () => server.log.map(({ text }) => decode(text) as Event);
const rowsKept = async () => (await new Outbox(TOWN).rows()).length;
const entry = (e: string) => shown.entries.find((x) => x.e === e);

describe('connecting', () => {
  it('ends with the kinds, places and promise on the phone', async () => {
    await connected();
    expect(shown.session).toMatchObject({ account: ME, name: 'Kim', party: 'police', town: TOWN_DOC });
    expect([shown.kinds.length, shown.places[0]?.name, shown.parties[0]?.sv, shown.pledge?.title]).toEqual([
      1,
      'Torget',
      'Polisen',
      'Löftet',
    ]);
    expect(shown.measures).toMatchObject([{ e: MEASURE, done: 20, mine: 0, target: { type: 'count', min: 24 } }]);
  });

  it('whose reply was lost is asked for again with the same code, token and installation', async () => {
    app = await open();
    server.faults.push(async (_, honest) => {
      await honest();
      return lost();
    });
    expect(await (await app.door()).enrol('abc', 'Kim', 'police')).toEqual({ ok: false, reason: 'offline' });
    await restarted(); // even when the app was closed in between
    const again = (await app.door()).enrol(' abc ', 'Kim', 'police');
    await world.settle();
    expect(await again).toEqual({ ok: true });
    const [first, second] = server.asked
      .filter(({ path }) => path.endsWith('enrol'))
      .map(({ body }) => body as unknown as { token: string; inc: string });
    expect(second).toEqual(first);
    expect(first?.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    [404, 'code-unknown', 'unknown'],
    [410, 'code-used', 'used'],
    [410, 'code-old', 'old'],
    [429, 'code-attempts', 'too-many'],
    [500, 'internal', 'server'],
  ])('that is answered %i %s says %s in the server’s words', async (status, code, reason) => {
    app = await open();
    server.faults.push(() => problem(status, status === 429 ? { 'Retry-After': '60' } : {}, code));
    const result = await (await app.door()).enrol('abc', 'Kim', 'police');
    expect(result).toMatchObject({
      ok: false,
      reason,
      sv: 'sv',
      en: 'en',
      ...(status === 429 ? { until: world.now + 60_000 } : {}),
    });
  });

  it('shows what a code is for without using it', async () => {
    app = await open();
    server.faults.push(() =>
      json({ role: 'field', town: TOWN_DOC, until: 5, parties: [{ slug: 'police', sv: 'a', en: 'b' }] }),
    );
    expect(await (await app.door()).lookAtCode('abc')).toMatchObject({ ok: true, role: 'field', town: TOWN_DOC });
  });
});

describe('starting without a network', () => {
  it('shows who, the forms and the entries at once, with no request on the way', async () => {
    await connected();
    const e = await log({ minutes: 40 });
    await world.settle();
    const asked = server.asked.length;
    server.fetch = () => Promise.reject(new TypeError('offline'));
    await restarted(); // what is shown in this very moment
    expect([shown.session?.name, shown.kinds.length, entry(e)?.state, shown.measures[0]?.done]).toEqual([
      'Kim',
      1,
      'received',
      20,
    ]);
    await world.settle();
    expect([server.asked.length, shown.sync.phase]).toEqual([asked, 'offline']);
  });

  it('has forms even when the cache is gone', async () => {
    await connected();
    for (const { name } of await indexedDB.databases()) if (name?.startsWith('cache-')) indexedDB.deleteDatabase(name);
    await world.settle();
    server.fetch = () => Promise.reject(new TypeError('offline'));
    await restarted();
    expect([shown.kinds.length, shown.places.length, shown.measures.length]).toEqual([1, 1, 1]);
  });

  it('a new phone shows that nobody is connected', async () => {
    app = await open();
    app.subscribe((s) => (shown = s));
    expect([shown.session, shown.entries]).toEqual([null, []]);
  });
});

describe('a new catalogue', () => {
  const second = { ...PATROL, sv: { name: 'Patrull' }, fields: [...PATROL.fields, { f: 'dogs', as: 'count', max: 3 }] };

  it('comes by sync, is written with, and is there without a network', async () => {
    await connected();
    server.extra = [
      fixture(id(810), 'catalog', { version: 4, 'kind:foot_patrol': JSON.stringify(second) }),
      ...REFERENCE.slice(1),
    ];
    const draft = await app.newDraft('foot_patrol');
    draft.values.note = 'begun before';
    await app.keepDraft(draft);
    app.syncNow();
    await world.settle();
    expect(shown.kinds[0]?.sv.name).toBe('Patrull');
    server.fetch = () => Promise.reject(new TypeError('offline'));
    await restarted();
    expect(shown.kinds[0]?.fields.at(-1)?.f).toBe('dogs');
    expect((await app.drafts())[0]?.values.note).toBe('begun before');
  });
});

describe('an entry', () => {
  it('is saved on the phone first, then sent within a second, then received', async () => {
    await connected();
    const words: string[] = [];
    app.subscribe((s) => void (s.entries[0] && words.push(s.entries[0].state)));
    const e = await log({ minutes: 40 });
    await world.settle();
    expect(words.filter((word, i) => word !== words[i - 1])).toEqual(['saved', 'sending', 'received']);
    expect(entry(e)).toMatchObject({
      mine: true,
      unsent: 0,
      retracted: null,
      kind: 'foot_patrol',
      values: { minutes: 40, parties: ['police'] },
    });
    expect(events()).toMatchObject([
      { id: e, e, n: 1, cat: 3, by: ME, base: {}, new: { kind: 'foot_patrol' }, set: { minutes: 40 } },
    ]);
  });

  it('counts on top of the tally until the tally has it', async () => {
    await connected();
    server.faults.push(lost);
    await log({ minutes: 40 });
    await world.settle();
    expect(shown.measures[0]).toMatchObject({ done: 20, mine: 1 });
    server.tally = { ...server.tally!, measures: [{ e: MEASURE, done: 21 }] };
    app.syncNow();
    await world.settle();
    expect(shown.measures[0]).toMatchObject({ done: 21, mine: 0 });
  });

  it('saved twice by a double tap is one', async () => {
    await connected();
    const draft = await app.newDraft('foot_patrol');
    draft.values.minutes = 40;
    const [one, two] = await Promise.all([app.save(draft), app.save({ ...draft })]);
    await world.settle();
    expect(two).toEqual(one);
    expect([shown.entries.length, server.log.length]).toEqual([1, 1]);
  });

  it('of two tabs is seen in both and sent once', async () => {
    await connected();
    const second = await open(Object.assign(new World(), { now: world.now }));
    let there: Snapshot | undefined;
    second.subscribe((s) => (there = s));
    server.faults.push(lost, lost);
    await log({ minutes: 40 });
    await world.settle();
    expect(there?.entries).toHaveLength(1);
    await world.pass(60_000);
    expect(server.log).toHaveLength(1);
    expect(there?.entries[0]?.state).toBe('received');
  });

  it('on a full phone is not called saved, and the draft is there', async () => {
    await connected();
    const draft = await app.newDraft('foot_patrol');
    await app.keepDraft(draft);
    const mend = breakDown(9, () => new DOMException('full', 'QuotaExceededError'), 'add');
    expect(await app.save(draft)).toMatchObject({ ok: false, reason: 'full' });
    mend();
    expect(await app.drafts()).toEqual([draft]);
  });

  it('asks the browser to keep the storage, after the first one', async () => {
    await connected();
    expect(world.persistAsked).toBe(0);
    await log({ minutes: 40 });
    await world.settle();
    expect([world.persistAsked, shown.storage.persisted]).toEqual([1, true]);
  });
});

describe('a form', () => {
  it('keeps place and parties from the last entry of the kind, and begins now', async () => {
    await connected();
    await log({ minutes: 40, place: id(813), parties: ['police', 'municipality'], note: 'x' });
    await world.settle();
    const draft = await app.newDraft('foot_patrol');
    expect(draft.values).toEqual({
      started_at: '2026-11-20T13:00+01:00',
      place: id(813),
      parties: ['police', 'municipality'],
    });
    expect([draft.e, draft.base]).toEqual([null, {}]);
  });

  it('keeps nothing that can no longer be chosen', async () => {
    const fields = [
      ...PATROL.fields,
      { f: 'mode', as: 'choice', keep: true, choices: [{ v: 'foot' }, { v: 'car', until: 3 }] },
      { f: 'old', as: 'text', keep: true, until: 2 },
      { f: 'groups', as: 'counts', keep: true, choices: [{ v: 'police' }] },
    ];
    server.extra = [
      fixture(id(810), 'catalog', { version: 3, 'kind:foot_patrol': JSON.stringify({ ...PATROL, fields }) }),
      ...REFERENCE.slice(1),
    ];
    await connected();
    await log({ mode: 'car', old: 'x', 'groups:police': 2 });
    await world.settle();
    const { values } = await app.newDraft('foot_patrol');
    expect(values).toMatchObject({ 'groups:police': 2 });
    expect([values.mode, values.old]).toEqual([undefined, undefined]);
  });

  it('of youth at risk writes only what it asks, whatever lies in the draft', async () => {
    const fields = [
      { f: 'started_at', as: 'moment', need: true },
      { f: 'meetings', as: 'count' },
      { f: 'note', as: 'text' },
    ];
    server.extra = [
      fixture(id(810), 'catalog', {
        version: 3,
        'kind:youth': JSON.stringify({ ...PATROL, sight: 'restricted', fields }),
      }),
      ...REFERENCE.slice(1),
    ];
    await connected();
    const draft = await app.newDraft('youth');
    Object.assign(draft.values, { meetings: 2, note: 'om någon', name: 'någon' });
    await app.save(draft);
    await world.settle();
    expect(Object.keys(events()[0]?.set ?? {})).toEqual(['meetings', 'started_at']);
  });

  it('tells the other tabs, that their lists of drafts are read anew', async () => {
    await connected();
    const second = await open(Object.assign(new World(), { now: world.now }));
    let there: Snapshot | undefined;
    second.subscribe((s) => (there = s));
    const draft = await app.newDraft('foot_patrol');
    const seen: number[] = [];
    for (const act of [() => app.keepDraft(draft), () => app.dropDraft(draft.id)]) {
      await act();
      await world.settle();
      seen.push(there?.drafts ?? 0);
    }
    expect([seen, shown.drafts]).toEqual([[1, 2], 0]);
  });

  it('survives a kill, and is gone once saved or dropped', async () => {
    await connected();
    const draft = await app.newDraft('foot_patrol');
    draft.values.note = 'half';
    await app.keepDraft(draft);
    await restarted();
    expect(await app.drafts()).toEqual([draft]);
    await app.save(draft);
    await app.keepDraft(draft); // an autosave that was under way
    expect(await app.drafts()).toEqual([]);
  });
});

describe('a place that is missing', () => {
  /** The server parks places, as it does those of field workers, and what is written of them until they are let in. */
  const parking = () =>
    (server.judge = ({ e, new: born }) => {
      if (born?.t === 'place') return { c: 'parked', why: 'right' };
      const waits = server.log.some((x) => x.id === e && x.standing === 'parked');
      return waits ? { c: 'parked', why: 'waiting' } : {};
    });
  async function propose(): Promise<string> {
    const saved = await app.propose({ name: 'Bron', form: 'tunnel', at: { lat: 5_983_830, lon: 1_354_314 } });
    if (!saved.ok) throw new Error(saved.reason);
    return saved.e;
  }
  const place = (e: string) => shown.places.find((p) => p.e === e);
  /** What a coordinator writes: it lets the place in, and folds these fields onto it. */
  function decide(e: string, set: Event['set'] = {}): void {
    const own = server.log.find((x) => x.id === e);
    if (!own) throw new Error('not sent');
    const first = decode(own.text) as Event;
    own.standing = 'ok';
    const later = { ...first, id: newId(world.now), e, n: 99, inc: id(900), base: {}, set, hlc: stampOf(world.now, 9) };
    const { new: _, ...write } = later;
    server.log.push({ id: later.id, e, inc: id(900), n: 99, text: encode(write), standing: 'ok' });
  }
  async function hears(): Promise<void> {
    app.syncNow();
    await world.settle();
  }

  it('is used and named at once without a network, and by the same id once it is accepted', async () => {
    await connected();
    parking();
    const honest = server.fetch;
    server.fetch = () => Promise.reject(new TypeError('offline'));
    const e = await propose();
    await restarted();
    expect(place(e)).toMatchObject({ name: 'Bron', is: 'proposed', unsent: 1, lat: 59.8383 });
    const patrol = await log({ minutes: 30, place: e });
    await world.settle(); // what was tried without a network has failed
    server.fetch = honest;
    await hears();
    expect(events().map((x) => x.new?.t)).toEqual(['place', 'activity']);
    expect(place(e)).toMatchObject({ is: 'proposed' });
    expect([entry(patrol)?.state, entry(patrol)?.values.place, shown.sync.unsent]).toEqual(['received', e, 0]);
    decide(e, { order: 5 });
    await hears();
    expect(place(e)).toEqual({ e, name: 'Bron', form: 'tunnel', lat: 59.8383, lon: 13.54314, order: 5 });
    expect((await app.newDraft('foot_patrol')).values.place).toBe(e);
  });

  it('that was declined names what was logged there, says why, and is not offered', async () => {
    await connected();
    parking();
    const e = await propose();
    await log({ minutes: 30, place: e });
    await world.settle();
    decide(e, { retracted: 'Välj Torget.' });
    await hears();
    expect(place(e)).toMatchObject({ name: 'Bron', is: 'closed', said: 'Välj Torget.' });
    expect((await app.newDraft('foot_patrol')).values.place).toBeUndefined();
  });

  it('that turned out to be another begins the next form as that one', async () => {
    await connected();
    parking();
    const e = await propose();
    await log({ minutes: 30, place: e });
    await world.settle();
    decide(e, { same_as: id(813) });
    await hears();
    expect((await app.newDraft('foot_patrol')).values.place).toBe(id(813));
  });

  it('can be taken back while it waits', async () => {
    await connected();
    parking();
    const e = await propose();
    await app.retract(e, 'undo');
    await world.settle();
    expect(place(e)).toMatchObject({ is: 'closed', said: 'undo' });
  });

  it('is closed when a coordinator keeps it out', async () => {
    await connected();
    server.judge = () => ({ c: 'parked', why: 'held' });
    const e = await propose();
    await world.settle();
    expect(place(e)).toMatchObject({ name: 'Bron', is: 'closed' });
  });
});

describe('a correction', () => {
  it('writes only what was changed, with what its writer was shown', async () => {
    await connected();
    const e = await log({ minutes: 40, note: 'x' });
    await world.settle();
    const draft = await app.correctionDraft(e);
    draft.values.minutes = 50;
    await app.save(draft);
    await world.settle();
    expect(events()[1]).toMatchObject({ e, id: draft.id, n: 2, set: { minutes: 50 }, base: { minutes: [e] } });
    expect(Object.keys(events()[1]?.set ?? {})).toEqual(['minutes']);
    expect(entry(e)?.values).toMatchObject({ minutes: 50, note: 'x' });
  });

  it('that changes nothing writes nothing', async () => {
    await connected();
    const e = await log({ minutes: 40 });
    const draft = await app.correctionDraft(e);
    await app.keepDraft(draft);
    expect(await app.save(draft)).toEqual({ ok: true, e, id: draft.id });
    expect(await app.drafts()).toEqual([]);
    await world.settle();
    expect(server.log).toHaveLength(1);
  });

  it('does not write back what another changed while the form was open', async () => {
    await connected();
    const e = await log({ minutes: 40, note: 'x' });
    await world.settle();
    const draft = await app.correctionDraft(e);
    const other = await app.correctionDraft(e);
    other.values.minutes = 99;
    await app.save(other);
    draft.values.note = 'y';
    await app.save(draft);
    await world.settle();
    expect(events()[2]?.set).toEqual({ note: 'y' });
    expect(entry(e)?.values).toMatchObject({ minutes: 99, note: 'y' });
  });
});

describe('taking back', () => {
  it('is an event of its own, and pressing twice writes one', async () => {
    await connected();
    const e = await log({ minutes: 40 });
    await app.retract(e, 'undo');
    await app.retract(e, 'undo');
    await world.settle();
    expect(events().map(({ set }) => set.retracted)).toEqual([undefined, 'undo']);
    expect(entry(e)?.retracted).toBe('undo');
    expect(shown.measures[0]?.mine).toBe(0);
  });

  it('can be taken back in turn', async () => {
    await connected();
    const e = await log({ minutes: 40 });
    await app.retract(e, 'double');
    const draft = await app.correctionDraft(e);
    draft.values.retracted = null;
    await app.save(draft);
    await world.settle();
    expect([entry(e)?.retracted, events()[2]?.base.retracted]).toEqual([null, [events()[1]?.id]]);
  });
});

describe('what the header says', () => {
  it('is of the outbox as it is now', async () => {
    await connected();
    expect(shown.sync).toMatchObject({ unsent: 0, oldest: null, phase: 'idle' });
    server.faults.push(lost, lost, lost);
    await log({ minutes: 40 });
    const saved = world.now;
    await world.settle();
    expect(shown.sync).toMatchObject({ unsent: 1, oldest: saved, phase: 'offline', waiting: { why: 'offline' } });
    await world.pass(60_000);
    expect(shown.sync).toMatchObject({ unsent: 0, oldest: null, phase: 'idle' });
    expect(shown.sync.allSentAt).toBeGreaterThan(saved);
  });

  it('asks for a sign-in after a 401, keeps the queue, and goes on after it', async () => {
    await connected();
    server.token = 'changed';
    const e = await log({ minutes: 40 });
    await world.settle();
    expect([shown.sync.phase, shown.sync.unsent]).toEqual(['signin', 1]);
    const again = (await app.door()).enrol('new code', 'Kim', 'police');
    await world.settle();
    expect(await again).toEqual({ ok: true });
    await world.settle();
    expect([entry(e)?.state, shown.sync.phase]).toEqual(['received', 'idle']);
  });

  it('shows a refused event as needing action, with the reason', async () => {
    await connected();
    server.judge = () => ({ c: 'refused', why: 'town' });
    const e = await log({ minutes: 40 });
    await world.settle();
    expect(entry(e)).toMatchObject({ state: 'action', why: 'town' });
    expect(shown.sync).toMatchObject({ action: 1, unsent: 0 });
  });
});

describe('the history', () => {
  it('has a line for what was erased, without what it said', () => {
    const past = { seq: 1, received: 5, standing: 'folded' as const, by: ME, hlc: '', carrier_same: true, late: false };
    const ev = { hlc: '000000000001-0000', set: { minutes: 40 } };
    const lines = historyOf(
      id(1),
      [],
      [
        { ...past, id: id(1), standing: 'erased', ev: null },
        { ...past, id: id(2), ev },
      ] as never,
      ME,
    );
    expect(lines.map(({ what, changes }) => [what, changes.length])).toEqual([
      ['erased', 0],
      ['corrected', 1],
    ]);
  });

  it('tells of the server’s events and of those it has not got, newest first', async () => {
    await connected();
    const e = await log({ minutes: 40 });
    await world.pass(60_000);
    server.faults.push(lost);
    const draft = await app.correctionDraft(e);
    draft.values.minutes = 50;
    await app.save(draft);
    await world.settle();
    const [first] = server.log;
    const stored = {
      received: world.now,
      standing: 'folded',
      id: e,
      by: ME,
      ev: JSON.parse(first?.text ?? '') as object,
    };
    server.faults.push(() => json({ e, state: {}, events: [stored] }));
    const lines = await app.history(e);
    expect(lines.map(({ what }) => what)).toEqual(['corrected', 'received', 'saved']);
    expect(lines[0]?.changes).toEqual([{ f: 'minutes', from: 40, to: 50 }]);
  });

  it('without a network tells what the phone knows', async () => {
    await connected();
    const e = await log({ minutes: 40 });
    await world.settle();
    server.faults.push(lost);
    expect(await app.history(e)).toMatchObject([{ what: 'saved', mine: true }]);
  });
});

/** What the file would lay in on a phone. */
const inFile = async (text: string) => (await readRescue(text)) as Rescued;

it('the rescue file has every event as it is stored', async () => {
  await connected();
  const e = await log({ minutes: 40 });
  await world.settle();
  server.faults.push(lost);
  await app.retract(e, 'double');
  const { name, text, count, unsent } = await (await app.proof()).rescue.file();
  const { town, events } = await inFile(text);
  expect([name, count, unsent, town]).toEqual(['lofteslogg-2026-11-20.json', 1, 1, TOWN]);
  expect(events.map(({ bytes }) => (decode(bytes) as Event).n)).toEqual([1, 2]);
});

describe('a new version', () => {
  it('takes over when no form is open', async () => {
    await connected();
    world.ready = true;
    const taking = app.takeUpdate();
    await world.pass(300);
    expect([await taking, world.taken]).toEqual([true, 1]);
  });

  it('waits while a form is open here, and while a draft is kept', async () => {
    await connected();
    world.ready = true;
    const draft = await app.newDraft('foot_patrol');
    expect(await app.takeUpdate()).toBe(false);
    await app.keepDraft(draft);
    await restarted();
    world.ready = true;
    expect(await app.takeUpdate()).toBe(false);
    await app.dropDraft(draft.id);
    const taking = app.takeUpdate();
    await world.pass(300);
    expect(await taking).toBe(true);
  });

  it('waits while a form is open in another tab', async () => {
    await connected();
    const second = await open(Object.assign(new World(), { now: world.now }));
    await second.newDraft('foot_patrol');
    world.ready = true;
    const taking = app.takeUpdate();
    await world.pass(300);
    expect([await taking, world.taken]).toEqual([false, 0]);
  });
});

it('what is on the phone no more is shown no more, at once and not when the app is next opened', async () => {
  await connected();
  server.judge = () => ({ c: 'parked', why: 'right' });
  const e = await log({ minutes: 5 });
  await world.settle();
  expect(entry(e)?.state).toBe('flagged');
  server.safe = 99;
  await world.pass(61 * 86_400_000);
  app.syncNow();
  await world.pass(600_000);
  app.syncNow();
  await world.settle();
  expect(await rowsKept()).toBe(0);
  expect(entry(e)).toBeUndefined();
});

it('a reply that comes when the person has come in anew is shown', async () => {
  await connected();
  let answer = (): void => undefined;
  server.faults.push(async (_, honest) => {
    void silence(); // nobody waits for it
    const reply = await honest();
    return new Promise((resolve) => (answer = () => resolve(reply)));
  });
  const e = await log({ minutes: 40 });
  await world.settle();
  world.locked = true; // the request under way leads
  const again = (await app.door()).enrol('def', 'Kim', 'police');
  await world.settle();
  expect([await again, shown.sync.unsent]).toEqual([{ ok: true }, 1]);
  answer();
  await world.settle();
  expect([entry(e)?.state, shown.sync.unsent]).toEqual(['received', 0]);
});

it('who comes in while a request is under way sends when that has come to nothing', async () => {
  await connected();
  let fail = (): void => undefined;
  server.faults.push(async () => {
    void silence(); // nobody waits for it
    return new Promise((_, reject) => (fail = () => reject(new TypeError('Failed to fetch'))));
  });
  const e = await log({ minutes: 40 });
  await world.settle();
  world.locked = true; // the request under way leads
  await (await app.door()).enrol('def', 'Kim', 'police');
  await world.settle();
  expect(shown.sync).toMatchObject({ unsent: 1, phase: 'idle' });
  world.locked = false;
  fail();
  await world.settle();
  expect([entry(e)?.state, shown.sync.unsent]).toEqual(['received', 0]);
});

it('what another tab fetched and died before it could tell is shown with the next page', async () => {
  await connected();
  const later = Object.assign(new World(), { now: world.now });
  tabs = new Tabs(); // nobody hears the second tab
  const second = await open(later);
  await later.settle();
  const first = ofAnother(1);
  second.syncNow();
  await later.settle();
  const next = ofAnother(2);
  app.syncNow();
  await world.settle();
  expect([entry(first)?.e, entry(next)?.e]).toEqual([first, next]);
});

it('when the app is looked at again, dead connections are found and what waits is sent', async () => {
  await connected();
  server.faults.push(lost);
  await log({ minutes: 40 });
  await world.settle();
  const mend = breakDown(2, () => new DOMException('lost', 'UnknownError'));
  world.on.visible();
  await world.settle();
  mend();
  await world.settle();
  expect(shown.sync.unsent).toBe(0);
});

describe('a running patrol', () => {
  const MINUTE = 60_000;
  const begun = async () => {
    const draft = await app.newDraft('foot_patrol');
    return app.run({ ...draft, run: { startedAt: world.now, pauses: [] } });
  };
  const running = async () => (await app.drafts()).find(isRunning);

  it('is the same after the app was killed, paused or not, without a network', async () => {
    await connected();
    const draft = await begun();
    await restarted();
    expect(await running()).toEqual(draft);
    world.now += 20 * MINUTE;
    const paused = { ...draft, run: pause(draft.run, world.now) };
    await app.keepDraft(paused);
    await restarted();
    world.now += 30 * MINUTE;
    expect(await running()).toEqual(paused);
    expect(workedMinutes(paused.run, world.now)).toBe(20);
  });

  it('is one at a time: a second start gives the first', async () => {
    await connected();
    const [first, second] = await Promise.all([begun(), begun()]);
    expect(second).toEqual(first);
    expect(await app.drafts()).toHaveLength(1);
  });

  it('is saved once however often it is pressed, and is gone then', async () => {
    await connected();
    const draft = await begun();
    world.now += 40 * MINUTE;
    const run = end(draft.run, world.now);
    const ended = { ...draft, run, values: { ...draft.values, ...endValues(run, world.now) } };
    const results = await Promise.all([app.save(ended), app.save(ended)]);
    expect(results).toEqual([results[0], results[0]]);
    await app.keepDraft(ended); // a late write of the form
    await world.settle();
    expect(events().filter((ev) => ev.e === draft.id)).toMatchObject([{ set: { minutes: 40 } }]);
    expect(events()[0]?.set).not.toHaveProperty('run');
    expect(await app.drafts()).toEqual([]);
  });

  it('holds an update back, also in an app that was started after it', async () => {
    await connected();
    const draft = await begun();
    await restarted();
    world.ready = true;
    expect(await app.takeUpdate()).toBe(false);
    await app.dropDraft(draft.id);
    const taking = app.takeUpdate();
    await world.pass(1000);
    expect(await taking).toBe(true);
  });
});
