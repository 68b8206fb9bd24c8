/** What is told of an entry beyond its row on home: what its fields are called, why it stands as it does, and its day. */
import type { Entry, FieldApp, FieldKind, Kind, NewPlace, Place, Snapshot } from '../../domain/app';
import { registersOf } from '../../domain/catalog';
import { placeOf } from '../../domain/place';
import { fieldOf } from '../../domain/register';
import { civil, DAY, dayLong, inLanguage, inside, isoDay, weekday, word, type Civil } from '../../text';
import { tm } from '../../text/more';
import { beganAt, kindOf, measureOf, ownOf, valueWords } from './entries';
import type { Values } from './form';
import { ofWords } from './figures';

/** The fields that are only a number or a date to a reader carry their own words; see the labels of the app. */
const OWN = new Set(['started_at', 'minutes', 'place', 'parties', 'people_out', 'contacts', 'topics', 'note'] as const);
type Own = typeof OWN extends Set<infer T> ? T : never;

/** What a field is called: by the catalogue, else by the app. */
export function fieldName(f: FieldKind): string {
  return word(f, 'label') ?? (OWN.has(f.f as Own) ? tm(`f.${f.f as Own}`) : tm('f.other'));
}

/** What a field is called beside its value: shorter than the question. */
export function fieldShort(f: FieldKind): string {
  return word(f, 'short') ?? word(f, 'label') ?? (OWN.has(f.f as Own) ? tm(`n.${f.f as Own}`) : tm('f.other'));
}

/** What the answers of some fields say, those that have any: "Kontakter" "1–5", "Deltagare" "16 (boende 14, polisen 2)". */
export function toldOf(
  s: Snapshot,
  fields: readonly FieldKind[],
  values: Values,
): { f: string; name: string; words: string }[] {
  return fields.flatMap((f) => {
    const words = f.as === 'counts' ? countsWords(f, values) : valueWords(s, f, values[f.f]);
    return words ? [{ f: f.f, name: fieldShort(f), words }] : [];
  });
}

function countsWords(f: FieldKind, values: Values): string {
  const some = registersOf(f).flatMap((r) => {
    const n = Number(values[r] ?? 0);
    const of = f.choices?.find((c) => typeof c === 'object' && `${f.f}:${c.v}` === r);
    return n > 0 && typeof of === 'object' ? [{ n, name: inLanguage(of) ?? of.v }] : [];
  });
  if (some.length === 0) return '';
  const list = some.map(({ n, name }) => tm('counts.one', { name: inside(name), n })).join(', ');
  return tm('counts.list', { n: some.reduce((sum, { n }) => sum + n, 0), list });
}

/** All that an entry says, in the order of the catalogue. What the catalogue does not know comes last: nothing is hidden. */
export function allTold(
  s: Snapshot,
  kind: Kind | undefined,
  values: Values,
): { f: string; name: string; words: string }[] {
  const fields = kind?.fields ?? [];
  const known = new Set(fields.flatMap(registersOf).concat('retracted', 'dup_of'));
  const rest = Object.keys(values).filter((r) => !known.has(r));
  return [
    ...toldOf(s, fields, values),
    ...toldOf(
      s,
      rest.map((f): FieldKind => ({ f, as: OWN_AS[f] ?? 'other' })),
      values,
    ),
  ];
}

/** A register by the catalogue, or as one that it does not know: what it is called, and its field. */
export function registerOf(kind: Kind | undefined, register: string): { field: FieldKind; name: string } {
  const found = fieldOf(kind, register);
  if (!found) {
    const field: FieldKind = { f: register, as: OWN_AS[register] ?? 'other' };
    return { field, name: fieldShort(field) };
  }
  const name = fieldShort(found.field);
  return {
    field: found.field,
    name: found.of ? tm('counts.of', { name, of: inside(inLanguage(found.of) ?? found.of.v) }) : name,
  };
}

/** Fields that mean the same in every kind, and in none. */
const OWN_AS: Record<string, FieldKind['as']> = {
  started_at: 'moment',
  minutes: 'duration',
  place: 'place',
  parties: 'parties',
};

const REASONS = [
  'waiting',
  'version',
  'type',
  'kind',
  'right',
  'revoked',
  'inc',
  'future',
  'guard',
  'link',
  'malformed',
  'too-large',
  'town',
  'other-bytes',
] as const;

/** Why an entry stands as it does, in words. */
export function whyWords(why: string | undefined): string {
  const known = REASONS.find((r) => r === why);
  if (why === 'envelope' || why === 'seal') return tm('why.malformed');
  return tm(known ? `why.${known}` : 'why.other');
}

/** The line below an entry: why it waits for someone, or what it counts toward. */
export function moreOf(s: Snapshot, entry: Entry): string | undefined {
  if (entry.state === 'flagged' || entry.state === 'action') return whyWords(entry.why);
  if (entry.retracted !== null) return undefined;
  const m = measureOf(s, entry.kind);
  if (!m) return tm('counts.none');
  if (m.target.min === undefined || m.done === null) return tm('counts.only', { measure: m.short });
  return entry.state === 'received'
    ? tm('counts.toward', { measure: m.short, figure: ofWords(m.done, m.target.min) })
    : tm('counts.willBe', { measure: m.short, figure: ofWords(m.done + m.mine, m.target.min) });
}

/** What a list of places may do: propose one, and take that back. */
export const placing = (app: FieldApp) => ({
  onpropose: (place: NewPlace) => app.propose(place),
  onwithdraw: (e: string) => app.retract(e, 'undo'),
});

/** The place that an entry was logged at, when there is something to say of it: it is only proposed, or why it was not taken up. */
export function placeNews(s: Snapshot, entry: Entry): string {
  const where = kindOf(s, entry.kind)?.fields.find((f) => f.as === 'place');
  const place = where && placeOf(s.places, entry.values[where.f]);
  return place ? newsOf(place) : '';
}

function newsOf({ name, is, said }: Place): string {
  if (is === 'proposed') return tm('place.proposed', { name });
  return is === 'closed' && said && said !== 'undo' ? tm('place.said', { name, said }) : '';
}

export type Day = { key: string; title: string; entries: { e: Entry; face: Civil }[] };

/** The `most` latest of one's own entries by the day they began, the latest first. */
export function byDay(s: Snapshot, now: Civil, most: number): Day[] {
  const found = new Map<string, Day>();
  const dated = ownOf(s).map((e) => ({ e, face: beganAt(s, e.kind, e.values) ?? civil(e.savedAt) }));
  for (const one of dated.sort((a, b) => b.face - a.face).slice(0, most)) {
    const key = isoDay(one.face);
    const day = found.get(key) ?? { key, title: dayTitle(one.face, now), entries: [] };
    day.entries.push(one);
    found.set(key, day);
  }
  return [...found.values()];
}

/** "I dag, fredag", "I går, torsdag", "Onsdag 18 november" */
function dayTitle(face: Civil, now: Civil): string {
  const ago = Math.floor(now / DAY) - Math.floor(face / DAY);
  const near = ago === 0 ? tm('when.today') : ago === 1 ? tm('when.yesterday') : null;
  return near === null ? dayLong(face) : tm('mine.day', { day: near, weekday: weekday(face) });
}
