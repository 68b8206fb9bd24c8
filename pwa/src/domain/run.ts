/**
 * A patrol that is running: when it began, and the pauses since. Pure: the clock is an argument, and one that was wrong or set back
 * gives too few minutes, never fewer than none. All is counted in ms, so that midnight and the nights when clocks change are nothing.
 */
import type { Draft } from './app';
import { millisOfMoment, momentOf } from './local';

/** A pause that is not over has no end. One that is open when the patrol has `ended` begins where the patrol stopped. */
type Pause = [from: number, to: number | null];
export type Run = {
  /** ms */
  startedAt: number;
  pauses: Pause[];
  /** Its form is open: it is saved, thrown away or gone on with. */
  ended?: true;
  /** ms when someone last said that it is still going on. */
  sure?: number;
};
export type RunningDraft = Draft & { run: Run };

const MINUTE = 60_000;
/** A patrol that has gone on for so long without a word is asked about. */
const FORGOTTEN = 4 * 60 * MINUTE;
const MOST_MINUTES = 1440;

export const isRunning = (d: Draft): d is RunningDraft => d.run !== undefined;

const open = (run: Run): Pause | undefined => run.pauses.find(([, to]) => to === null);

/** Whether it stands still, by a pause or because it has ended. */
export const isPaused = (run: Run): boolean => open(run) !== undefined;

/** Whole minutes that were worked until `now`. */
export function workedMinutes(run: Run, now: number): number {
  const until = open(run)?.[0] ?? now;
  let worked = 0;
  let from = run.startedAt;
  for (const [a, b] of [...run.pauses].sort((p, q) => p[0] - q[0])) {
    worked += Math.max(0, Math.min(a, until) - from);
    from = Math.max(from, b ?? until);
  }
  return Math.floor((worked + Math.max(0, until - from)) / MINUTE);
}

/** Stands still from `now`; nothing when it does already. */
export const pause = (run: Run, now: number): Run =>
  isPaused(run) ? run : { ...run, pauses: [...run.pauses, [now, null]] };

/** Goes on from `now`, whether it was paused or ended. */
export function goOn(run: Run, now: number): Run {
  const { ended: _, ...rest } = run;
  return { ...rest, pauses: run.pauses.map(([from, to]) => [from, to ?? Math.max(from, now)]), sure: now };
}

/** Stopped at `at`, which may be long ago; a pause that it lies in is where it stopped. */
export function end(run: Run, at: number): Run {
  const before = run.pauses.filter(([from]) => from <= at);
  const inside = before.find(([, to]) => to === null || to >= at);
  const over = before.filter(([, to]) => to !== null && to < at);
  return { ...run, pauses: [...over, [inside?.[0] ?? at, null]], ended: true };
}

/** When it stopped or was paused, ms; null while it goes on. */
export const stoppedAt = (run: Run): number | null => open(run)?.[0] ?? null;

/** Whether to ask when it stopped. */
export const isForgotten = (run: Run, now: number): boolean =>
  !run.ended && now - Math.max(run.startedAt, run.sure ?? 0) > FORGOTTEN;

/** Times at which a forgotten one may have stopped, the likeliest first: where it was paused, else after one hour, two, four. */
export function guesses(run: Run, now: number): number[] {
  const paused = open(run)?.[0];
  if (paused !== undefined) return [paused];
  const last = Math.max(run.startedAt, ...run.pauses.map(([, to]) => to ?? 0));
  return [1, 2, 4].map((h) => last + h * 60 * MINUTE).filter((at) => at < now);
}

/** What its form begins with: when it began, with the offset that held then, and the minutes worked. */
export function endValues(run: Run, now: number): { started_at: string; minutes: number } {
  const until = open(run)?.[0] ?? now;
  const minutes = Math.min(Math.max(workedMinutes(run, now), 1), MOST_MINUTES);
  return { started_at: momentOf(Math.min(run.startedAt, until)), minutes };
}

/** The run as its form left it: a beginning that was corrected there holds when the patrol goes on. */
export function corrected(run: Run, startedAt: unknown): Run {
  const at = typeof startedAt === 'string' && startedAt !== momentOf(run.startedAt) ? millisOfMoment(startedAt) : null;
  return at === null ? run : { ...run, startedAt: at };
}
