/**
 * Times as people say them: 21.10, i dag, fre 20 nov, 2 h 10 min.
 *
 * What a person wrote down is a wall clock with its offset, and is shown as that wall clock wherever the phone is. So both
 * written moments and the phone's own milliseconds become a `Civil`: the ms of the same clock face in UTC.
 */
import { millisOfMoment, momentOf, momentOfLocal } from '../domain/local';
import { language } from './catalogue';
import { t } from './say';

export type Civil = number & { readonly civil: unique symbol };

const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** The clock face of the towns at a time, wherever the phone thinks it is. */
export const civil = (ms: number): Civil => Date.parse(`${momentOf(ms).slice(0, 16)}Z`) as Civil;

/** The clock face of a written moment (`2026-11-20T21:10+01:00`), or null when it is not one. */
export function civilOf(moment: unknown): Civil | null {
  const m = typeof moment === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(moment);
  const at = m ? Date.parse(`${m[0]}Z`) : NaN;
  return Number.isNaN(at) ? null : (at as Civil);
}

/** A clock face of the towns written as a moment, with the offset that holds then. Of the hour that comes twice, the one by `near`. */
export const moment = (face: Civil, near?: number): string =>
  momentOfLocal(new Date(face).toISOString().slice(0, 16), near) ?? '';

/** Milliseconds of a written moment, or null. */
export const msOf = (value: unknown): number | null => (typeof value === 'string' ? millisOfMoment(value) : null);

/** `2026-11-20` */
export const isoDay = (face: Civil): string => new Date(face).toISOString().slice(0, 10);

const formats = new Map<string, Intl.DateTimeFormat>(); // a slow phone takes milliseconds to make one

function formatOf(how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = [language(), ...JSON.stringify(how)].join();
  const format =
    formats.get(key) ?? new Intl.DateTimeFormat(language() === 'sv' ? 'sv-SE' : 'en-GB', { ...how, timeZone: 'UTC' });
  formats.set(key, format);
  return format;
}

const format = (face: Civil, how: Intl.DateTimeFormatOptions): string =>
  formatOf(how)
    .format(face)
    .replace(/(?<=\p{L})\./gu, ''); // "nov." is nov

/** 21.10, in English 21:10. */
export const clockTime = (face: Civil): string => {
  const text = new Date(face).toISOString().slice(11, 16);
  return language() === 'sv' ? text.replace(':', '.') : text;
};

const daysBetween = (a: Civil, b: Civil): number => Math.floor(b / DAY) - Math.floor(a / DAY);

/**
 * The short names, as the browser would say them: to ask it takes a slow phone a tenth of a second, and home says no others. A test
 * compares them.
 */
const SHORT = {
  sv: ['sön mån tis ons tors fre lör', 'jan feb mars apr maj juni juli aug sep okt nov dec'],
  en: ['Sun Mon Tue Wed Thu Fri Sat', 'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec'],
} as const;
const short = (which: 0 | 1, n: number): string => SHORT[language()][which].split(' ')[n] ?? '';

/** i dag, i går, fre (within the week), 20 nov, 20 nov 2025. */
export function dayShort(face: Civil, now: Civil): string {
  const ago = daysBetween(face, now);
  if (ago === 0) return t('day.today');
  if (ago === 1) return t('day.yesterday');
  if (ago > 1 && ago < 7) return short(0, new Date(face).getUTCDay());
  return dateOf(face, now);
}

/** 20 nov, with the year when it is another one. */
export function dateOf(face: Civil, now: Civil): string {
  const [day, year] = [new Date(face), new Date(face).getUTCFullYear()];
  const other = year !== new Date(now).getUTCFullYear();
  return `${day.getUTCDate()} ${short(1, day.getUTCMonth())}${other ? ` ${year}` : ''}`;
}

/** fre 20 nov 21.50 */
export const stampOf = (face: Civil): string =>
  `${short(0, new Date(face).getUTCDay())} ${dateOf(face, face)} ${clockTime(face)}`;

/** Fredag 20 november */
export function dayLong(face: Civil): string {
  const text = format(face, { weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '');
  return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
}

/** fredag */
export const weekday = (face: Civil): string => format(face, { weekday: 'long' });

/** 20 november 2026 of `2026-11-20`; the text itself when it is no date. */
export function dateLong(iso: string): string {
  const face = civilOf(`${iso.slice(0, 10)}T00:00`);
  return face === null ? iso : format(face, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** How long something took or is ago: 12 min, 2 h 10 min, 3 dygn. */
export function age(ms: number): string {
  const min = Math.max(0, Math.floor(ms / MINUTE));
  if (min === 0) return t('age.new');
  if (min < 60) return t('age.min', { n: min });
  const h = Math.floor(min / 60);
  if (h >= 48) return t('age.days', { n: Math.floor(h / 24) });
  return min % 60 === 0 ? t('age.h', { h }) : t('age.hmin', { h, m: min % 60 });
}
