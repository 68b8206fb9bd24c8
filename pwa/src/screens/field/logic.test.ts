import { describe, expect, test } from 'vitest';
import { civil } from '../../text';
import { inLink, meant, strange } from './code';
import { KINDS, NOW, snapshot } from './fake';
import { figureOf } from './figures';
import { answersOf, asked, begin, check, sameAs } from './form';
import { read, to } from './route';
import { bytes, sendingWords } from './sending';
import { announce } from './status';

const [patrol, walk] = KINDS;
if (!patrol || !walk) throw new Error('the fake has kinds');

describe('addresses', () => {
  test.each([
    to.home,
    to.mine,
    to.promise,
    to.unsent,
    to.settings,
    to.log('foot_patrol'),
    to.after('a/b å'),
    to.edit('e 1'),
    to.entry('x'),
  ])('%s leads somewhere', (hash) => {
    expect(read(hash).at === 'home').toBe(hash === to.home);
  });
  test('an address that is none leads home', () => {
    for (const hash of ['', '#', '#/nowhere', '#/log', '#/entry/', '#/log/%'])
      expect(read(hash)).toEqual({ at: 'home' });
  });
  test('a kind and an entity come back as they were', () => {
    expect(read(to.after('a/b å'))).toEqual({ at: 'log', kind: 'a/b å', after: true });
    expect(read(to.edit('e 1'))).toEqual({ at: 'edit', e: 'e 1' });
  });
});

describe('codes', () => {
  test.each([
    ['0111ABCDEF', '0111ABCDEF'],
    ['oil1a bcd-ef', '0111ABCDEF'],
    [' o l i ', '011'],
  ])('%j means %j', (typed, code) => expect(meant(typed)).toBe(code));
  test('a character that no code has is named', () => {
    expect(strange('ABCDEFGH12')).toBeUndefined();
    expect(strange('ABU')).toBe('U');
  });
  test('a link carries its code in the fragment', () => {
    expect(inLink('#k=aB_-9')).toBe('aB_-9');
    expect(inLink('#/mine')).toBeNull();
    expect(inLink('#k=')).toBeNull();
  });
});

describe('a new form', () => {
  const s = snapshot();
  test('begins with half an hour that ended now, by one’s own party, and no place', () => {
    const values = begin(patrol, s, {}, NOW);
    expect(values).toMatchObject({ minutes: 30, parties: ['police'] });
    expect(values.started_at).toMatch(/^2026-11-20T21:30/);
    expect(values.place).toBeUndefined();
  });
  test('leaves what the draft has', () => {
    expect(begin(patrol, s, { minutes: 45, parties: ['school'], place: 'p1' }, NOW)).toMatchObject({
      minutes: 45,
      parties: ['school'],
      place: 'p1',
    });
  });
  test('asks for what is needed and for nothing else', () => {
    expect(Object.keys(check(patrol, {}, NOW))).toEqual(['started_at', 'minutes', 'place', 'parties']);
    expect(check(patrol, begin(patrol, s, { place: 'p0' }, NOW), NOW)).toEqual({});
  });
  test('says what is wrong with what is there', () => {
    const good = begin(patrol, s, { place: 'p0' }, NOW);
    const problem = (more: object) => Object.values(check(patrol, { ...good, ...more }, NOW));
    expect(problem({ minutes: 1441 })).toEqual(['Välj hur länge, mellan 1 och 1440 minuter.']);
    expect(problem({ people_out: 21 })).toEqual(['Välj ett antal från 1 till 20.']);
    expect(problem({ note: 'x'.repeat(283) })).toEqual(['Texten är 3 tecken för lång.']);
    expect(problem({ started_at: '2026-11-21T21:30+01:00' })).toEqual([
      'Datumet ligger i framtiden. Rätta och spara igen.',
    ]);
    expect(problem({ parties: [] })).toEqual(['Välj minst en.']);
  });
  describe('in the nights when clocks change', () => {
    const began = (now: string) => begin(patrol, s, {}, Date.parse(now)).started_at;
    test.each([
      ['2026-10-25T00:50:00Z', '2026-10-25T02:20+02:00'], // 02.50, the first time
      ['2026-10-25T01:10:00Z', '2026-10-25T02:40+02:00'], // 02.10, the second time: it began in the first
      ['2026-10-25T01:50:00Z', '2026-10-25T02:20+01:00'],
      ['2026-10-25T02:10:00Z', '2026-10-25T02:40+01:00'], // 03.10
      ['2026-03-29T01:10:00Z', '2026-03-29T01:40+01:00'], // 03.10: half an hour ago it was 01.40
      ['2026-10-24T22:10:00Z', '2026-10-24T23:40+02:00'], // past midnight
    ])('at %s it began %s', (now, moment) => expect(began(now)).toBe(moment));
  });
  test('asks what must be answered first, and what is no longer offered only where it was answered', () => {
    const old = { ...patrol, fields: patrol.fields.map((f) => (f.f === 'topics' ? { ...f, until: 2 } : f)) };
    const names = (values: object) => {
      const { first, more } = asked(old, { ...values });
      return [first.map((f) => f.f), more.map((f) => f.f)];
    };
    const first = ['started_at', 'minutes', 'place', 'parties'];
    expect(names({})).toEqual([first, ['people_out', 'contacts', 'note']]);
    expect(names({ topics: ['light'] })).toEqual([first, ['people_out', 'contacts', 'topics', 'note']]);
  });
  test('offers an answer that is no longer one only where it is chosen', () => {
    const f = { f: 'mode', as: 'choice' as const, choices: [{ v: 'foot' }, { v: 'car', until: 2 }] };
    expect(answersOf(f, []).map((a) => a.v)).toEqual(['foot']);
    expect(answersOf(f, ['car']).map((a) => a.v)).toEqual(['foot', 'car']);
    const kind = { ...patrol, fields: [f] };
    expect(sameAs(kind, { mode: 'car' }, [])).toEqual({});
    expect(sameAs(kind, { mode: 'foot' }, [])).toEqual({ mode: 'foot' });
  });
  test('counts each group by itself', () => {
    const good = begin(walk, s, { place: 'p0' }, NOW);
    expect(check(walk, { ...good, 'groups:residents': 200, 'groups:police': 2 }, NOW)).toEqual({});
    expect(check(walk, { ...good, 'groups:residents': 201 }, NOW)).toEqual({
      groups: 'Välj ett antal från 0 till 200.',
    });
    expect(sameAs(walk, { 'groups:residents': 9, 'groups:unknown': 1 }, [])).toEqual({ 'groups:residents': 9 });
  });
  test('same as last time takes all but when and what was written', () => {
    expect(sameAs(patrol, { started_at: 'x', note: 'y', minutes: 40, place: 'p0', unknown: 1 }, [])).toEqual({
      minutes: 40,
      place: 'p0',
    });
  });
});

describe('figures', () => {
  const { pledge, measures } = snapshot();
  const [first] = measures;
  if (!pledge || !first) throw new Error('the fake has a pledge');

  test('today is a share of the promise year, and there is none before the pledge begins', () => {
    const at = (more: object) => figureOf(first, { ...pledge, ...more }, civil(NOW))?.today ?? null;
    expect(at({})).toBeCloseTo(323.92 / 365, 3);
    expect(at({ from: '2026-03-15', to: '2026-10-01' })).toBe(1);
    expect(at({ from: '2027-01-01' })).toBeNull();
    expect(at({ from: '' })).toBeNull();
  });
  test('met asks for what the server has, on track may count own unsent ones', () => {
    const at = (done: number, mine: number) => figureOf({ ...first, done, mine }, pledge, civil(NOW))?.standing;
    expect([at(24, 0), at(23, 1), at(20, 1), at(20, 0)]).toEqual(['met', 'onTrack', 'onTrack', 'behind']);
  });
  test('not met exists only when the period is over', () => {
    const over = { ...pledge, from: '2025-01-01', to: '2025-12-31' };
    expect(figureOf({ ...first, done: 3 }, over, civil(NOW))?.standing).toBe('notMet');
  });
  test('a measure without a number, or without a tally, has no bar', () => {
    expect(figureOf({ ...first, target: { type: 'effort' } }, pledge, civil(NOW))).toBeNull();
    expect(figureOf({ ...first, done: null }, pledge, civil(NOW))).toBeNull();
  });
});

describe('sending', () => {
  const { sync } = snapshot();
  test('says why it waits and when it tries again', () => {
    expect(sendingWords({ ...sync, phase: 'waiting', waiting: { why: 'server', until: NOW + 40_000 } }, NOW)).toBe(
      'Nätet finns men servern svarar inte. Nytt försök om 40 sekunder. Du behöver inte vänta.',
    );
    expect(sendingWords({ ...sync, phase: 'waiting', waiting: { why: 'busy', until: NOW + 180_000 } }, NOW)).toContain(
      'Nytt försök om 3 min.',
    );
    expect(sendingWords({ ...sync, phase: 'offline' }, NOW)).toContain('skickas när nätet är tillbaka');
  });
  test('says of a network that wants a sign-in what to do, and says it once to those who listen', () => {
    const portal = { ...sync, phase: 'offline', waiting: { why: 'portal', until: NOW } } as const;
    const words = 'Nätet vill att du loggar in först. Allt är kvar i telefonen.';
    expect(sendingWords(portal, NOW)).toBe(words);
    expect([announce(sync, portal), announce(portal, portal)]).toEqual([words, '']);
  });
  test('says room in the phone as people do', () => {
    expect([bytes(14_000_000), bytes(2_000_000_000)]).toEqual(['14 MB', '2 GB']);
  });
});
