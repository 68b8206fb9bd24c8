import { describe, expect, it } from 'vitest';
import { promiseYear, readBook } from './book';
import { isOffered, registersOf } from './catalog';
import { fieldOf } from './register';
import { stampOf } from './clock';
import type { Value } from './event';
import type { Entity } from './log';

let n = 0;
function entity(t: string, fields: Record<string, Value>, parent: string | null = null): Entity {
  const e = `00000000-0000-7000-8000-${String((n += 1)).padStart(12, '0')}`;
  const f = Object.fromEntries(
    Object.entries(fields).map(([k, v]) => [k, { h: [{ id: e, eff: stampOf(1, 0), inc: 'i', n: 1, v }] }]),
  );
  return { e, seq: n, parked: [], st: { t, kind: null, parent, by: 'b', f } };
}
const kind = (more: object = {}) =>
  JSON.stringify({
    sv: { name: 'Fotpatrull' },
    en: { name: 'Foot patrol' },
    icon: 'footprints',
    sight: 'own',
    order: 2,
    fields: [],
    ...more,
  });

describe('the catalogue', () => {
  it('gives kinds in their order and skips what it cannot read', () => {
    const fields = [{ f: 'minutes', as: 'duration' }, { f: 'x', as: 'hologram' }, 7];
    const book = readBook([
      entity('catalog', {
        version: 4,
        'kind:b': kind(),
        'kind:a': kind({ order: 1, fields, later: true }),
        'kind:broken': '{',
        'kind:list': '[]',
        'kind:secret': kind({ sight: 'new' }),
        'kind:emptied': null,
        'party:police': '{"sv":"Polisen","en":"The police"}',
        'party:association': '{"sv":"Förening","en":"Association"}',
        parties: ['police'],
      }),
    ]);
    expect(book.version).toBe(4);
    expect(book.kinds.map((k) => k.slug)).toEqual(['a', 'b']);
    expect(book.kinds[0]?.fields).toEqual([
      { f: 'minutes', as: 'duration' },
      { f: 'x', as: 'other' },
    ]);
    expect(book.parties.map((p) => p.slug)).toEqual(['police', 'association']);
  });
});

describe('a kind of a catalogue', () => {
  const read = (fields: unknown[], more = {}) => {
    const [found] = readBook([entity('catalog', { version: 1, 'kind:a': kind({ fields, ...more }) })]).kinds;
    if (!found) throw new Error('the kind is not read');
    return found;
  };

  it('says what is no longer offered, of itself, its questions and its answers', () => {
    const found = read([{ f: 'mode', as: 'choice', until: 3, choices: [{ v: 'car', until: 2 }, { v: 'foot' }] }], {
      until: 4,
    });
    expect(found.until).toBe(4);
    expect(found.fields).toEqual([
      { f: 'mode', as: 'choice', until: 3, choices: [{ v: 'car', until: 2 }, { v: 'foot' }] },
    ]);
    expect([found, ...found.fields].map(isOffered)).toEqual([false, false]);
  });

  it('about youth at risk has nothing that can be written in, whatever it says', () => {
    const fields = [
      { f: 'meetings', as: 'count' },
      { f: 'note', as: 'text', max: 500 },
    ];
    expect(read(fields, { sight: 'restricted' }).fields.map((f) => f.f)).toEqual(['meetings']);
    expect(read(fields).fields.map((f) => f.f)).toEqual(['meetings', 'note']);
  });

  it('of a later app is lived with: a form it does not know, answers and words that are none', () => {
    const found = read([
      { f: 'drawing', as: 'canvas', need: true, choices: 'many', sv: 'Rita', brush: 3 },
      { f: 'mode', as: 'choice', choices: [{ v: 'foot' }, 'bike', null, { w: 'car' }] },
    ]);
    expect(found.fields).toEqual([
      { f: 'drawing', as: 'other', need: true },
      { f: 'mode', as: 'choice', choices: [{ v: 'foot' }] },
    ]);
  });

  it('has a register for each group that it counts', () => {
    const found = read([
      { f: 'groups', as: 'counts', choices: [{ v: 'residents' }, { v: 'youth' }] },
      { f: 'minutes', as: 'duration' },
    ]);
    expect(found.fields.flatMap(registersOf)).toEqual(['groups:residents', 'groups:youth', 'minutes']);
    expect(fieldOf(found, 'groups:youth')?.of?.v).toBe('youth');
    expect(fieldOf(found, 'minutes')?.field.as).toBe('duration');
    for (const none of ['groups', 'groups:other', 'minutes:one', 'x']) expect(fieldOf(found, none)).toBeUndefined();
  });
});

describe('the book', () => {
  it('has the pledge that begins last, its measures in order, and what was not taken back', () => {
    const old = entity('pledge', { title: 'old', from: '2015-01-01', to: '2016-12-31' });
    const now = entity('pledge', { title: 'now', from: '2017-01-01', to: '2018-12-31' });
    const second = entity('measure', { title: 'second', order: 2, kinds: ['a', 'b'], target: 'count', min: 12 }, now.e);
    const first = entity('measure', { title: 'first', order: 1, target: 'effort', responsible: ['police'] }, now.e);
    const other = entity('measure', { title: 'other' }, old.e);
    const gone = entity('measure', { title: 'gone', retracted: 'wrong' }, now.e);
    const places = [
      entity('place', { name: 'Park', order: 2, lat: 5983000, lon: null }),
      entity('place', { name: 'Torg', order: 1 }),
    ];
    const book = readBook([second, old, gone, now, other, first, ...places, { ...first, e: 'x', st: null }]);
    expect(book.pledge?.title).toBe('now');
    expect(book.measures.map((m) => m.title)).toEqual(['first', 'second']);
    expect(book.measures[1]).toMatchObject({ kinds: ['a', 'b'], target: { type: 'count', min: 12 } });
    expect(book.places.map((p) => [p.name, p.lat])).toEqual([
      ['Torg', null],
      ['Park', 59.83],
    ]);
  });
});

describe('the promise year', () => {
  const pledge = { from: '2025-07-01', to: '2027-06-30' };
  it.each([
    ['2025-01-01', 1, '2025-07-01', '2026-06-30'],
    ['2025-07-01', 1, '2025-07-01', '2026-06-30'],
    ['2026-06-30', 1, '2025-07-01', '2026-06-30'],
    ['2026-07-01', 2, '2026-07-01', '2027-06-30'],
    ['2029-01-01', 2, '2026-07-01', '2027-06-30'],
  ])('of %s is %i', (today, year, from, to) => expect(promiseYear(pledge, today)).toEqual({ year, from, to }));
  it('ends with the pledge', () =>
    expect(promiseYear({ from: '2025-01-01', to: '2025-05-31' }, '2025-03-01')).toEqual({
      year: 1,
      from: '2025-01-01',
      to: '2025-05-31',
    }));
});
