import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../domain/app';
import { stampOf } from '../domain/clock';
import { decode, encode, type Event } from '../domain/event';
import { newId } from '../domain/id';
import { end, endValues, isRunning, pause, workedMinutes } from '../domain/run';
import { id } from '../journal/journal.testkit';
import {
  app,
  connected,
  entry,
  events,
  log,
  open,
  PATROL,
  REFERENCE,
  restarted,
  server,
  shown,
  world,
} from './field.testkit';
import { fixture } from './server.testkit';
import { World } from './world.testkit';

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
