/** Why something is still here and when it is sent next, in words. */
import type { Snapshot, SyncStatus } from '../../domain/app';
import { age, number, t } from '../../text';
import { tm } from '../../text/more';

const SECOND = 1000;

/** "40 sekunder", "3 min" */
const ahead = (ms: number): string =>
  ms < 60 * SECOND ? tm('age.seconds', { n: Math.max(1, Math.ceil(ms / SECOND)) }) : age(ms);

const WAITING = { server: 'sync.noServer', busy: 'sync.busy', full: 'sync.full' } as const;

export function sendingWords(s: SyncStatus, now: number): string {
  if (s.phase === 'signin') return t('sync.signIn');
  if (s.phase === 'sending') return tm('sync.sending');
  if (s.phase === 'pulling') return tm('sync.pulling');
  if (s.waiting?.why === 'portal') return t('sync.portal');
  if (s.phase === 'offline' || s.waiting?.why === 'offline') return tm('sync.offlineLong');
  if (s.waiting && s.waiting.until > now) {
    const time = ahead(s.waiting.until - now);
    return tm(WAITING[s.waiting.why], { time });
  }
  return tm('sync.soon');
}

/** 14 MB, 2 GB */
export function bytes(n: number): string {
  const MB = 1e6;
  return n >= 1000 * MB ? `${number(Math.round(n / (100 * MB)) / 10)} GB` : `${number(Math.round(n / MB))} MB`;
}

const NEARLY_FULL = 0.95;

/** How much room there is and whether the phone may clear it. */
export function storageWords(s: Snapshot['storage']): { words: string; room: string; full: boolean } {
  if (s.used === null || s.quota === null)
    return { words: s.persisted === false ? tm('sync.storageRisk') : '', room: '', full: false };
  const room = { a: bytes(s.used), b: bytes(s.quota) };
  const words =
    s.persisted === true ? tm('sync.storage', room) : `${tm('sync.storagePlain', room)} ${tm('sync.storageRisk')}`;
  return { words, room: tm('sync.storagePlain', room), full: s.used > s.quota * NEARLY_FULL };
}
