/**
 * The addresses of the desk. What a person looks at, filters included, is in the address and nowhere else, so that it can be
 * sent to a colleague, kept as a bookmark and gone back to. Filters have the names that the API gives them.
 */
import type { EntriesQuery } from '../../api/desk';

export type Filter = {
  measure?: string;
  kind?: string;
  year?: number;
  month?: string;
  party?: string;
  place?: string;
  counted?: false;
};
export type Route =
  | { at: 'overview'; year?: number }
  | { at: 'measure'; e: string; year?: number }
  | { at: 'entries'; filter: Filter }
  | { at: 'entry'; e: string }
  | { at: 'attention'; item?: string }
  | { at: 'promise' }
  | { at: 'people'; who?: string }
  | { at: 'places' }
  | { at: 'rescue' }
  | { at: 'slip'; phone: string }
  | { at: 'nowhere' };

const HOME = '/desk/';
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Reads an address. What cannot be meant is left out of a filter; a path that is none is nowhere. */
export function read(address: string): Route {
  const url = new URL(address, 'https://desk.invalid');
  const [first = '', second = '', third] = url.pathname.slice(HOME.length).split('/').map(decode);
  const year = yearIn(url.searchParams);
  if (third !== undefined && third !== '') return { at: 'nowhere' };
  if (first === '') return { at: 'overview', ...year };
  if (first === 'measure' && second) return { at: 'measure', e: second, ...year };
  if (first === 'entry' && second) return { at: 'entry', e: second };
  if (second) return { at: 'nowhere' };
  if (first === 'entries') return { at: 'entries', filter: filterIn(url.searchParams) };
  if (first === 'attention') return { at: 'attention', ...itemIn(url.searchParams) };
  if (first === 'slip') return { at: 'slip', phone: url.searchParams.get('phone') ?? '' };
  if (first === 'people') return { at: 'people', ...whoIn(url.searchParams) };
  return first === 'promise' || first === 'places' || first === 'rescue' ? { at: first } : { at: 'nowhere' };
}

function filterIn(q: URLSearchParams): Filter {
  const [measure, kind, month, party, place] = ['measure', 'kind', 'month', 'party', 'place'].map(
    (name) => q.get(name) ?? '',
  );
  return {
    ...(measure && { measure }),
    ...(kind && { kind }),
    ...yearIn(q),
    ...(month && MONTH.test(month) && { month }),
    ...(party && { party }),
    ...(place && { place }),
    ...(q.get('counted') === 'false' && { counted: false as const }),
  };
}

function yearIn(q: URLSearchParams): { year?: number } {
  const n = Number(q.get('year') ?? 0);
  return Number.isInteger(n) && n >= 1 && n <= 100 ? { year: n } : {};
}

function whoIn(q: URLSearchParams): { who?: string } {
  const who = q.get('who');
  return who ? { who } : {};
}

function itemIn(q: URLSearchParams): { item?: string } {
  const item = q.get('item');
  return item ? { item } : {};
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** One order, so that the same filter is the same address. */
const ORDER = ['measure', 'kind', 'year', 'month', 'party', 'place', 'counted'] as const;

const withQuery = (path: string, of: Filter): string => {
  const given = ORDER.flatMap((name) => (of[name] === undefined ? [] : [[name, String(of[name])]]));
  return given.length ? `${path}?${new URLSearchParams(given).toString()}` : path;
};

/** Where things are. */
export const to = {
  overview: (year?: number) => withQuery(HOME, year === undefined ? {} : { year }),
  measure: (e: string, year?: number) =>
    withQuery(`${HOME}measure/${encodeURIComponent(e)}`, year === undefined ? {} : { year }),
  entries: (filter: Filter = {}) => withQuery(`${HOME}entries`, filter),
  entry: (e: string) => `${HOME}entry/${encodeURIComponent(e)}`,
  attention: (item?: string) => `${HOME}attention${item ? `?${new URLSearchParams({ item }).toString()}` : ''}`,
  promise: `${HOME}promise`,
  people: (who?: string) => `${HOME}people${who ? `?${new URLSearchParams({ who }).toString()}` : ''}`,
  places: `${HOME}places`,
  rescue: `${HOME}rescue`,
  slip: (phone: string) => `${HOME}slip?${new URLSearchParams({ phone }).toString()}`,
};

/** The same filter as the API wants it. */
export const queryOf = (filter: Filter): EntriesQuery => filter;

/** A filter with some of it changed; an empty value takes that part away. */
export function change(filter: Filter, by: { [K in keyof Filter]?: Filter[K] | undefined | '' }): Filter {
  const merged = Object.entries({ ...filter, ...by }).filter(([, v]) => v !== undefined && v !== '');
  return Object.fromEntries(merged);
}
