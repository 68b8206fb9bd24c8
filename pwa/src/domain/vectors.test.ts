import { describe, expect, it } from 'vitest';
import { stampOf } from './clock';
import { decode, encode, type Event, isKnown, type Value } from './event';
import { fold } from './merge';
import { emptyState, isConflict, isRetracted, own, type State, valueOf } from './state';
import { permutations } from './permutations.testkit';
import { standsFor } from './place';

type Doc = { name: string; ev?: string; b64?: string; fill?: number; later?: boolean };
type Compact = Pick<Event, 'id' | 'inc' | 'n' | 'set'> & Partial<Pick<Event, 'base' | 'new'>> & { eff: number };
type Field = { heads: string[]; dead: string[]; shown: Value; conflict: boolean };
type Case = {
  name: string;
  events: Compact[];
  orders: 'all' | string[][];
  state: Record<string, Field>;
  born: boolean;
  retracted: boolean;
};

const files = <T>(glob: Record<string, unknown>) =>
  Object.entries(glob).map(([path, rows]) => [path.replace(/.*\//, ''), rows as T[]] as const);
const canon = new Map(
  files<Doc>(import.meta.glob('../../../docs/api/vectors/canon/*.json', { eager: true, import: 'default' })),
);
const folds = files<Case>(
  import.meta.glob('../../../docs/api/vectors/fold/*.json', { eager: true, import: 'default' }),
);

type Same = { name: string; same_as: Record<string, string | null>; stands_for: Record<string, string> };
const places = files<Same>(
  import.meta.glob('../../../docs/api/vectors/places/*.json', { eager: true, import: 'default' }),
);

const bytesOf = (doc: Doc): string | Uint8Array =>
  doc.b64 === undefined
    ? (doc.ev ?? '').replace('@', 'x'.repeat(doc.fill ?? 1))
    : Uint8Array.from(atob(doc.b64), (c) => c.charCodeAt(0));

describe('a valid document is read, and spelled the same again:', () => {
  it.each(canon.get('valid.json') ?? [])('$name', (doc) => {
    const event = decode(bytesOf(doc));
    expect(isKnown(event)).toBe(doc.later !== true);
    if (isKnown(event)) expect(encode(event)).toBe(bytesOf(doc));
    expect(decode(new TextEncoder().encode(bytesOf(doc) as string))).toEqual(event);
  });
});

describe('an invalid document is refused:', () => {
  it.each(canon.get('invalid.json') ?? [])('$name', (doc) => {
    expect(() => decode(bytesOf(doc))).toThrow(expect.objectContaining({ name: 'Malformed' }) as Error);
  });
});

const long = (short: string) => `00000000-0000-7000-8000-0000000000${short}`;
const short = (id: string) => id.slice(-2);

function expand(c: Compact): Event {
  const base = Object.entries(c.base ?? {}).map(([f, ids]) => [f, ids.map(long)] as const);
  const rest = { by: long('99'), cat: 0, hlc: stampOf(c.eff, 0), off: null, town: long('98'), v: 1 };
  const event = {
    ...rest,
    base: Object.fromEntries(base),
    e: long('01'),
    id: long(c.id),
    inc: long(c.inc),
    n: c.n,
    set: c.set,
  };
  return decode(encode(c.new ? { ...event, new: c.new } : event)) as Event;
}

function foldInOrder(c: Case, order: string[]): State {
  const state = emptyState();
  const done = new Set<string>();
  for (const id of order) {
    const compact = c.events.find((e) => e.id === id);
    if (!compact) throw new Error(`${c.name}: no event ${id}`);
    fold(state, expand(compact), stampOf(compact.eff, 0), (shown) => done.has(shown));
    done.add(long(id));
  }
  return state;
}

function summary(s: State): Record<string, Field> {
  const fields = Object.entries(s.f).map(([name, r]): [string, Field] => [
    name,
    {
      heads: r.h.map((h) => short(h.id)),
      dead: (r.d ?? []).map(short),
      shown: valueOf(s, name),
      conflict: isConflict(r),
    },
  ]);
  return Object.fromEntries(fields);
}

describe.each(folds)('fold, %s:', (_file, cases) => {
  it.each(cases)('$name', (c) => {
    const orders = c.orders === 'all' ? permutations(c.events.map((e) => e.id)) : c.orders;
    for (const order of orders) {
      const state = foldInOrder(c, order);
      expect({ order, state: summary(state) }).toEqual({ order, state: c.state });
      expect([state.t !== '', isRetracted(state)]).toEqual([c.born, c.retracted]);
      expect(own(state.f, 'nothing')).toBeUndefined();
    }
  });
});

it('there are at least 50 cases of the fold and 100 of the spelling', () => {
  expect(folds.flatMap(([, cases]) => cases).length).toBeGreaterThanOrEqual(50);
  expect([...canon.values()].flat().length).toBeGreaterThanOrEqual(100);
});

describe('which place a place stands for:', () => {
  it.each(places.flatMap(([, cases]) => cases))('$name', ({ same_as, stands_for }) => {
    const all = Object.entries(same_as).map(([e, to]) => ({ e: long(e), ...(to !== null && { sameAs: long(to) }) }));
    const shown = Object.keys(stands_for).map((e) => [e, short(standsFor(all, long(e)))]);
    expect(Object.fromEntries(shown)).toEqual(stands_for);
  });
});
