/** The entries of the town of testkit.ts, filtered and paged as the server does it. Never part of what is built. */
import type { DeskEntry, EntriesReply } from '../../api/desk';
import { id, MEASURES, PARTIES, ROWS } from './testkit';

const KINDS: EntriesReply['kinds'] = {
  foot_patrol: { sv: 'Fotpatrull', en: 'Foot patrol', icon: 'footprints' },
  andt_prevention: { sv: 'ANDT, förebyggande', en: 'ANDT prevention', icon: 'megaphone' },
  safety_walk: { sv: 'Trygghetsvandring', en: 'Safety walk', icon: 'route' },
  andt_intervention: { sv: 'ANDT, insats', en: 'ANDT intervention', icon: 'shield-check' },
  youth_collaboration: { sv: 'Unga i riskzon', en: 'Youth at risk', icon: 'handshake' },
};
export const PLACES = { [id(201)]: 'Torget', [id(202)]: 'Busstationen', [id(203)]: 'Skolgården', [id(204)]: 'Parken' };

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
export const [TORGET = '', BUSS = '', SKOLA = '', PARK = ''] = Object.keys(PLACES);
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
