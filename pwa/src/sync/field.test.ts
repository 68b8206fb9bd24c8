import { describe, expect, it } from 'vitest';
import { breakDown, id } from '../journal/journal.testkit';
import {
  app,
  connected,
  entry,
  launched,
  log,
  ME,
  MEASURE,
  ofAnother,
  open,
  PATROL,
  REFERENCE,
  restarted,
  rowsKept,
  server,
  shown,
  TOWN_DOC,
  unheard,
  world,
} from './field.testkit';
import { fixture, json, lost, problem, silence } from './server.testkit';
import { World } from './world.testkit';

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
    await launched();
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
    await launched();
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
    await launched();
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
    await launched();
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
  unheard();
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
