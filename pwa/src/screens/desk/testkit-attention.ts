/** Things that need a look in the town of testkit.ts, one of each reason. Never part of what is built. */
import type { Attention, AttentionItem } from '../../api/desk';
import { id, NOW } from './testkit';
import { TORGET } from './testkit-entries';
import { ENTRY } from './testkit-history';

const HOUR = 3_600_000;
const about = (reason: AttentionItem['reason'], subject: string, more: Partial<AttentionItem> = {}): AttentionItem => ({
  id: `${reason}:${subject}`,
  reason,
  events: [],
  at: NOW - HOUR,
  write: [{ f: `noted:${reason}:${subject}`, base: [] }],
  ...more,
});
const entry = {
  e: ENTRY,
  t: 'activity',
  kind: 'foot_patrol',
  started: '2026-11-20T21:10+01:00',
  place: TORGET,
  account: id(911),
  role: 'field',
  party: 'police',
};
const phone = { inc: id(912), account: id(911), role: 'field', party: 'police', seen: NOW - 216 * HOUR, unsent: 3 };

/** What waits: nothing, or one of each. */
export const attention = (full = false): Attention => ({
  open: full ? 9 : 0,
  items: full
    ? [
        about('conflict', ENTRY, { ...entry, fields: ['minutes'] }),
        about('parked', id(303), {
          ...entry,
          why: 'right',
          events: [id(303)],
          write: [{ f: `verdict:${id(303)}`, base: [] }],
        }),
        about('waiting', ENTRY, {
          ...entry,
          ...phone,
          events: [id(303)],
          write: [{ f: `verdict:${id(303)}`, base: [] }],
        }),
        about('edited', ENTRY, { ...entry, events: [id(302)], write: [] }),
        about('dup', `${ENTRY}:${id(102)}`, { ...entry, other: id(102) }),
        about('gap', `${id(912)}:4`, { ...phone, from: 4, to: 6 }),
        about('fork', id(912), { ...phone, events: [id(302)], seq: 52 }),
        about('clock', ENTRY, { ...entry, events: [ENTRY], off: 3 * HOUR }),
        about('silent', id(912), phone),
      ]
    : [],
  settled: [],
  decisions: null,
  now: NOW,
});
