/** One entry of the town of testkit.ts with all that happened to it, and the catalogue that words it. Never part of what is built. */
import type { HistoryReply } from '../../api/desk';
import { id } from './testkit';
import { PARK, TORGET } from './testkit-entries';

export const ENTRY = id(101);
const stamp = (ms: number): string => `${ms.toString(16).padStart(12, '0')}-0000`;
const at = (day: number, hour: number, minute: number): number => Date.UTC(2026, 10, day, hour - 1, minute);

/** A patrol that two people corrected without having seen each other's change, with one change set aside. */
export function history(conflict = true): HistoryReply {
  const [first, police, office, strange] = [ENTRY, id(301), id(302), id(303)];
  const head = (n: string, ms: number, v: string | number | string[]) => ({
    id: n,
    eff: stamp(ms),
    inc: id(700),
    n: 1,
    v,
  });
  const line = (
    seq: number,
    n: string,
    saved: number,
    received: number,
    role: string,
    party: string,
    set: object,
    base: object = {},
  ) => ({
    seq,
    received,
    standing: 'folded' as const,
    id: n,
    hlc: stamp(saved),
    by: id(600),
    role,
    party,
    carrier_same: true,
    late: false,
    ev: {
      base,
      by: id(600),
      cat: 1,
      e: first,
      hlc: stamp(saved),
      id: n,
      inc: id(700),
      n: 1,
      off: null,
      set,
      town: id(901),
      v: 1,
      ...(n === first && { new: {} }),
    },
  });
  const set = {
    started_at: '2026-11-20T21:10+01:00',
    minutes: 40,
    place: TORGET,
    parties: ['police'],
    people_out: 2,
    contacts: '1-5',
  };
  const shown = { minutes: [first] };
  return {
    e: first,
    state: {
      e: first,
      seq: 60,
      st: {
        t: 'activity',
        kind: 'foot_patrol',
        parent: null,
        by: id(600),
        f: {
          ...Object.fromEntries(Object.entries(set).map(([f, v]) => [f, { h: [head(first, at(20, 21, 50), v)] }])),
          minutes: { h: [...(conflict ? [head(office, at(21, 8, 2), 60)] : []), head(police, at(21, 8, 15), 45)] },
        },
      },
      parked: [{ id: strange, why: 'right' }],
    },
    decisions: [],
    events: [
      line(51, first, at(20, 21, 50), at(20, 22, 3), 'field', 'police', set),
      line(52, office, at(21, 8, 2), at(21, 8, 2), 'coordinator', 'municipality', { minutes: 60 }, shown),
      line(53, police, at(21, 8, 15), at(21, 8, 15), 'field', 'police', { minutes: 45 }, shown),
      {
        ...line(54, strange, at(10, 9, 0), at(22, 9, 30), '', '', { place: PARK }, { place: [first] }),
        standing: 'parked',
        why: 'right',
        late: true,
        carrier_same: false,
      },
    ],
  };
}

const field = (f: string, as: string, sv: string, en: string, choices?: object[]) => ({
  f,
  as,
  sv: { label: sv },
  en: { label: en },
  ...(choices && { choices }),
});

/** The catalogue. */
export const CATALOG = {
  catalog: {
    e: id(3000),
    seq: 1,
    parked: [],
    st: {
      t: 'catalog',
      kind: null,
      parent: null,
      by: id(600),
      f: {
        'kind:foot_patrol': {
          h: [
            {
              id: id(3000),
              eff: stamp(1),
              inc: id(700),
              n: 1,
              v: JSON.stringify({
                sv: { name: 'Fotpatrull' },
                en: { name: 'Foot patrol' },
                icon: 'footprints',
                sight: 'own',
                order: 1,
                fields: [
                  { f: 'started_at', as: 'moment' },
                  { f: 'minutes', as: 'duration' },
                  { f: 'place', as: 'place' },
                  { f: 'parties', as: 'parties' },
                  field('people_out', 'count', 'Antal personer ute', 'People out'),
                  field('contacts', 'band', 'Kontakter', 'Contacts', [{ v: '1-5', sv: '1–5', en: '1–5' }]),
                ],
              }),
            },
          ],
        },
      },
    },
  },
};
