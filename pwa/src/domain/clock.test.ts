import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isStamp, millisOf, nextStamp, stampOf } from './clock';
import { isId, newId } from './id';

it('a stamp is twelve digits of milliseconds and four of the counter', () => {
  expect(stampOf(0x0192f3c41a2b, 3)).toBe('0192f3c41a2b-0003');
  expect(millisOf('0192f3c41a2b-0003')).toBe(0x0192f3c41a2b);
  expect(isStamp('0192F3C41A2B-0003')).toBe(false);
});

it('milliseconds outside the range are moved to its ends', () => {
  expect(stampOf(-5, 0)).toBe('000000000000-0000');
  expect(stampOf(2 ** 50, 0)).toBe('ffffffffffff-0000');
});

it('the next stamp is never the same and never earlier, and the wall clock’s as soon as that is ahead', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 47 }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0, max: 2 ** 47 }),
      (ms, c, now) => {
        const last = stampOf(ms, c);
        const next = nextStamp(last, now);
        expect(isStamp(next) && next > last).toBe(true);
        if (now > ms) expect(next).toBe(stampOf(now, 0));
      },
    ),
  );
});

it('a full counter moves on to the next millisecond', () => {
  expect(nextStamp('0192f3c41a2b-ffff', 0)).toBe('0192f3c41a2c-0000');
  expect(nextStamp(undefined, 7)).toBe('000000000007-0000');
});

it('a new id is a uuid of version 7 with its time in front', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 48 - 1 }),
      fc.uint8Array({ minLength: 10, maxLength: 10 }),
      (now, chance) => {
        const id = newId(now, chance);
        expect(isId(id)).toBe(true);
        expect(id).toMatch(/^.{14}7.{4}[89ab]/);
        expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
      },
    ),
  );
  expect(newId(1)).not.toBe(newId(1));
});
