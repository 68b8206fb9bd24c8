/** The status of sending, for the header and for those who listen. */
import type { Snapshot, SyncStatus } from '../../domain/app';
import { t } from '../../text';

/** The status counted as people count: entries and proposed places, not the changes of which one may have several. */
export function counted(s: Snapshot): SyncStatus & { here: number } {
  const here = [...s.entries, ...s.places].filter((e) => e.unsent).length;
  return { ...s.sync, unsent: here + s.sync.others, here };
}

/** What is said once to those who listen, when the state of sending has become another. */
export function announce(before: SyncStatus, after: SyncStatus): string {
  if (after.action > before.action) return t('pill.action', { n: after.action });
  if (before.unsent > 0 && after.unsent === 0) return t('sync.allSent');
  if (after.waiting?.why === 'portal' && before.waiting?.why !== 'portal') return t('sync.portal');
  if (before.phase === after.phase) return '';
  if (after.phase === 'signin') return t('sync.signIn');
  return after.phase === 'offline' ? t('sync.offline') : '';
}
