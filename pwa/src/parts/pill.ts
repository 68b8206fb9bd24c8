/**
 * What the header says about sending, and how loudly. Being offline is normal and stays quiet; amber is for a network that
 * takes nothing, red for what has lain here a day or waits for a person.
 */
import type { SyncStatus } from '../domain/app';
import { age, civil, clockTime, DAY, t } from '../text';

export type Tone = 'ok' | 'quiet' | 'amber' | 'red';
export type PillWords = { tone: Tone; main: string; sub?: string };

const AMBER_AFTER = 15 * 60_000;

/** How loudly it is to be told that the oldest has waited so long: after a quarter of an hour where there is a network, after a day anywhere. */
export function urgency(s: SyncStatus, now: number): Tone {
  const old = s.oldest === null ? 0 : now - s.oldest;
  return old > DAY ? 'red' : old > AMBER_AFTER && s.phase !== 'offline' ? 'amber' : 'quiet';
}

/** The words and tone for a status as it is at `now` (ms). */
export function pill(s: SyncStatus, now: number): PillWords {
  const unsent = t('pill.unsent', { n: s.unsent });
  if (s.action > 0) {
    return { tone: 'red', main: t('pill.action', { n: s.action }), ...(s.unsent > 0 && { sub: unsent }) };
  }
  const old = s.oldest === null ? 0 : now - s.oldest;
  if (s.phase === 'signin')
    return { tone: old > DAY ? 'red' : 'amber', main: t('pill.signIn'), ...(s.unsent > 0 && { sub: unsent }) };
  if (s.unsent === 0) {
    return {
      tone: 'ok',
      main: s.allSentAt === null ? t('pill.nothing') : t('pill.none', { time: clockTime(civil(s.allSentAt)) }),
    };
  }
  return { tone: urgency(s, now), main: unsent, sub: t('pill.oldest', { n: s.unsent, age: age(old) }) };
}
