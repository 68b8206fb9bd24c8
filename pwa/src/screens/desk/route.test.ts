import { describe, expect, it } from 'vitest';
import { change, read, to, type Filter } from './route';

const FILTERS: Filter[] = [
  {},
  { measure: 'm 1/å' },
  { kind: 'foot_patrol', year: 2 },
  { measure: 'm1', kind: 'k', year: 1, month: '2026-11', party: 'joint', counted: false },
];

describe('addresses', () => {
  it.each(FILTERS)('bring a filter there and back: %j', (filter) => {
    expect(read(to.entries(filter))).toEqual({ at: 'entries', filter });
  });

  it('bring every page there and back', () => {
    expect(read(to.overview())).toEqual({ at: 'overview' });
    expect(read(to.overview(2))).toEqual({ at: 'overview', year: 2 });
    expect(read(to.measure('a/b', 1))).toEqual({ at: 'measure', e: 'a/b', year: 1 });
    expect(read(to.entry('e1'))).toEqual({ at: 'entry', e: 'e1' });
    expect(read(to.promise)).toEqual({ at: 'promise' });
    expect(read(to.people())).toEqual({ at: 'people' });
    expect(read(to.people('a b'))).toEqual({ at: 'people', who: 'a b' });
    expect(read(to.attention('gap:x:4'))).toEqual({ at: 'attention', item: 'gap:x:4' });
  });

  it('leave out what cannot be meant', () => {
    expect(read('/desk/entries?year=0&month=2026-13&counted=true&other=1')).toEqual({ at: 'entries', filter: {} });
    expect(read('/desk/?year=many')).toEqual({ at: 'overview' });
  });

  it.each(['/desk/nope', '/desk/measure/', '/desk/entries/x', '/desk/entry/a/b', '/desk/entry/%E0%A4%A'])(
    'lead nowhere: %s',
    (address) => {
      expect(read(address)).toEqual({ at: 'nowhere' });
    },
  );

  it('change a part of a filter and take another away', () => {
    expect(change({ year: 1, month: '2026-11' }, { month: '', party: 'police' })).toEqual({ year: 1, party: 'police' });
  });
});
