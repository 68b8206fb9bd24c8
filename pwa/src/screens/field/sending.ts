/** Why something is still here and when it is sent next, in words. */
import type { Snapshot, SyncStatus } from '../../domain/app';
import { age, number, t } from '../../text';

const SECOND = 1000;

/** "40 sekunder", "3 min" */
const ahead = (ms: number): string =>
  ms < 60 * SECOND ? t('age.seconds', { n: Math.max(1, Math.ceil(ms / SECOND)) }) : age(ms);

export function sendingWords(s: SyncStatus, now: number): string {
  if (s.phase === 'signin') return t('sync.signIn');
  if (s.phase === 'sending') return t('sync.sending');
  if (s.phase === 'pulling') return t('sync.pulling');
  if (s.phase === 'offline' || s.waiting?.why === 'offline') return t('sync.offlineLong');
  if (s.waiting && s.waiting.until > now) {
    const time = ahead(s.waiting.until - now);
    return t({ server: 'sync.noServer', busy: 'sync.busy', full: 'sync.full' }[s.waiting.why] as 'sync.noServer', {
      time,
    });
  }
  return t('sync.soon');
}

/** The status counted as people count: entries, not the changes of which an entry may have several. */
export function counted(s: Snapshot): SyncStatus & { here: number; others: number } {
  const own = s.entries.filter((e) => e.unsent > 0);
  const others = Math.max(0, s.sync.unsent - own.reduce((sum, e) => sum + e.unsent, 0));
  return { ...s.sync, unsent: own.length + others, here: own.length, others };
}

/** What is said once to those who listen, when the state of sending has become another. */
export function announce(before: SyncStatus, after: SyncStatus): string {
  if (after.action > before.action) return t('pill.action', { n: after.action });
  if (before.unsent > 0 && after.unsent === 0) return t('sync.allSent');
  if (before.phase === after.phase) return '';
  if (after.phase === 'signin') return t('sync.signIn');
  return after.phase === 'offline' ? t('sync.offline') : '';
}

/** 14 MB, 2 GB */
export function bytes(n: number): string {
  const MB = 1e6;
  return n >= 1000 * MB ? `${number(Math.round(n / (100 * MB)) / 10)} GB` : `${number(Math.round(n / MB))} MB`;
}

const NEARLY_FULL = 0.95;

/** How much room there is and whether the phone may clear it. */
export function storageWords(s: Snapshot['storage']): { words: string; full: boolean } {
  if (s.used === null || s.quota === null)
    return { words: s.persisted === false ? t('sync.storageRisk') : '', full: false };
  const room = { a: bytes(s.used), b: bytes(s.quota) };
  const words =
    s.persisted === true ? t('sync.storage', room) : `${t('sync.storagePlain', room)} ${t('sync.storageRisk')}`;
  return { words, full: s.used > s.quota * NEARLY_FULL };
}
