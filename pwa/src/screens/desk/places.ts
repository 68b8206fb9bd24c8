/**
 * The town's places as the desk shows them, and what is written when a coordinator changes one. Pure: the page sends it. What a
 * proposal is answered with is written before it is let in, so that no phone meets it half answered.
 */
import type { PlacesReply } from '../../api/desk';
import type { Place } from '../../domain/app';
import { readPlace } from '../../domain/catalog';
import type { Value } from '../../domain/event';
import { distanceTo, exact, type Whole } from '../../domain/near';
import { isOffered } from '../../domain/place';
import { order, type State } from '../../domain/state';
import { distanceWords } from '../../parts/placewords';
import { language } from '../../text';
import { d } from '../../text/desk';
import type { Draft, Pen, Stroke } from './pen';

/** A place with what was done there and the writes that say what it is. */
export type Row = { place: Place; st: State; done: number; standsFor: string };
/** A place that a phone proposes. */
export type Proposed = Row & { why: string; received: number; role: string; party: string };
export type Town = { offered: Row[]; former: Row[]; proposed: Proposed[]; decisions: string | null };
/** What a coordinator says a place is. */
export type Said = { name: string; form: string; at: Whole | null };

/** The latest write of this desk by entity and field, as `${e} ${f}`: for those that a proposal's state does not have. */
export type Latest = Record<string, string>;

/** Reads the reply: those that phones offer in their order, the others, and the proposals, the oldest first. */
export function readTown({ places, proposals, decisions }: PlacesReply): Town {
  const rows = places.map(({ e, st, done, stands_for }): Row => {
    const state = st as unknown as State;
    return { place: readPlace(e, state), st: state, done, standsFor: stands_for };
  });
  rows.sort(
    (a, b) => a.place.order - b.place.order || order(a.place.name, b.place.name) || order(a.place.e, b.place.e),
  );
  const all = rows.map((r) => r.place);
  const proposed = proposals.map(({ e, st, done, ...of }): Proposed => {
    const state = st as unknown as State;
    return { place: readPlace(e, state), st: state, done, standsFor: e, ...of };
  });
  return {
    offered: rows.filter((r) => isOffered(all, r.place)),
    former: rows.filter((r) => !isOffered(all, r.place)),
    proposed: proposed.sort((a, b) => a.received - b.received),
    decisions,
  };
}

/** A write of fields, shown the writes that the row has. `mine` are later ones of this desk that the row does not have. */
export function stroke(row: Row, set: Record<string, Value>, mine: Latest = {}): Stroke {
  const base: Record<string, string[]> = {};
  for (const f of Object.keys(set)) {
    const ids = (row.st.f[f]?.h ?? []).map((head) => head.id);
    const own = mine[`${row.place.e} ${f}`];
    const shown = [...new Set([...ids, ...(own === undefined ? [] : [own])])].slice(-64);
    if (shown.length > 0) base[f] = shown;
  }
  return { e: row.place.e, set, base };
}

/** Only what is said otherwise than it stands. */
export function changed({ place, st }: Row, said: Said): Record<string, Value> {
  const was: Record<string, Value> = { name: place.name, form: place.form };
  const set = Object.entries({ name: said.name, form: said.form }).filter(([f, v]) => v !== was[f]);
  const [lat, lon] = [said.at?.lat ?? null, said.at?.lon ?? null];
  const at = [st.f.lat, st.f.lon].map((r) => r?.h.at(-1)?.v ?? null);
  return { ...Object.fromEntries(set), ...(at[0] === lat && at[1] === lon ? {} : { lat, lon }) };
}

/** Lets a proposal in as what `set` says: the writes wait for it, and hold from the moment it is let in. */
export function answer(
  pen: Pen,
  of: Proposed,
  set: Record<string, Value>,
  decisions: string | null,
  mine?: Latest,
): Draft {
  const verdict = { [`verdict:${of.place.e}`]: 'release' };
  const born = { t: 'decisions', kind: null, parent: null };
  const let_in: Stroke = decisions === null ? { e: pen.id(), born, set: verdict } : { e: decisions, set: verdict };
  return pen.draft(stroke(of, set, mine), let_in);
}

/** What puts back what a sent draft changed, as it stood in the rows: writes that name those of the draft. */
export function undoing(pen: Pen, sent: Draft, rows: readonly Row[]): Draft {
  const strokes = sent.strokes.map((was, i): Stroke => {
    const id = sent.items?.[i]?.id ?? '';
    const st = rows.find((r) => r.place.e === was.e)?.st;
    const before = (f: string): Value => (was.born ? null : (st?.f[f]?.h.at(-1)?.v ?? null));
    const fields = Object.keys(was.set);
    return {
      e: was.e,
      set: Object.fromEntries(fields.map((f) => [f, before(f)])),
      base: Object.fromEntries(fields.map((f) => [f, [id]])),
    };
  });
  return pen.draft(...strokes);
}

/** The writes that put the rows into this order: of those whose number is another. */
export const reorder = (rows: readonly Row[], mine?: Latest): Stroke[] =>
  rows.flatMap((row, i) => (row.place.order === i ? [] : [stroke(row, { order: i }, mine)]));

/** Reads "59.8387, 13.5438", as maps give it, with a point or a comma: null for nothing, undefined for what is no position. */
export function readPosition(text: string): Whole | null | undefined {
  if (text.trim() === '') return null;
  const numbers = text.match(/-?\d+(?:[.,]\d+)?/g)?.map((n) => Number(n.replace(',', '.'))) ?? [];
  const [lat = NaN, lon = NaN] = numbers;
  const real = numbers.length === 2 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return real ? exact({ lat, lon }) : undefined;
}

/** The same as a field shows it. */
export const positionText = ({ lat, lon }: Place): string => (lat === null || lon === null ? '' : `${lat}, ${lon}`);

/** "59,8387° N, 13,5438° O" */
export function positionWords({ lat, lon }: Place): string {
  if (lat === null || lon === null) return d('pl.noPosition');
  const degrees = (n: number) =>
    Math.abs(n)
      .toFixed(4)
      .replace('.', language() === 'sv' ? ',' : '.');
  return `${degrees(lat)}° ${d(lat < 0 ? 'pl.south' : 'pl.north')}, ${degrees(lon)}° ${d(lon < 0 ? 'pl.west' : 'pl.east')}`;
}

/** The offered place that is nearest to another, and how far it is. */
export function nearestTo(place: Place, offered: readonly Row[]): { row: Row; words: string } | null {
  const { lat, lon } = place;
  if (lat === null || lon === null) return null;
  const by = offered.flatMap((row) => {
    const m = row.place.e === place.e ? null : distanceTo(row.place, { lat, lon });
    return m === null ? [] : [{ row, m }];
  });
  const nearest = by.sort((a, b) => a.m - b.m)[0];
  return nearest ? { row: nearest.row, words: far(nearest.m, nearest.row.place.name) } : null;
}

const NEXT_TO_M = 50;
const far = (m: number, name: string): string =>
  m < NEXT_TO_M ? d('pl.at', { name }) : d('pl.from', { far: distanceWords(m), name });
