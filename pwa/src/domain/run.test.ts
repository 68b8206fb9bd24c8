import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrected, end, endValues, goOn, guesses, isForgotten, isPaused, pause, type Run, workedMinutes } from './run';

const MIN = 60_000;
const at = (text: string) => Date.parse(text);
const T = at('2026-11-20T21:10+01:00');
const from = (startedAt = T): Run => ({ startedAt, pauses: [] });

describe('the minutes of a patrol', () => {
  it('are whole ones since it began', () => {
    expect([0, 59_999, 60_000, 38 * MIN + 59_000].map((ms) => workedMinutes(from(), T + ms))).toEqual([0, 0, 1, 38]);
  });
  it('stand still in a pause and leave it out afterwards', () => {
    const paused = pause(from(), T + 20 * MIN);
    expect([isPaused(paused), workedMinutes(paused, T + 50 * MIN)]).toEqual([true, 20]);
    const on = goOn(paused, T + 50 * MIN);
    expect([isPaused(on), workedMinutes(on, T + 60 * MIN)]).toEqual([false, 30]);
    expect(workedMinutes(goOn(pause(on, T + 70 * MIN), T + 80 * MIN), T + 85 * MIN)).toBe(45);
  });
  it('are not changed by pausing twice', () => {
    const paused = pause(from(), T + MIN);
    expect(pause(paused, T + 9 * MIN)).toBe(paused);
  });
  it('are those before it ended, and go on when it goes on', () => {
    const ended = end(from(), T + 40 * MIN);
    expect(endValues(ended, T + 90 * MIN)).toEqual({ started_at: '2026-11-20T21:10+01:00', minutes: 40 });
    const on = goOn(ended, T + 60 * MIN);
    expect([on.ended, workedMinutes(on, T + 65 * MIN)]).toEqual([undefined, 45]);
  });
  it('of one that is ended in a pause are those before the pause', () => {
    const ended = end(pause(from(), T + 15 * MIN), T + 40 * MIN);
    expect(endValues(ended, T + 41 * MIN).minutes).toBe(15);
  });
  it('of one that is said to have stopped earlier leave out what came later', () => {
    const long = goOn(pause(goOn(pause(from(), T + 30 * MIN), T + 40 * MIN), T + 200 * MIN), T + 210 * MIN);
    expect(endValues(end(long, T + 100 * MIN), T + 400 * MIN).minutes).toBe(90);
    expect(endValues(end(long, T + 35 * MIN), T + 400 * MIN).minutes).toBe(30);
  });
  it('are at least one and at most a day in the form', () => {
    expect(endValues(from(), T + 5).minutes).toBe(1);
    expect(endValues(from(), T + 5 * 1440 * MIN).minutes).toBe(1440);
  });
});

describe('the beginning of a patrol', () => {
  it.each([
    ['crosses midnight', '2026-11-20T23:40+01:00', 45, '2026-11-20T23:40+01:00'],
    ['crosses the night when clocks go forward', '2026-03-29T01:30+01:00', 60, '2026-03-29T01:30+01:00'],
    ['crosses the night when clocks go back', '2026-10-25T02:30+02:00', 60, '2026-10-25T02:30+02:00'],
    ['begins in the hour that comes again', '2026-10-25T02:30+01:00', 60, '2026-10-25T02:30+01:00'],
  ])('that %s is the wall clock of then, and the minutes those that went by', (_, began, minutes, started_at) => {
    expect(endValues(end(from(at(began)), at(began) + minutes * MIN), at(began) + 99 * MIN)).toEqual({
      started_at,
      minutes,
    });
  });
  it('that was corrected in the form holds when it goes on, and one that was not keeps its seconds', () => {
    expect(corrected(from(T + 7), '2026-11-20T21:10+01:00').startedAt).toBe(T + 7);
    expect(corrected(from(), '2026-11-20T21:00+01:00').startedAt).toBe(T - 10 * MIN);
    expect(corrected(from(), null).startedAt).toBe(T);
  });
});

describe('a clock that is set back', () => {
  it('gives no minutes rather than fewer than none, and no beginning after the end', () => {
    const back = T - 300 * MIN;
    expect(workedMinutes(from(), back)).toBe(0);
    expect(endValues(end(from(), back), back)).toEqual({ started_at: '2026-11-20T16:10+01:00', minutes: 1 });
  });
  it('never gives fewer minutes than none, nor more than went by, whatever is pressed when', () => {
    const step = fc.tuple(fc.constantFrom('pause', 'goOn', 'end'), fc.integer({ min: -500, max: 500 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: -500, max: 500 }), (steps, last) => {
        const act = { pause, goOn, end };
        const run = steps.reduce((r, [what, min]) => act[what](r, T + min * MIN), from());
        const worked = workedMinutes(run, T + last * MIN);
        const latest = Math.max(last, ...steps.map(([, min]) => min), 0);
        return worked >= 0 && worked <= latest && run.pauses.filter(([, to]) => to === null).length <= 1;
      }),
    );
  });
});

describe('a forgotten patrol', () => {
  const H = 60 * MIN;
  it('is asked about after four hours, and again four hours after it was said to go on', () => {
    expect([isForgotten(from(), T + 4 * H), isForgotten(from(), T + 4 * H + 1)]).toEqual([false, true]);
    const sure = { ...from(), sure: T + 5 * H };
    expect([isForgotten(sure, T + 9 * H), isForgotten(sure, T + 9 * H + 1)]).toEqual([false, true]);
    expect(isForgotten(end(from(), T), T + 9 * H)).toBe(false);
  });
  it('may have stopped where it was paused, else some hours after it last went on', () => {
    expect(guesses(pause(from(), T + H), T + 9 * H)).toEqual([T + H]);
    expect(guesses(from(), T + 5 * H)).toEqual([T + H, T + 2 * H, T + 4 * H]);
    expect(guesses(goOn(pause(from(), T + H), T + 3 * H), T + 5 * H)).toEqual([T + 4 * H]);
  });
});
