import { describe, expect, it } from 'vitest';
import { stampOf } from './clock';
import { encode, type Event, type Value } from './event';
import type { Entity } from './log';
import { isUncounted, lay, numberOf, type OwnEvent, readEntry, readRow, type Row } from './row';
import { emptyState, valueOf } from './state';
import { fold } from './merge';

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ME = uuid(90);
const E = uuid(1);

function event(n: number, set: Record<string, Value>, base: Record<string, string[]> = {}): Event {
  const first = n === 1 ? { new: { t: 'activity', kind: 'foot_patrol', parent: null } } : {};
  return {
    base,
    by: ME,
    cat: 1,
    e: E,
    hlc: stampOf(n * 1000, 0),
    id: uuid(n),
    inc: uuid(80),
    n,
    off: null,
    set,
    town: uuid(70),
    v: 1,
    ...first,
  };
}
function own(e: Event, more: Partial<Row> = {}): OwnEvent {
  const bytes = encode(e);
  const row: Row = {
    id: e.id,
    e: E,
    inc: e.inc,
    n: e.n,
    bytes,
    seal: 'none',
    state: 'unsent',
    seq: null,
    why: null,
    again: false,
    answered: null,
    tries: 0,
    error: null,
    savedAt: e.n,
    ...more,
  };
  return readRow(row);
}
function cached(seq: number, events: Event[], parked: Entity['parked'] = []): Entity {
  const st = emptyState();
  const done = new Set<string>();
  for (const e of events) {
    fold(st, e, e.hlc, (id) => done.has(id));
    done.add(e.id);
  }
  return { e: E, seq, st, parked };
}
const first = event(1, { minutes: 30, started_at: '2026-11-20T21:10+01:00' });
const second = event(2, { minutes: 40 }, { minutes: [uuid(1)] });
const minutes = (entity: Entity | undefined, rows: OwnEvent[]) => {
  const state = lay(entity, rows);
  return state && valueOf(state, 'minutes');
};

describe('own events are laid over the cached state', () => {
  it('when there is no state yet', () => expect(minutes(undefined, [own(second), own(first)])).toBe(40));
  it('when they have no seq', () => expect(minutes(cached(5, [first]), [own(second)])).toBe(40));
  it('when their seq is above the state’s', () =>
    expect(minutes(cached(5, [first]), [own(second, { state: 'ok', seq: 6 })])).toBe(40));
  it('when the server has them parked', () =>
    expect(
      minutes(cached(9, [first], [{ id: uuid(2), why: 'right' }]), [own(second, { state: 'parked', seq: 6 })]),
    ).toBe(40));
  it('and not when the state holds them already', () =>
    expect(lay(cached(6, [first, second]), [own(second, { state: 'ok', seq: 6 })])?.f.minutes?.h).toHaveLength(1));
  it('and not when they are offered again and not answered', () => {
    const again = own(second, { again: true, answered: 1 });
    expect(lay(cached(6, [first, second]), [again])?.f.minutes?.h).toHaveLength(1);
    expect(minutes(undefined, [own(first, { again: true }), again])).toBe(40);
  });
  it('and not when they came from a file and are not answered, since the state may hold what superseded them', () => {
    const third = event(3, { minutes: 50 }, { minutes: [second.id] });
    const carried = own(second, { carriedIn: 1 });
    expect(lay(cached(7, [first, second, third]), [carried])?.f.minutes?.h).toHaveLength(1);
    expect(minutes(undefined, [own(first, { carriedIn: 1 }), carried])).toBe(40);
  });
  it('and the cached state stays as it was', () => {
    const entity = cached(5, [first]);
    const before = structuredClone(entity);
    lay(entity, [own(second)]);
    expect(entity).toEqual(before);
  });
  it('and nothing shows without the first event', () => expect(lay(undefined, [own(second)])).toBeNull());
});

describe('the word an entry shows', () => {
  const word = (entity: Entity | undefined, rows: OwnEvent[]) => {
    const entry = readEntry(E, entity, rows, ME);
    return [entry?.state, entry?.why];
  };
  it.each([
    [{ state: 'unsent' }, 'saved', undefined],
    [{ state: 'sending' }, 'sending', undefined],
    [{ state: 'ok', seq: 5 }, 'received', undefined],
    [{ state: 'parked', seq: 5, why: 'future' }, 'flagged', 'future'],
    [{ state: 'refused', why: 'town' }, 'action', 'town'],
  ] as const)('%o shows %s', (row, state, why) => expect(word(undefined, [own(first, row)])).toEqual([state, why]));
  it('is the one that needs a person most', () =>
    expect(
      word(undefined, [own(first, { state: 'ok', seq: 3 }), own(second, { state: 'refused', why: 'malformed' })]),
    ).toEqual(['action', 'malformed']));
  it('follows the server when a parked event was released, or a folded one parked', () => {
    expect(word(cached(9, [first]), [own(first, { state: 'parked', seq: 5, why: 'right' })])).toEqual([
      'received',
      undefined,
    ]);
    expect(word(cached(9, [first], [{ id: uuid(1), why: 'revoked' }]), [own(first, { state: 'ok', seq: 5 })])).toEqual([
      'flagged',
      'revoked',
    ]);
  });
  it('an erased entity is no entry', () =>
    expect(
      readEntry(
        E,
        { e: E, seq: 9, st: null, parked: [], flags: ['erased'] },
        [own(first, { state: 'ok', seq: 5 })],
        ME,
      ),
    ).toBeNull());
});

describe('an own activity adds to the tally', () => {
  const tally = { at: 100, from: '2026-01-01', to: '2026-12-31' };
  const adds = (rows: OwnEvent[], entity?: Entity) => {
    const entry = readEntry(E, entity, rows, ME);
    return entry !== null && isUncounted(entry, rows, tally);
  };
  it('without a seq, or with one above the tally’s', () => {
    expect(adds([own(first)])).toBe(true);
    expect(adds([own(first, { state: 'ok', seq: 101 })])).toBe(true);
    expect(adds([own(first, { state: 'ok', seq: 100 })])).toBe(false);
  });
  it('unless it was taken back, refused, parked, a double, undated or of another year', () => {
    expect(adds([own(first), own(event(2, { retracted: 'undo' }))])).toBe(false);
    expect(adds([own(first, { state: 'refused' })])).toBe(false);
    expect(adds([own(first, { state: 'parked', seq: 101, why: 'future' })])).toBe(false);
    expect(adds([own(event(1, { started_at: '2026-11-20T21:10+01:00', dup_of: uuid(0) }))])).toBe(false);
    expect(adds([own(event(1, {}))])).toBe(false);
    expect(adds([own(event(1, { started_at: '2025-12-31T21:10+01:00' }))])).toBe(false);
  });
  it.each([
    ['2025-12-31T23:59+01:00', false],
    ['2026-01-01T00:00+01:00', true],
    ['2026-10-25T02:30+02:00', true], // the hour that comes twice
    ['2026-10-25T02:30+01:00', true],
    ['2026-12-31T23:59+01:00', true], // and goes on past midnight
    ['2026-12-31T23:30Z', false], // by a phone in another zone: it is next year here
  ])('by the towns’ day that it began: %s %s', (started_at, counts) =>
    expect(adds([own(event(1, { started_at, minutes: 90 }))])).toBe(counts),
  );
  it('and a correction of an older entry does not', () => expect(adds([own(second)], cached(5, [first]))).toBe(false));
  it('counts as its meetings where it has some', () => {
    expect(numberOf({ values: {} })).toBe(1);
    expect(numberOf({ values: { meetings: 4 } })).toBe(4);
    expect(numberOf({ values: { meetings: -1 } })).toBe(0);
  });
});

it('a row that cannot be read is kept and shows nothing', () => {
  const broken = readRow({ ...own(first).row, bytes: '{"v":2}' });
  expect(broken.event).toBeNull();
  expect(readEntry(E, undefined, [broken], ME)).toBeNull();
});
