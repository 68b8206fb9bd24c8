/**
 * A town for tests and for looking at screens: the five measures of the founding promise, once without numbers as it was written
 * and once with, and a server of them that answers what the API document says. Never part of what is built.
 */
import type { DeskEntry, EntriesReply, FollowUp, HistoryReply, MeasureFigures, Me } from '../../api/desk';

const id = (n: number): string => `0192f3c4-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const MEASURES = [1, 2, 3, 4, 5].map(id);
export const ENTRY = id(101);
/** Monday 23 November 2026, 08.10 in Sweden. */
export const NOW = Date.UTC(2026, 10, 23, 7, 10);

export const ME: Me = {
  account: id(900),
  name: 'Kim Exempel',
  role: 'coordinator',
  party: 'municipality',
  town: { id: id(901), name: 'Munkfors', slug: 'munkfors' },
};

const PARTIES = [
  { slug: 'police', sv: 'Polisen', en: 'The police' },
  { slug: 'municipality', sv: 'Kommunen', en: 'The municipality' },
];

const KINDS: EntriesReply['kinds'] = {
  foot_patrol: { sv: 'Fotpatrull', en: 'Foot patrol', icon: 'footprints' },
  andt_prevention: { sv: 'ANDT, förebyggande', en: 'ANDT prevention', icon: 'megaphone' },
  safety_walk: { sv: 'Trygghetsvandring', en: 'Safety walk', icon: 'route' },
  andt_intervention: { sv: 'ANDT, insats', en: 'ANDT intervention', icon: 'shield-check' },
  youth_collaboration: { sv: 'Unga i riskzon', en: 'Youth at risk', icon: 'handshake' },
};
const PLACES = { [id(201)]: 'Torget', [id(202)]: 'Busstationen', [id(203)]: 'Skolgården', [id(204)]: 'Parken' };

type Row = [
  title: string,
  short: string,
  kind: string,
  responsible: string[],
  months: number[],
  parties: [string, number][],
  min: number,
  expected: number,
];
const ROWS: Row[] = [
  [
    'Fotpatrullering och kontaktskapande med allmänheten i centrum',
    'Fotpatrull i centrum',
    'foot_patrol',
    ['police'],
    [1, 2, 2, 3, 3, 2, 0, 2, 1, 2, 3],
    [
      ['police', 13],
      ['joint', 8],
    ],
    24,
    21,
  ],
  [
    'ANDT-förebyggande arbete',
    'ANDT-förebyggande arbete',
    'andt_prevention',
    ['police', 'municipality'],
    [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1],
    [
      ['joint', 4],
      ['municipality', 3],
    ],
    8,
    7,
  ],
  [
    'Trygghetsvandring med olika aktörer',
    'Trygghetsvandring',
    'safety_walk',
    ['municipality'],
    [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1],
    [['joint', 2]],
    2,
    1,
  ],
  [
    'Insatser mot ANDT(Alkohol, Narkotika, Doping och Tobak)-relaterad brottslighet',
    'Insatser mot ANDT-brott',
    'andt_intervention',
    ['police'],
    [0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1],
    [
      ['police', 5],
      ['joint', 1],
    ],
    10,
    8,
  ],
  [
    'Ökad samverkan kring ungdomar i riskzonen',
    'Samverkan unga i riskzon',
    'youth_collaboration',
    ['police', 'municipality'],
    [1, 1, 1, 1, 1, 1, 0, 1, 1, 2, 1],
    [['joint', 11]],
    0,
    0,
  ],
];

const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);

function measure([title, short, kind, responsible, months, parties, min, expected]: Row, i: number): MeasureFigures {
  const done = sum(months);
  const all = Array.from({ length: 12 }, (_, m) => ({
    month: `2026-${String(m + 1).padStart(2, '0')}`,
    done: months[m] ?? 0,
    future: m > 10,
  }));
  const base = {
    e: MEASURES[i] ?? '',
    title,
    short,
    responsible,
    condition: kind === 'andt_intervention' && min > 0 ? 'om underrättelseläget medger' : '',
    kinds: [kind],
    increase: kind === 'youth_collaboration',
    done,
    months: all,
    parties: parties.map(([party, n]) => ({ party, done: n })),
  };
  if (min === 0)
    return { ...base, target: { type: 'effort' }, ...(base.increase && { verdict: 'unmeasurable' as const }) };
  const verdict = done >= min ? 'met' : done >= expected ? 'on_track' : 'behind';
  return { ...base, target: { type: 'count', min, per: 'year' }, expected, verdict };
}

/** The figures: as the founding promise has it, without a number anywhere, or with numbers as a later one may. */
export function figures(as: 'effort' | 'count' = 'effort', more: Partial<FollowUp> = {}): FollowUp {
  const measures = ROWS.map((row, i) =>
    measure(as === 'count' ? row : ([...row.slice(0, 6), 0, 0] as unknown as Row), i),
  );
  const year = { n: 1, from: '2026-01-01', to: '2026-12-31' };
  return {
    town: ME.town,
    pledge: {
      e: id(1000),
      title: 'Medborgarlöfte Munkfors 2026–2027',
      intro:
        'Samverkan mellan polis och kommun är en nödvändighet för att kunna arbeta effektivt med brottsförebyggande arbete.\n\nMedborgarlöften är en del av polismyndighetens nya styrning och innebär att den lokala problembilden ska vara utgångspunkt för de mål som polisen arbetar med lokalt.',
      situation_picture:
        'En enkätundersökning från 2014/2015 visade på att man ville ha en mer synlig och närvarande polis i Munkfors samt att man ville att polisen och kommunen skulle fokusera sitt arbete mot droganvändandet bland unga.',
      promise:
        'Polisen och Munkfors kommun lovar att under två (2) år aktivt och tillsammans jobba för att motverka droganvändningen bland unga samt fokusera på en ökad trygghet och ett välbefinnande för alla i Munkfors.',
      time_frame:
        'Medborgarlöftet med dess aktiviteter pågår från och med tecknandet av medborgarlöftet och två år framåt',
      follow_up:
        'Medborgarlöftets resultat ska årligen följas upp i Folkhälsorådet genom en fortlöpande redovisning av antalet genomförda aktiviteter.',
      source: 'Medborgarlöften i Munkfors, polisen.se, 2017',
      signed_on: '2025-12-12',
      from: '2026-01-01',
      to: '2027-12-31',
      forum: 'Folkhälsorådet',
      cadence: 'year',
      surveys: ['Drogvaneundersökning i årskurs 9, vartannat år', 'ELSA-undersökning'],
    },
    year,
    years: [year, { n: 2, from: '2027-01-01', to: '2027-12-31' }],
    parties: PARTIES,
    measures,
    entries: sum(measures.map((m) => m.done)),
    head: { epoch: id(2000), seq: 60, chain: 'a'.repeat(64) },
    now: NOW,
    received: NOW - 12 * 60_000,
    silent: 0,
    ...more,
  };
}

/** A town where nothing has been done, with or without a pledge. */
export function fresh(pledge: boolean): FollowUp {
  const f = figures('effort', { received: null, entries: 0 });
  if (!pledge) return { ...f, pledge: null, years: [], measures: [], year: { n: 0, from: '', to: '' } };
  const none = f.measures.map((m) => ({
    ...m,
    done: 0,
    parties: [],
    months: m.months.map((x) => ({ ...x, done: 0 })),
  }));
  return { ...f, measures: none };
}

const entry = (
  n: number,
  kind: string,
  at: string,
  minutes: number,
  place: string,
  parties: string[],
  flags: DeskEntry['flags'] = [],
): DeskEntry => ({
  e: id(100 + n),
  kind,
  started_at: at,
  minutes,
  number: 1,
  place,
  parties,
  flags,
  seq: 60 - n,
});
const [TORGET = '', BUSS = '', SKOLA = '', PARK = ''] = Object.keys(PLACES);
const BOTH = ['municipality', 'police'];
const ENTRIES: DeskEntry[] = [
  entry(1, 'foot_patrol', '2026-11-20T21:10', 45, TORGET, ['police'], ['edited']),
  entry(2, 'youth_collaboration', '2026-11-18T10:00', 90, '', BOTH),
  entry(3, 'andt_prevention', '2026-11-17T18:00', 75, SKOLA, BOTH),
  entry(4, 'safety_walk', '2026-11-17T16:30', 135, TORGET, BOTH, ['conflict']),
  entry(5, 'foot_patrol', '2026-11-16T16:05', 25, PARK, ['police'], ['parked']),
  entry(6, 'andt_intervention', '2026-11-13T22:00', 120, BUSS, ['police']),
  entry(7, 'foot_patrol', '2026-11-06T20:20', 60, BUSS, BOTH),
  entry(8, 'foot_patrol', '2026-10-23T20:40', 50, TORGET, BOTH, ['late']),
  entry(9, 'andt_prevention', '2026-10-22T13:00', 60, SKOLA, ['municipality'], ['voided']),
  entry(10, 'foot_patrol', '2026-10-09T22:10', 40, TORGET, ['police'], ['edited', 'late']),
];

/** A page of entries as the server makes it of a query; `pages` is how many there are of the same. */
export function entries(query: URLSearchParams, pages = 1): EntriesReply {
  const has = (name: string, v: string) => !query.get(name) || query.get(name) === v;
  const kind = ROWS[MEASURES.indexOf(query.get('measure') ?? '')]?.[2];
  const hits = ENTRIES.filter(
    (e) =>
      (!kind || e.kind === kind) &&
      has('kind', e.kind) &&
      (!query.get('month') || e.started_at.startsWith(query.get('month') ?? '')) &&
      has('party', e.parties.length > 1 ? 'joint' : (e.parties[0] ?? '')) &&
      (query.get('counted') === 'false' || !e.flags.includes('voided')),
  );
  const many = Array.from({ length: pages }, (_, p) =>
    hits.map((e, i) => (p === 0 ? e : { ...e, e: id(5000 + p * 100 + i), flags: [] })),
  ).flat();
  const from = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? 100);
  const counted = many.filter((e) => !e.flags.includes('voided')).length;
  return {
    total: counted,
    entries: many.slice(from, from + limit),
    parties: PARTIES,
    kinds: KINDS,
    places: PLACES,
    ...(from + limit < many.length && { next: String(from + limit) }),
  };
}

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

/** The catalogue, as it comes among the changes. */
export const CHANGES = {
  ents: [
    {
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
  ],
  erased: [],
  next: 'c1',
  more: false,
  head: { epoch: id(2000), seq: 60, chain: 'a'.repeat(64) },
  safe: 0,
  now: NOW,
};

/** A problem document. */
export const problem = (status: number, code: string, sv = 'Något hände.', en = 'Something happened.') => ({
  type: `/problems/${code}`,
  title: code,
  status,
  sv,
  en,
});
