/**
 * What a town's reference entities say together: the kinds, the places, the pledge and its measures. The same reading as Go's
 * pledge.Book, so that a phone and the desk never disagree on what is promised.
 */
import type { Kind, Measure, Party, Place, Pledge } from './app';
import { readCatalog, readMeasure, readPlace, readPledge } from './catalog';
import type { Entity } from './log';
import { isOffered } from './place';
import { isRetracted, order, type State } from './state';

/** The book without figures. */
export type Book = {
  /** Version of the catalogue, which each event names. */
  version: number;
  kinds: Kind[];
  parties: Party[];
  /** Those that are offered, in their order. */
  places: Place[];
  /** Those that only name what was logged there before: closed, or the same as another. A book that was kept long ago has none. */
  former?: Place[];
  pledge: Pledge | null;
  measures: Omit<Measure, 'done' | 'mine'>[];
};

/** A town of which nothing is known yet. */
export const emptyBook = (): Book => ({ version: 0, kinds: [], parties: [], places: [], pledge: null, measures: [] });

/** Reads the book. Of several pledges the one that begins last is the town's. */
export function readBook(entities: Iterable<Entity>): Book {
  const known = [...entities].flatMap(({ e, st, flags }) => (st && !flags?.includes('erased') ? [{ e, st }] : []));
  const standing = known.filter(({ st }) => !isRetracted(st));
  const of = (type: string) => standing.filter(({ st }) => st.t === type).sort((a, b) => order(a.e, b.e));
  const places = known.filter(({ st }) => st.t === 'place').map(({ e, st }) => readPlace(e, st));
  places.sort((a, b) => a.order - b.order || order(a.name, b.name) || order(a.e, b.e));
  const catalog = of('catalog').at(-1);
  const pledge = of('pledge')
    .map(({ e, st }) => readPledge(e, st))
    .reduce<Pledge | null>((best, p) => (best && p.from <= best.from ? best : p), null);
  return {
    ...emptyBook(),
    ...(catalog ? readCatalog(catalog.st) : {}),
    places: places.filter((p) => isOffered(places, p)),
    former: places.filter((p) => !isOffered(places, p)),
    pledge,
    measures: measuresOf(of('measure'), pledge),
  };
}

function measuresOf(all: { e: string; st: State }[], pledge: Pledge | null): Book['measures'] {
  const mine = all.filter(({ st }) => pledge && st.parent === pledge.e).map(({ e, st }) => readMeasure(e, st));
  return mine.sort((a, b) => a.order - b.order || order(a.e, b.e));
}

/** The promise year that a local day lies in; days before the pledge belong to its first year, days after it to its last. */
export function promiseYear(
  pledge: Pick<Pledge, 'from' | 'to'>,
  today: string,
): { year: number; from: string; to: string } {
  const begin = (n: number) => shiftYears(pledge.from, n - 1);
  let year = 1;
  while (year < 100 && begin(year + 1) <= today && begin(year + 1) <= pledge.to) year += 1;
  const last = dayBefore(begin(year + 1));
  return { year, from: begin(year), to: last < pledge.to ? last : pledge.to };
}

function shiftYears(day: string, years: number): string {
  const [y = 1970, m = 1, d = 1] = day.split('-').map(Number);
  return spell(Date.UTC(y + years, m - 1, d));
}

const dayBefore = (day: string): string => spell(Date.parse(day) - 86_400_000);
const spell = (ms: number): string => (Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10));
