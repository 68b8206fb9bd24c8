/** How an entry is said in a list: from the catalogue's fields, whatever the kind. */
import {
  clipboardCheck,
  footprints,
  handshake,
  lightbulb,
  megaphone,
  messageCircle,
  route,
  school,
  shieldCheck,
  users,
} from '../../parts/icons';
import type { Choice, Entry, FieldKind, Kind, Measure, Snapshot } from '../../domain/app';
import type { Value } from '../../domain/event';
import { placeOf } from '../../domain/place';
import { civilOf, clockTime, inLanguage, kindName, number, t, type Civil } from '../../text';

const SIGNS: Record<string, string> = {
  footprints,
  route,
  megaphone,
  'shield-check': shieldCheck,
  handshake,
  users,
  school,
  'message-circle': messageCircle,
  lightbulb,
};

/** The sign of a kind; one that we do not carry is drawn as a clipboard. */
export const signOf = (kind: Kind | undefined): string => SIGNS[kind?.icon ?? ''] ?? clipboardCheck;

export const kindOf = (s: Snapshot, slug: string): Kind | undefined => s.kinds.find((k) => k.slug === slug);

/** An answer in words. A range reads 1–5. */
export const choiceWords = (c: number | Choice): string =>
  typeof c === 'number' ? number(c) : (inLanguage(c) ?? c.v.replace(/^(\d+)-(\d+)$/, '$1–$2'));

const partyName = (s: Snapshot, slug: string): string => {
  const p = s.parties.find((x) => x.slug === slug);
  return (p && inLanguage(p)) ?? slug;
};

/** A value in words; empty when there is none. */
export function valueWords(s: Snapshot, f: FieldKind, v: Value | undefined): string {
  if (v === undefined || v === null || v === '') return '';
  const list = (Array.isArray(v) ? v : [v]).map(String);
  switch (f.as) {
    case 'moment':
      return clockOf(v);
    case 'duration':
      return t('min', { m: Number(v) });
    case 'place':
      return placeOf(s.places, v)?.name ?? '';
    case 'parties':
      return list.map((x) => partyName(s, x)).join(', ');
    case 'band':
    case 'choice':
    case 'choices':
      return list
        .map((x) => {
          const c = f.choices?.find((each) => (typeof each === 'number' ? String(each) : each.v) === x);
          return c === undefined ? x : choiceWords(c);
        })
        .join(', ');
    case 'count':
    case 'counts':
      return f.f === 'people_out' ? t('people', { n: Number(v) }) : number(Number(v));
    case 'text':
    case 'other':
      return list.join(', ');
  }
}

const clockOf = (v: Value): string => {
  const face = civilOf(v);
  return face === null ? '' : clockTime(face);
};

// Of choices only one that must be made says what was done ("Föräldramöte"); the others are details.
const first = (kind: Kind | undefined, as: FieldKind['as']): FieldKind | undefined =>
  kind?.fields.find((f) => f.as === as && (as !== 'choice' || f.need));
const said = (s: Snapshot, kind: Kind | undefined, as: FieldKind['as'], values: Record<string, Value>): string => {
  const f = first(kind, as);
  return f ? valueWords(s, f, values[f.f]) : '';
};

/** What and where: "Fotpatrull, Torget". */
export function titleOf(s: Snapshot, slug: string, values: Record<string, Value>): string {
  const kind = kindOf(s, slug);
  return [kind ? kindName(kind) : slug, said(s, kind, 'place', values)].filter(Boolean).join(', ');
}

/** When it began, as a clock face, or null. */
export function beganAt(s: Snapshot, slug: string, values: Record<string, Value>): Civil | null {
  const f = first(kindOf(s, slug), 'moment');
  return civilOf(values[f?.f ?? 'started_at']);
}

/** "21.10, 40 min" or the parts that are asked for. */
export function shortly(s: Snapshot, slug: string, values: Record<string, Value>, what: FieldKind['as'][]): string {
  const kind = kindOf(s, slug);
  return what
    .map((as) => said(s, kind, as, values))
    .filter(Boolean)
    .join(', ');
}

/** The measure that a kind counts toward, if any. */
export const measureOf = (s: Snapshot, slug: string): Measure | undefined =>
  s.measures.find((m) => m.kinds.includes(slug));

/** Own entries that are to be shown; what was undone at once is not. */
export function ownOf({ entries }: Snapshot): Entry[] {
  const own = owns.get(entries) ?? entries.filter((e) => e.mine && e.retracted !== 'undo');
  owns.set(entries, own);
  return own;
}
const owns = new WeakMap<readonly Entry[], Entry[]>(); // screens ask often, and there may be thousands
