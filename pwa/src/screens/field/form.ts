/**
 * What a form needs to know about its fields: what to begin with, and what to ask for before it can be saved. Drawn from
 * the catalogue alone; no kind is known by name.
 */
import type { FieldKind, Kind, Place, Snapshot } from '../../domain/app';
import type { Value } from '../../domain/event';
import { placeNow } from '../../domain/place';
import { civil, moment, msOf, type Civil } from '../../text';
import { tm } from '../../text/more';

export type Values = Record<string, Value>;
/** What stands beside each field, by name. */
export type Problems = Partial<Record<string, string>>;

const MINUTE = 60_000;
const ROUND = 5 * MINUTE;
/** A clock that is a little ahead is no reason to stop anyone. */
const SOON = 2 * MINUTE;
const HALF_HOUR = 30;
const DAY_IN_MINUTES = 1440;

const empty = (v: Value | undefined): boolean =>
  v === undefined || v === null || (typeof v === 'string' && v.trim() === '') || (Array.isArray(v) && v.length === 0);

/**
 * The values that a new form begins with, so that kind and Save are enough: those of the draft, and where a needed field
 * has none, half an hour that ended now, by one's own party. A place is never guessed.
 */
export function begin(kind: Kind, s: Snapshot, given: Values, now: number): Values {
  const values: Values = { ...given };
  // A time that is now says when the form was opened: what is logged began earlier.
  for (const f of kind.fields)
    if (f.as === 'moment' && f.need && Math.abs((msOf(values[f.f]) ?? 0) - now) < SOON) values[f.f] = null;
  const missing = (as: FieldKind['as']) => kind.fields.filter((f) => f.as === as && f.need && empty(values[f.f]));
  for (const f of missing('duration')) values[f.f] = usual(f);
  const long = kind.fields.find((f) => f.as === 'duration');
  const lasted = Number((long && values[long.f]) ?? 0) * MINUTE;
  for (const f of missing('moment')) values[f.f] = moment((Math.floor(civil(now - lasted) / ROUND) * ROUND) as Civil);
  for (const f of missing('count')) values[f.f] = f.min ?? 0;
  const own = s.session?.party;
  for (const f of missing('parties')) if (own) values[f.f] = [own];
  return values;
}

function usual(f: FieldKind): number {
  const choices = (f.choices ?? []).filter((c) => typeof c === 'number');
  return choices.includes(HALF_HOUR) ? HALF_HOUR : (choices[0] ?? HALF_HOUR);
}

/** What must be seen to before the form can be saved, in the order of the fields. Empty means that it can. */
export function check(kind: Kind, values: Values, now: number): Problems {
  const found: Problems = {};
  for (const f of kind.fields) {
    const v = values[f.f];
    const words = empty(v) ? (f.need ? asked(f) : undefined) : wrong(f, v as NonNullable<Value>, now);
    if (words) found[f.f] = words;
  }
  return found;
}

function asked(f: FieldKind): string {
  switch (f.as) {
    case 'moment':
      return tm('err.moment', { time: tm('when.example') });
    case 'duration':
      return tm('err.duration');
    case 'place':
      return tm('err.place');
    case 'parties':
      return tm('err.parties');
    case 'count':
      return range(f);
    case 'band':
    case 'choice':
    case 'choices':
      return tm('err.choose');
    case 'text':
      return tm('err.text');
  }
}

const range = (f: FieldKind): string => tm('err.range', { min: f.min ?? 0, max: f.max ?? 0 });

function wrong(f: FieldKind, v: NonNullable<Value>, now: number): string | undefined {
  switch (f.as) {
    case 'moment': {
      const at = msOf(v);
      if (at === null) return tm('err.moment', { time: tm('when.example') });
      return at > now + SOON ? tm('err.future') : undefined;
    }
    case 'duration':
      return Number.isInteger(v) && Number(v) >= 1 && Number(v) <= DAY_IN_MINUTES ? undefined : tm('err.duration');
    case 'count':
      return Number(v) < (f.min ?? 0) || Number(v) > (f.max ?? Infinity) ? range(f) : undefined;
    case 'text': {
      const over = String(v).length - (f.max ?? Infinity);
      return over > 0 ? tm('err.tooLong', { n: over }) : undefined;
    }
    case 'place':
    case 'parties':
    case 'band':
    case 'choice':
    case 'choices':
      return undefined;
  }
}

/** The values of a former entry that fit a new one of the kind: all but when it was, what was written about it, and a place that is closed since. */
export function sameAs(kind: Kind, former: Values, places: readonly Place[]): Values {
  const kept = kind.fields.filter((f) => f.as !== 'moment' && f.as !== 'text' && former[f.f] !== undefined);
  const now = ({ f, as }: FieldKind): Value =>
    as === 'place' ? placeNow(places, former[f] ?? null) : (former[f] ?? null);
  return Object.fromEntries(kept.map((f) => [f.f, now(f)]));
}
