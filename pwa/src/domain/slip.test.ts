import { expect, it } from 'vitest';
import days from '../../../docs/api/vectors/slip/days.json';
import sums from '../../../docs/api/vectors/slip/sums.json';
import { id } from '../journal/journal.testkit';
import type { Row, RowState } from './row';
import { agrees, dayOfStamp, linesOf, type ServerEvent, spoken, sumOfIds } from './slip';

it.each(sums)('the sum is as the vectors say: $name', async ({ ids, sum }) => {
  expect(await sumOfIds(ids)).toBe(sum);
});

it.each(days)('the day is as the vectors say: $name', ({ hlc, day }) => {
  expect(dayOfStamp(hlc)).toBe(day);
});

const row = (n: number, state: RowState): Row => ({ id: id(n), e: id(n), n, state, why: null }) as Row;
const there = (n: number, why: string | null = null): ServerEvent => ({ id: id(n), e: id(n), n, why });

it('a difference is named by id, from both sides', () => {
  const own = [row(1, 'ok'), row(2, 'unsent'), row(3, 'refused'), row(4, 'ok'), row(6, 'ok')];
  const lines = linesOf(own, [there(1), there(5), there(6, 'retracted')]);
  expect(lines.map((line) => [line.id, line.what])).toEqual([
    [id(2), 'waits'],
    [id(3), 'refused'],
    [id(4), 'lost'],
    [id(5), 'elsewhere'],
    [id(6), 'uncounted'],
  ]);
});

it('nothing differs when all was received and counts', () => {
  expect(linesOf([row(1, 'ok')], [there(1)])).toEqual([]);
});

it('a day agrees when the sums are the same and no number is missing', () => {
  const [one, other] = [
    { n: 1, sum: 'a' },
    { n: 1, sum: 'b' },
  ];
  const day = (received = one, missing = [] as { from: number; to: number }[]) => ({
    inc: 'x',
    day: '2026-11-20',
    created: one,
    server: { day: '2026-11-20', received, counted: one, missing },
  });
  expect(agrees(day())).toBe(true);
  expect(agrees(day(other))).toBe(false);
  expect(agrees(day(one, [{ from: 2, to: 2 }]))).toBe(false);
  expect(agrees({ ...day(), server: null })).toBe(null);
});

it('a sum is read aloud in two groups of four', () => {
  expect(spoken('3f9a21c0ffff')).toBe('3f9a 21c0');
});
