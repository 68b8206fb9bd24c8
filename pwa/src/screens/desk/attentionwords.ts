/** What the things that need a look are called: a sign, a title, a line below it, and the words of who and when. */
import type { Attention, AttentionItem, DeskPerson, EntriesReply } from '../../api/desk';
import { copy, flag, smartphone, undo2 } from '../../parts/icons';
import { gitMerge, rotateCcw } from '../../parts/icons-desk';
import { civilOf, dateOf, civil, inLanguage, dayLong, clockTime } from '../../text';
import { d } from '../../text/desk';
import { labelOf, whoWords, whyWords, type Book } from './facts';
import { dayTime, span } from './words';

/** What the words are taken from; what has not come yet is left out. */
export type Names = { entries: EntriesReply | null; people: readonly DeskPerson[] };

const bookOf = (names: Names): Book => ({ kind: undefined, names: names.entries });

const SIGN: Record<AttentionItem['reason'], string> = {
  conflict: gitMerge,
  parked: flag,
  waiting: rotateCcw,
  edited: undo2,
  dup: copy,
  gap: smartphone,
  fork: copy,
  clock: flag,
  silent: smartphone,
};
const TITLE = {
  conflict: 'a.conflict',
  parked: 'a.parked',
  waiting: 'a.waitingFor',
  edited: 'a.edited',
  dup: 'a.dup',
  gap: 'a.gap',
  fork: 'a.fork',
  clock: 'a.clock',
  silent: 'a.silent',
} as const;
const TAG = {
  conflict: 'a.conflictTag',
  parked: 'a.parkedTag',
  waiting: 'a.parkedTag',
  edited: 'a.editedTag',
  dup: 'a.dupTag',
  gap: 'a.gapTag',
  fork: 'a.forkTag',
  clock: 'a.clock',
  silent: 'a.silent',
} as const;

export const signOf = (item: AttentionItem): string => SIGN[item.reason];
export const nameOfReason = (item: AttentionItem): string => d(TITLE[item.reason]);
export const tagOf = (item: AttentionItem): string => d(TAG[item.reason]);

/** How many numbers a hole has. */
export const missing = (item: AttentionItem): number => (item.to ?? 0) - (item.from ?? 0) + 1;

/** The heading of a thing that is open. */
export function titleOfItem(item: AttentionItem, now: number): string {
  switch (item.reason) {
    case 'gap':
      return d('a.gapTitle', { n: missing(item) });
    case 'silent':
      return d('a.silentTitle', { age: span(now - (item.seen ?? now)) });
    case 'waiting':
      return d('a.waitingTitle');
    case 'conflict':
      return d('a.conflictTitle');
    case 'parked':
      return d('a.parkedTitle');
    case 'edited':
      return d('a.editedTitle');
    case 'dup':
      return d('a.dupTitle');
    case 'fork':
      return d('a.forkTitle');
    case 'clock':
      return d('a.clockTitle');
  }
}

/** Fotpatrull, Torget, fredag 20 november 21.10: what the thing is about. */
export function entryWords(item: AttentionItem, names: Names): string {
  const face = civilOf(item.started);
  const place = names.entries?.places[item.place ?? ''];
  return [kindWords(item, names), place, face === null ? '' : `${dayLong(face).toLowerCase()} ${clockTime(face)}`]
    .filter(Boolean)
    .join(', ');
}

const kindWords = (item: AttentionItem, names: Names): string =>
  inLanguage(names.entries?.kinds[item.kind ?? ''] ?? {}) ?? (item.name || d('x.title'));

/** The line below the title in the list. */
export function subOf(item: AttentionItem, names: Names, now: number): string {
  if (item.reason === 'silent')
    return d('a.silentSub', { who: personWords(item, names), age: span(now - (item.seen ?? now)) });
  if (item.reason === 'gap' || item.reason === 'fork') return personWords(item, names);
  const face = civilOf(item.started);
  const about = [kindWords(item, names), face === null ? '' : dateOf(face, civil(now))].filter(Boolean).join(' ');
  const more =
    item.reason === 'conflict'
      ? (item.fields ?? []).map((f) => labelOf(bookOf(names), f).toLowerCase()).join(', ')
      : item.reason === 'clock'
        ? span(item.off ?? 0)
        : item.reason === 'dup'
          ? (names.entries?.places[item.place ?? ''] ?? '')
          : '';
  return [about, more].filter(Boolean).join(', ');
}

/** Whose phone it is: by name where that may be known, and by party and role. */
export function personWords(item: AttentionItem, names: Names): string {
  const known = names.people.find((p) => p.account === item.account);
  const who = whoWords(bookOf(names), { role: item.role ?? '', party: item.party ?? '' });
  return known?.name ? `${known.name} (${who})` : who.charAt(0).toUpperCase() + who.slice(1);
}

/** When the phone was heard from, and what it had left. */
export function phoneWords(item: AttentionItem, names: Names, now: number): string {
  const heard = d('a.phone', { who: personWords(item, names), time: dayTime(item.seen ?? now, now) });
  return item.unsent ? `${heard} ${d('a.phoneUnsent', { n: item.unsent })}` : heard;
}

export const whyOf = (item: AttentionItem): string => whyWords(item.why ?? '');

/** What changed in the list, for those who listen. */
export const newsOfAttention = (a: Attention, b: Attention): string =>
  a.open === b.open ? '' : d('a.live', { n: b.open });
