/**
 * Hybrid logical stamps: 48 bits of milliseconds since 1970 and a 16-bit counter, spelled `0192f3c41a2b-0003`. Stamps are kept as
 * their spelling, which has a fixed width, so that comparing texts compares stamps. A wrong clock never blocks anything.
 */

/** A stamp in its spelling. */
export type Stamp = string;

const SPELLING = /^[0-9a-f]{12}-[0-9a-f]{4}$/;
const MAX_MILLIS = 2 ** 48 - 1;
const MAX_COUNTER = 0xffff;

/** Whether a text is a stamp. */
export const isStamp = (text: unknown): text is Stamp => typeof text === 'string' && SPELLING.test(text);

/** A stamp of milliseconds, moved to the ends of the range where they are outside it, and a counter. */
export function stampOf(millis: number, counter: number): Stamp {
  const ms = Math.min(Math.max(Math.floor(millis), 0), MAX_MILLIS);
  return `${ms.toString(16).padStart(12, '0')}-${counter.toString(16).padStart(4, '0')}`;
}

/** The milliseconds of a stamp. */
export const millisOf = (stamp: Stamp): number => parseInt(stamp.slice(0, 12), 16);

/**
 * The stamp of the next thing a writer does, given the last one it used: never the same, never earlier, and the wall clock's as
 * soon as that is ahead.
 */
export function nextStamp(last: Stamp | undefined, now: number): Stamp {
  const wall = stampOf(now, 0);
  if (last === undefined || wall > last) return wall;
  const counter = parseInt(last.slice(13), 16);
  return counter < MAX_COUNTER ? stampOf(millisOf(last), counter + 1) : stampOf(millisOf(last) + 1, 0);
}
