/** From what a person fills in to what is written: drafts and the events that come of them. Pure. */
import type { Draft, Entry, FieldKind, Kind, Place } from '../domain/app';
import { canon } from '../domain/canon';
import { isOffered, registersOf } from '../domain/catalog';
import type { Stamp } from '../domain/clock';
import { encode, type Event, type Value, VERSION } from '../domain/event';
import { momentOf } from '../domain/local';
import { placeNow } from '../domain/place';
import { own, type State, valueOf } from '../domain/state';

/** Who writes, where, and with which catalogue. */
export type Writer = { account: string; inc: string; town: string; party: string; catalog: number };

/** What an event writes, before it has a number and a stamp. */
export type Writing = Pick<Event, 'id' | 'e' | 'set' | 'base' | 'new'>;

const same = (a: Value, b: Value): boolean => canon(a) === canon(b);

/** A form for a new entry: now, with what the kind keeps from the person's last one. The draft's id becomes the entry's. */
export function newDraft(
  id: string,
  kind: Kind | undefined,
  slug: string,
  last: Entry | undefined,
  party: string,
  now: number,
  places: readonly Place[],
): Draft {
  const values: Record<string, Value> = {};
  for (const field of kind?.fields.filter(isOffered) ?? []) {
    const { f, as, keep } = field;
    const kept = keep ? registersOf(field).filter((r) => stillOffered(field, last?.values[r] ?? null)) : [];
    for (const r of kept) {
      const before = last?.values[r] ?? null;
      const now = as === 'place' ? placeNow(places, before) : before;
      if (now !== null) values[r] = now;
    }
    if (kept.some((r) => values[r] !== undefined)) continue;
    if (f === 'started_at') values[f] = momentOf(now);
    else if (as === 'parties' && keep && party !== '') values[f] = [party];
  }
  return { id, kind: slug, e: null, values, base: {}, focus: null, at: now };
}

/** Whether a value can still be chosen; of none it cannot. */
function stillOffered(field: FieldKind, value: Value): boolean {
  const gone = (v: unknown) => field.choices?.some((c) => typeof c === 'object' && c.v === v && !isOffered(c));
  return value !== null && ![value].flat().some(gone);
}

/** A form for a correction: what is displayed, and the writes that say so. */
export function correctionDraft(id: string, e: string, state: State, now: number): Draft {
  const names = Object.keys(state.f);
  const values = Object.fromEntries(names.map((f) => [f, valueOf(state, f)]));
  const heads = names.map((f): [string, string[]] => [f, shownHeads(state, f)]);
  const base = Object.fromEntries(heads.filter(([, ids]) => ids.length > 0));
  const shown = structuredClone(values);
  return { id, kind: state.kind ?? '', e, values, base, shown, focus: null, at: now };
}

/** The heads whose value is displayed: another value that stands beside it was not shown, and stays. */
export function shownHeads(state: State, field: string): string[] {
  const displayed = valueOf(state, field);
  const heads = own(state.f, field)?.h ?? [];
  return heads
    .filter((head) => same(head.v, displayed))
    .map((head) => head.id)
    .slice(-64);
}

/**
 * What a draft writes: all of a new entry, or what a correction changed; null when that is nothing. Of youth at risk only what the form
 * asks, whatever lies in the draft.
 */
export function writingOf(d: Draft, displayed: State | null, kind?: Kind): Writing | null {
  const asked = kind?.sight === 'restricted' ? kind.fields.flatMap(registersOf) : null;
  const filled = Object.entries(d.values).filter(([f, value]) => value !== undefined && (!asked || asked.includes(f)));
  if (d.e === null) {
    const set = Object.fromEntries(filled.filter(([, value]) => value !== null));
    return { id: d.id, e: d.id, set, base: {}, new: { t: 'activity', kind: d.kind, parent: null } };
  }
  const before = (f: string): Value => (d.shown ? (own(d.shown, f) ?? null) : displayed ? valueOf(displayed, f) : null);
  const set = Object.fromEntries(filled.filter(([f, value]) => !same(value, before(f))));
  const base = Object.fromEntries(Object.entries(d.base).filter(([f, ids]) => Object.hasOwn(set, f) && ids.length > 0));
  return Object.keys(set).length === 0 ? null : { id: d.id, e: d.e, set, base };
}

/** The event's text. Throws Malformed for what is no value. */
export function spell(writing: Writing, writer: Writer, n: number, hlc: Stamp, off: number | null): string {
  const { account: by, inc, town, catalog: cat } = writer;
  return encode({ ...writing, by, inc, town, cat, n, hlc, off, v: VERSION });
}
