import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stampOf } from './clock';
import type { Event } from './event';
import { fold } from './merge';
import { cloneState, emptyState, type State } from './state';
import { permutations } from './permutations.testkit';

const ids = ['01', '02', '03', '04', '05', '06'];
const fields = ['a', 'b', 'c'];
const shown = fc.constantFrom(...ids, 'f0', 'f1'); // own, others', later ones, never seen
const write = fc.record({
  inc: fc.constantFrom('i1', 'i2'),
  n: fc.integer({ min: 1, max: 3 }),
  eff: fc.integer({ min: 0, max: 2 }),
  set: fc.dictionary(fc.constantFrom(...fields), fc.integer({ min: 0, max: 2 })),
  base: fc.dictionary(fc.constantFrom(...fields), fc.array(shown, { maxLength: 4 })),
});
const history = fc.array(write, { minLength: 1, maxLength: 6 }).map((writes) =>
  writes.map((w, i): Event => {
    const id = ids[i] ?? '';
    const base = Object.fromEntries(Object.entries(w.base).filter(([f]) => f in w.set));
    const rest = {
      by: 'by',
      cat: 0,
      off: null,
      town: 'town',
      v: 1,
      e: '01',
      id,
      inc: w.inc,
      n: w.n,
      hlc: stampOf(w.eff, 0),
    };
    return id === '01'
      ? { ...rest, base, set: w.set, new: { t: 'activity', kind: 'x', parent: null } }
      : { ...rest, base, set: w.set };
  }),
);

function foldAll(events: readonly Event[]): State {
  const state = emptyState();
  const done = new Set<string>();
  for (const e of events) {
    fold(state, e, e.hlc, (id) => done.has(id));
    done.add(e.id);
  }
  return state;
}

/** The declarative rule: a head is written, and named by nobody that is folded. */
function declared(events: readonly Event[]): Record<string, string[]> {
  const named = (f: string, id: string) => events.some((e) => e.base[f]?.includes(id));
  const written = new Set(events.flatMap((e) => Object.keys(e.set)));
  const heads = (f: string) => events.filter((e) => f in e.set && !named(f, e.id)).map((e) => e.id);
  return Object.fromEntries([...written].map((f) => [f, heads(f).sort()]));
}

const headsOf = (s: State) => Object.fromEntries(Object.entries(s.f).map(([f, r]) => [f, r.h.map((h) => h.id).sort()]));

it('every order of up to six events gives one state, and its heads are those that are written and named by nobody', () => {
  fc.assert(
    fc.property(history, (events) => {
      const first = foldAll(events);
      expect(headsOf(first)).toEqual(declared(events));
      for (const order of permutations(events)) expect(foldAll(order)).toEqual(first);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('any subset gives the heads of that subset, so that parking and releasing need no more than a fold', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 63 }), (events, mask) => {
      const folded = events.filter((_, i) => mask & (1 << i));
      const parked = events.filter((_, i) => !(mask & (1 << i)));
      expect(headsOf(foldAll(folded))).toEqual(declared(folded));
      expect(foldAll([...folded, ...parked])).toEqual(foldAll(events));
    }),
  );
});

it('a copy that is folded onto leaves the state it was made of as it was', () => {
  fc.assert(
    fc.property(history, (events) => {
      const state = foldAll(events.slice(0, 1));
      const before = structuredClone(state);
      const copy = cloneState(state);
      for (const e of events.slice(1)) fold(copy, e, e.hlc, () => false);
      expect(state).toEqual(before);
    }),
  );
});

it('a person’s later write that was shown the earlier supersedes it, whatever the clocks say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 1e12 }), (early, late) => {
      const rest = { by: 'by', cat: 0, off: null, town: 'town', v: 1, e: '01', inc: 'i' };
      const a: Event = {
        ...rest,
        id: '01',
        n: 1,
        hlc: stampOf(early, 0),
        set: { x: 1 },
        base: {},
        new: { t: 't', kind: null, parent: null },
      };
      const b: Event = { ...rest, id: '02', n: 2, hlc: stampOf(late, 0), set: { x: 2 }, base: { x: ['01'] } };
      for (const order of [
        [a, b],
        [b, a],
      ])
        expect(foldAll(order).f.x?.h.map((h) => h.v)).toEqual([2]);
    }),
  );
});
