import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, dayOfMillis, millisOfMoment, momentOf, momentOfLocal } from './local';

const at = (utc: string) => Date.parse(utc);

describe('a moment is spelled in the towns’ local time', () => {
  it.each([
    ['2026-11-20T20:10:59Z', '2026-11-20T21:10+01:00'],
    ['2026-07-01T22:30:00Z', '2026-07-02T00:30+02:00'],
    ['2026-12-31T23:00:00Z', '2027-01-01T00:00+01:00'],
    // the night when clocks go forward: 02:00 becomes 03:00
    ['2026-03-29T00:59:00Z', '2026-03-29T01:59+01:00'],
    ['2026-03-29T01:00:00Z', '2026-03-29T03:00+02:00'],
    // the night when clocks go back: 03:00 becomes 02:00
    ['2026-10-25T00:59:00Z', '2026-10-25T02:59+02:00'],
    ['2026-10-25T01:00:00Z', '2026-10-25T02:00+01:00'],
    ['2026-10-25T01:59:00Z', '2026-10-25T02:59+01:00'],
    ['2026-10-25T02:00:00Z', '2026-10-25T03:00+01:00'],
  ])('%s is %s', (utc, moment) => {
    expect(momentOf(at(utc))).toBe(moment);
    expect(millisOfMoment(moment)).toBe(Math.floor(at(utc) / 60_000) * 60_000);
  });
});

describe('a local time picked in a form', () => {
  it.each([
    ['2026-11-20T21:10', '2026-11-20T21:10+01:00'],
    ['2026-03-29T01:59', '2026-03-29T01:59+01:00'],
    ['2026-03-29T02:30', '2026-03-29T03:30+02:00'],
    ['2026-03-29T03:00', '2026-03-29T03:00+02:00'],
    ['2026-10-25T01:30', '2026-10-25T01:30+02:00'],
    ['2026-10-25T02:30', '2026-10-25T02:30+02:00'],
    ['2026-10-25T03:30', '2026-10-25T03:30+01:00'],
  ])('%s means %s', (local, moment) => expect(momentOfLocal(local)).toBe(moment));

  it('means the second of the two hours in autumn when the phone’s clock is there', () => {
    expect(momentOfLocal('2026-10-25T02:30', at('2026-10-25T01:40:00Z'))).toBe('2026-10-25T02:30+01:00');
    expect(momentOfLocal('2026-10-25T02:30', at('2026-10-25T00:40:00Z'))).toBe('2026-10-25T02:30+02:00');
  });

  it('is nothing when it is not a time', () => expect(momentOfLocal('yesterday')).toBeNull());
});

it('any minute comes back as itself, by way of its moment and of its local time', () => {
  const minute = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2050, 0) / 60_000 });
  fc.assert(
    fc.property(minute, (m) => {
      const moment = momentOf(m * 60_000);
      expect(millisOfMoment(moment)).toBe(m * 60_000);
      expect(momentOfLocal(moment.slice(0, 16), m * 60_000)).toBe(moment);
      expect(dayOf(moment)).toBe(dayOfMillis(m * 60_000));
    }),
  );
});

it('the day that counts is the towns’, whatever the offset says', () => {
  expect(dayOf('2026-11-20T23:30+00:00')).toBe('2026-11-21');
  expect(dayOf('2026-11-20T23:30:00Z')).toBe('2026-11-21');
});

it('a text that is no moment has no day and no milliseconds', () => {
  expect(millisOfMoment('2026-11-20T21:10')).toBeNull();
  expect(millisOfMoment('2026-13-20T21:10+01:00')).toBeNull();
  expect(dayOf('soon')).toBe('');
});
