/**
 * A town for tests and for looking at screens: the five measures of the founding promise, once without numbers as it was written
 * and once with, and a server of them that answers what the API document says. Never part of what is built.
 */
import type { FollowUp, MeasureFigures, Me } from '../../api/desk';

export const id = (n: number): string => `0192f3c4-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const MEASURES = [1, 2, 3, 4, 5].map(id);
/** Monday 23 November 2026, 08.10 in Sweden. */
export const NOW = Date.UTC(2026, 10, 23, 7, 10);

export const ME: Me = {
  account: id(900),
  name: 'Kim Exempel',
  role: 'coordinator',
  party: 'municipality',
  town: { id: id(901), name: 'Munkfors', slug: 'munkfors' },
};

export const PARTIES = [
  { slug: 'police', sv: 'Polisen', en: 'The police' },
  { slug: 'municipality', sv: 'Kommunen', en: 'The municipality' },
];

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
export const ROWS: Row[] = [
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

/** A problem document. */
export const problem = (status: number, code: string, sv = 'Något hände.', en = 'Something happened.') => ({
  type: `/problems/${code}`,
  title: code,
  status,
  sv,
  en,
});
