import { beforeEach, expect, it } from 'vitest';
import type { Entity, Page } from '../domain/log';
import { Cache } from './cache';
import { EPOCH, head, id, NOON, removeAll, tamper, TOWN } from './journal.testkit';
import { Phone } from './phone';
import { enrolling, seated, sit } from './seats';

let cache: Cache;
beforeEach(async () => {
  await removeAll();
  cache = new Cache(TOWN, 'me');
});

const entity = (n: number, seq = n): Entity => ({ e: id(n), seq, st: null, parked: [] });
const page = (ents: Entity[], next: string, more: Partial<Page> = {}): Page => ({
  ents,
  erased: [],
  next,
  more: false,
  head: head(9),
  now: NOON,
  ...more,
});
const seqs = async (epoch: string | null = EPOCH) => (await cache.load(epoch)).entities.map(({ seq }) => seq);

it('a page is applied with its cursor, and the tally with the last page', async () => {
  const tally = { at: 9, year: 1, from: '2026-01-01', to: '2026-12-31', measures: [] };
  expect(await cache.apply('', page([entity(1), entity(2)], 'c1', { more: true }))).toBe(true);
  expect(await cache.apply('c1', page([entity(1, 5)], 'c2', { tally }))).toBe(true);
  expect(await seqs()).toEqual([5, 2]);
  expect([await cache.cursor(), (await cache.load(EPOCH)).tally]).toEqual(['c2', tally]);
});

it('a page that was not asked for with the present cursor changes nothing', async () => {
  await cache.apply('', page([entity(1)], 'c1'));
  expect(await cache.apply('', page([entity(1, 7)], 'c9'))).toBe(false);
  expect([await seqs(), await cache.cursor()]).toEqual([[1], 'c1']);
});

it('a page that cannot be written moves no cursor', async () => {
  await cache.apply('', page([entity(1)], 'c1'));
  const mend = tamper(IDBObjectStore, 'put', (real, self) => {
    if ((self as IDBObjectStore).name === 'entities') throw new DOMException('full', 'QuotaExceededError');
    return real();
  });
  await expect(cache.apply('c1', page([entity(2)], 'c2'))).rejects.toThrow('full');
  mend();
  expect([await seqs(), await cache.cursor()]).toEqual([[1], 'c1']);
});

it('a page of another epoch changes nothing, and a cache of another epoch is not read', async () => {
  await cache.apply('', page([entity(1)], 'c1'));
  expect(await cache.apply('c1', page([entity(2)], 'c2', { head: head(9, id(77)) }))).toBe(false);
  expect(await seqs(id(77))).toEqual([]);
  expect(await seqs(null)).toEqual([1]);
});

it('adopting another epoch empties it; a page of the old one that comes late is not let in', async () => {
  await cache.apply('', page([entity(1)], ''));
  expect(await cache.adopt(EPOCH)).toBe(false);
  expect(await cache.adopt(id(77))).toBe(true);
  expect([await seqs(null), await cache.cursor()]).toEqual([[], '']);
  expect(await cache.apply('', page([entity(1)], 'c1'))).toBe(false);
});

it('persons have caches of their own', async () => {
  await cache.apply('', page([entity(1)], 'c1'));
  expect((await new Cache(TOWN, 'other').load(null)).entities).toEqual([]);
});

it('a phone keeps the token of a code until it is connected, and remembers who sits there', async () => {
  const phone = new Phone();
  const first = await enrolling(phone, 'abc', () => ({ token: 't1', inc: 'i1' }));
  expect(await enrolling(new Phone(), 'abc', () => ({ token: 't2', inc: 'i2' }))).toEqual(first);
  expect((await enrolling(phone, 'other', () => ({ token: 't3', inc: 'i3' }))).token).toBe('t3');
  for (const account of ['me', 'you', 'me']) await sit(phone, { town: TOWN, account });
  expect((await phone.opening()).seat).toEqual({ town: TOWN, account: 'me' });
  expect((await seated(phone)).seats).toHaveLength(2);
  expect((await enrolling(phone, 'other', () => ({ token: 't4', inc: 'i4' }))).token).toBe('t4');
});
