import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../domain/app';
import { decode, type Event } from '../domain/event';
import { readRescue, type Rescued } from '../domain/rescue';
import { breakDown, id, TOWN } from '../journal/journal.testkit';
import { app, connected, entry, events, log, ME, MEASURE, open, server, shown, world } from './field.testkit';
import { historyOf } from './history';
import { json, lost } from './server.testkit';
import { World } from './world.testkit';

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
