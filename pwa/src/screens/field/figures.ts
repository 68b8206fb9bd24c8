/**
 * A measure's figure with its promise and its today. A number without them is not shown as progress.
 *
 * What ought to be done by now is the promised number times the share of the promise year that has passed; the year is
 * counted from the pledge's first day. `met` asks for what the server has received, the rest may count own unsent ones.
 */
import type { Measure, Pledge, Snapshot } from '../../domain/app';
import { promiseYear } from '../../domain/book';
import type { Standing } from '../../parts/standing';
import { DAY, inLanguage, isoDay, t, type Civil } from '../../text';

export type Figure = {
  done: number;
  mine: number;
  of: number;
  today: number | null;
  expected: number | null;
  standing: Standing | null;
};

const dayOf = (iso: string): number => Date.parse(`${iso}T00:00Z`);

/** First day and the day after the last of the promise year that holds `now`; null before the pledge begins or without its dates. */
function promised(p: Pledge, now: Civil): { from: number; until: number } | null {
  const today = isoDay(now);
  if (!p.from || !p.to || today < p.from) return null;
  const year = promiseYear(p, today);
  return { from: dayOf(year.from), until: dayOf(year.to) + DAY };
}

/** The figure of a measure that promises a number, or null. */
export function figureOf(m: Measure, pledge: Pledge | null, now: Civil): Figure | null {
  const of = m.target.min;
  if (m.target.type !== 'count' || of === undefined || of <= 0 || m.done === null) return null;
  const year = pledge && promised(pledge, now);
  const today = year ? Math.min(1, (now - year.from) / (year.until - year.from)) : null;
  const expected = today === null ? null : Math.floor(of * today);
  const standing = standingOf(m.done, m.done + m.mine, of, expected, year !== null && now >= year.until);
  return { done: m.done, mine: m.mine, of, today, expected, standing };
}

function standingOf(
  received: number,
  all: number,
  of: number,
  expected: number | null,
  over: boolean,
): Standing | null {
  if (received >= of) return 'met';
  if (expected === null) return null;
  if (over) return 'notMet';
  return all >= expected ? 'onTrack' : 'behind';
}

/** "20 mottagna + 1 på din telefon" */
export function receivedWords(m: Measure): string {
  const received = t('measure.received', { n: m.done ?? 0 });
  return m.mine > 0 ? t('measure.mine', { received, m: m.mine }) : received;
}

/** "21 av 24"; past the promised number "3, lovat 2". */
export const ofWords = (n: number, m: number): string => t(n > m ? 'measure.over' : 'measure.of', { n, m });

/** The bar said aloud. */
export const aloud = (f: Figure): string =>
  t(f.mine > 0 ? 'measure.aloudMine' : 'measure.aloud', { n: f.done + f.mine, m: f.of, e: f.expected ?? 0 });

/** What is said of a measure that has no bar. When others have their number, this one is kept from phones. */
export function effortWords(s: Snapshot, m: Measure): string {
  if (m.done !== null) return receivedWords(m);
  const received = t(s.measures.some((x) => x.done !== null) ? 'measure.hidden' : 'measure.notYet');
  return m.mine > 0 ? t('measure.mine', { received, m: m.mine }) : received;
}

/** "Polisen ansvarar", "Polisen och kommunen" */
export function responsibleWords(s: Snapshot, m: Measure): string {
  const names = m.responsible.map((slug) => {
    const p = s.parties.find((x) => x.slug === slug);
    return (p && inLanguage(p)) ?? slug;
  });
  const last = names.at(-1);
  if (last === undefined) return '';
  if (names.length === 1) return t('promise.one', { a: last });
  return t('promise.both', { a: names.slice(0, -1).join(', '), b: last.toLocaleLowerCase() });
}
