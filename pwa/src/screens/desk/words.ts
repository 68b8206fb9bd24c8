/** How the desk says who, when and why: parties, days, weeks and troubles, in the language in use. */
import type { Me, Party, Trouble, Year } from '../../api/desk';
import {
  age,
  civil,
  civilOf,
  clockTime,
  dateLong,
  dateOf,
  dayShort,
  inLanguage,
  isoDay,
  language,
  stampOf,
  type Civil,
} from '../../text';
import { d } from '../../text/desk';

const locale = (): string => (language() === 'sv' ? 'sv-SE' : 'en-GB');
const format = (face: Civil, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(), { ...how, timeZone: 'UTC' }).format(face);

/** First letter as at the beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);

/** What a party of a figure is called; several together and none have words of their own. */
export function partyName(parties: readonly Party[], slug: string): string {
  if (slug === 'joint') return d('m.joint');
  if (slug === '') return d('m.noParty');
  const found = parties.find((p) => p.slug === slug);
  return (found && inLanguage(found)) ?? slug;
}

/** Names after the first begin small, as inside a sentence; an abbreviation keeps its capitals. */
const running = (names: string[]): string[] =>
  names.map((name, i) =>
    i > 0 && /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLocaleLowerCase(locale()) + name.slice(1) : name,
  );

/** Several names as one: Polisen och kommunen. */
export const together = (names: string[]): string =>
  new Intl.ListFormat(locale(), { type: 'conjunction' }).format(running(names));

/** The same where there is little room: Polisen + kommunen. */
export const beside = (names: string[]): string => running(names).join(' + ');

/** A small number as a word. In Swedish a year is ett, a measure en. */
export const inWords = (n: number, of: 'measure' | 'year' = 'measure'): string =>
  of === 'year' && n === 1 && language() === 'sv' ? d('number.year') : (d('number.small').split(' ')[n] ?? String(n));

/** ISO week of a clock face. */
export function week(face: Civil): number {
  const day = new Date(face);
  const thursday = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.ceil((thursday - first + 86_400_000) / (7 * 86_400_000));
}

/** måndag 23 november 2026 */
export const fullDay = (ms: number): string =>
  format(civil(ms), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).replace(/,/g, '');

const monthFace = (month: string): Civil | null => civilOf(`${month}-01T00:00`);

/** november 2026 */
export function monthLong(month: string): string {
  const face = monthFace(month);
  return face === null ? month : format(face, { month: 'long', year: 'numeric' });
}

/** november */
export function monthName(month: string): string {
  const face = monthFace(month);
  return face === null ? month : format(face, { month: 'long' });
}

/** nov */
export const monthShort = (month: string): string => monthName(month).slice(0, 3);

/** The calendar months of a span of days. */
export function monthsBetween(from: string, last: string): string[] {
  const out: string[] = [];
  for (let [y = 0, m = 0] = from.split('-').map(Number); out.length < 1300; m === 12 ? ((y += 1), (m = 1)) : (m += 1)) {
    const name = `${y}-${String(m).padStart(2, '0')}`;
    if (!(name <= last.slice(0, 7))) break;
    out.push(name);
  }
  return out;
}

/** i dag 07.58, fre 20 nov 21.10, 20 nov 2025 21.10. */
export function dayTime(ms: number, now: number): string {
  const [face, today] = [civil(ms), civil(now)];
  const near = isoDay(face) === isoDay(today) || isoDay(face) === isoDay((today - 86_400_000) as Civil);
  if (near) return d('fresh.day', { day: dayShort(face, today), time: clockTime(face) });
  const other = new Date(face).getUTCFullYear() !== new Date(today).getUTCFullYear();
  return other ? d('fresh.day', { day: dateOf(face, today), time: clockTime(face) }) : stampOf(face);
}

/** A span with the words for how long it is. */
export const span = (ms: number): string => age(Math.abs(ms));

export const isCalendarYear = (y: Year): boolean => y.from.endsWith('-01-01') && y.to === `${y.from.slice(0, 4)}-12-31`;

/** År 2026, or År 1: nov 2025–nov 2026 where the promise year is no calendar year. */
export function yearName(y: Year): string {
  if (isCalendarYear(y)) return d('year.calendar', { year: y.from.slice(0, 4) });
  const short = (day: string) => `${monthShort(day.slice(0, 7))} ${day.slice(0, 4)}`;
  return d('year.nth', { n: y.n, from: short(y.from), to: short(y.to) });
}

/** The same inside a sentence: 2026, or år ett. */
export const yearInSentence = (y: Year): string =>
  isCalendarYear(y) ? y.from.slice(0, 4) : d('year.word', { nth: inWords(y.n, 'year') });

export const dates = (y: { from: string; to: string }): { from: string; to: string } => ({
  from: dateLong(y.from),
  to: dateLong(y.to),
});

const KNOWN = ['code-used', 'code-old', 'code-unknown', 'code-attempts', 'desk-role'] as const;

/** Why signing in did not work, and what to do. */
export function signInWords(of: Trouble): string {
  if (of.why === 'offline') return d('in.offline');
  if (of.why === 'signedOut') return d('in.server');
  const known = KNOWN.find((code) => code === of.code);
  return known ? d(`in.${known}`) : sentenceOf(of) || d('in.server');
}

/** Why something could not be fetched. */
export function troubleWords(of: Trouble): string {
  if (of.why !== 'problem') return d('trouble.offline');
  if (of.status === 404) return d('trouble.gone');
  return sentenceOf(of) || d('trouble.server');
}

/** When to ask again for figures that the server is still reading, in seconds; 0 when the trouble is another. */
export const secondsToFigures = (of: Trouble): number =>
  of.why === 'problem' && of.code === 'figures' ? Math.max(of.wait, 1) : 0;

/** The server's sentence. It speaks to phones too: what it says of them is left out at the desk. */
function sentenceOf(of: Extract<Trouble, { why: 'problem' }>): string {
  const said = language() === 'sv' ? of.sv : of.en;
  return said
    .replace(
      /(?:Posterna ligger kvar på telefonen|Telefonen försöker igen|Your entries are still on the phone|The phone tries again)\. ?/g,
      '',
    )
    .trim();
}

export const alreadyIn = (of: Trouble, me: Me): string =>
  `${signInWords(of)} ${me.name ? d('in.already', { name: me.name, town: me.town.name }) : d('in.alreadyTown', { town: me.town.name })}`;

/** When an entry began, in a list: fre 20 nov 21.10, with the year when it is another one than the clock's. */
export function beganWords(face: Civil): string {
  const year = new Date(face).getUTCFullYear();
  return year === new Date().getFullYear()
    ? stampOf(face)
    : `${stampOf(face).replace(clockTime(face), String(year))} ${clockTime(face)}`;
}
