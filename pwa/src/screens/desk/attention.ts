/**
 * What can be done about a thing that needs a look, as strokes of the pen. Nothing here asks or draws: each way out is a button,
 * what it writes, and what is said when it is written. What a decision writes is in docs/api/protocol.md, Decisions.
 */
import type { Attention, AttentionItem, Decision, HistoryReply, PushResult } from '../../api/desk';
import { canon, type Json } from '../../domain/canon';
import type { Value } from '../../domain/event';
import { isConflict, type Head, own, textOf } from '../../domain/state';
import { d } from '../../text/desk';
import { labelOf, stateOf, valueWords, type Book } from './facts';
import type { Stroke } from './pen';

/** The most ids that a base may hold. */
const MOST = 64;

/** A way out. `asks` a reason first; `strokes` then gets it. */
export type Way = {
  key: string;
  words: string;
  done: string;
  asks?: { label: string; hint: string };
  strokes: (answer: string) => Stroke[];
};

/** Where decisions are written: the town's entity, or a new one of this id. */
export type Desk = { reply: Attention; newId: () => string };

/** Sets the registers of a decision about an item. */
function decide({ reply, newId }: Desk, item: AttentionItem, v: Value): Stroke[] {
  const set = Object.fromEntries(item.write.map(({ f }) => [f, v]));
  const base = Object.fromEntries(item.write.filter((w) => w.base.length > 0).map((w) => [w.f, [...w.base]]));
  if (reply.decisions !== null) return [{ e: reply.decisions, set, base }];
  return [{ e: newId(), set, born: { t: 'decisions', kind: null, parent: null } }];
}

const heads = (history: HistoryReply | null, f: string): Head[] => {
  const s = history && stateOf(history);
  return s ? (own(s.f, f)?.h ?? []) : [];
};
const ids = (of: readonly Head[]): string[] => of.map((h) => h.id).slice(0, MOST);

/** Writes a field so that every answer that was shown has been seen. */
export function answer(e: string, f: string, v: Value, shown: readonly Head[]): Stroke {
  return { e, set: { [f]: v }, ...(shown.length > 0 && { base: { [f]: ids(shown) } }) };
}

/** Reasons that no coordinator can release from: the server must learn something first. */
const NOT_YET = ['version', 'type', 'kind'];

export const isDecision = (item: AttentionItem): boolean => item.t === 'decisions';
export const cannotBeLetIn = (item: AttentionItem): boolean => NOT_YET.includes(item.why ?? '');

/** The ways out that are a tap, in the order they are shown. A conflict's answers are not among them: see `answersOf`. */
export function waysOf(
  item: AttentionItem,
  desk: Desk,
  history: HistoryReply | null,
  other: HistoryReply | null,
): Way[] {
  const note = (key: string, words: string, v: string, done: string): Way => ({
    key,
    words,
    done,
    strokes: () => decide(desk, item, v),
  });
  if (item.decided)
    return [{ key: 'back', words: d('a.takeBack'), done: d('a.takenBack'), strokes: () => decide(desk, item, null) }];
  const hold = note('hold', d('a.hold'), 'hold', d('a.held'));
  const ask = note('ask', d('a.ask'), 'asked', d('a.asked'));
  switch (item.reason) {
    case 'parked':
      if (isDecision(item)) return [note('see', d('a.see'), 'seen', d('a.seen'))];
      return cannotBeLetIn(item) ? [hold] : [note('release', d('a.release'), 'release', d('a.released')), hold];
    case 'waiting':
      return [{ ...hold, words: d('a.holdAll') }];
    case 'conflict':
      return [ask];
    case 'edited':
      return backWays(item, history);
    case 'dup':
      return [linkWay(item, other), note('apart', d('a.apart'), 'apart', d('a.apartDone'))];
    case 'gap':
      return [ask, lostWay(item, desk)];
    case 'fork':
      return [note('see', d('a.see'), `seen ${item.seq ?? 0}`, d('a.seen'))];
    case 'clock':
      return [note('right', d('a.right'), 'right', d('a.rightDone'))];
    case 'silent':
      return [note('contact', d('a.contact'), 'contact', d('a.contactDone'))];
  }
}

/** Keeping it taken back names the edits that were looked at, so that one which comes meanwhile is not passed over. */
function backWays(item: AttentionItem, history: HistoryReply | null): Way[] {
  const shown = ids(heads(history, 'retracted'));
  const s = history && stateOf(history);
  if (!item.e || !s) return [];
  const e = item.e;
  const write = (v: Value, base: string[]): Stroke[] => [{ e, set: { retracted: v }, base: { retracted: base } }];
  return [
    {
      key: 'keep',
      words: d('a.keep'),
      done: d('a.kept'),
      strokes: () => write(textOf(s, 'retracted'), [...shown, ...item.events].slice(0, MOST)),
    },
    { key: 'restore', words: d('a.restore'), done: d('a.restored'), strokes: () => write(null, shown) },
  ];
}

const linkWay = (item: AttentionItem, other: HistoryReply | null): Way => ({
  key: 'link',
  words: d('a.link'),
  done: d('a.linked'),
  strokes: () => [answer(item.other ?? '', 'dup_of', item.e ?? '', heads(other, 'dup_of'))],
});

const lostWay = (item: AttentionItem, desk: Desk): Way => ({
  key: 'lost',
  words: d('a.lost'),
  done: d('a.lostDone'),
  asks: { label: d('a.lostWhy'), hint: d('a.lostHint') },
  strokes: (why) => decide(desk, item, `lost ${why}`),
});

/** A field with two answers: each different one once, the one that counts meanwhile first, and all the heads that a choice has seen. */
export type Question = { f: string; answers: Head[]; shown: Head[] };

export function questionsOf(history: HistoryReply): Question[] {
  const s = stateOf(history);
  return Object.entries(s?.f ?? {})
    .filter(([, r]) => isConflict(r))
    .map(([f, r]) => {
      const byValue = new Map([...r.h].reverse().map((h) => [canon(h.v as Json), h]));
      return { f, answers: [...byValue.values()], shown: r.h };
    });
}

/** Using one of the answers. */
export const useWay = (e: string, q: Question, h: Head, book: Book): Way => {
  const value = valueWords(book, q.f, h.v);
  return {
    key: `use ${h.id}`,
    words: d('a.use', { value }),
    done: d('a.used', { field: labelOf(book, q.f), value }),
    strokes: () => [answer(e, q.f, h.v, q.shown)],
  };
};

/**
 * Undoing: a decision is emptied; what was written on an entry is held outside it, so that everything is as it was, and both the
 * write and the undoing stay in its history.
 */
export function undoOf(strokes: readonly Stroke[], results: readonly PushResult[], desk: Desk): Stroke[] {
  const decisions = strokes.filter((s) => isDeciding(s));
  if (decisions.length > 0) {
    return decisions.map((s, i) => {
      const id = results[i]?.id ?? '';
      const names = Object.keys(s.set);
      return {
        e: s.e,
        set: Object.fromEntries(names.map((f) => [f, null])),
        base: Object.fromEntries(names.map((f) => [f, [id]])),
      };
    });
  }
  const set = Object.fromEntries(results.map((r) => [`verdict:${r.id}`, 'hold']));
  const { reply, newId } = desk;
  if (reply.decisions !== null) return [{ e: reply.decisions, set }];
  return [{ e: newId(), set, born: { t: 'decisions', kind: null, parent: null } }];
}

const isDeciding = (s: Stroke): boolean => Object.keys(s.set).every((f) => /^(verdict|noted):/.test(f));

/** What was decided, in words: Hålls utanför. */
export function decisionWords(of: Pick<Decision, 'v'>): string {
  const [word = '', ...rest] = String(of.v ?? '').split(' ');
  const detail = rest.join(' ');
  switch (word) {
    case 'release':
    case 'hold':
    case 'asked':
    case 'apart':
    case 'right':
    case 'contact':
    case 'seen':
      return d(`a.v.${word}`);
    case 'lost':
      return d('a.v.lost', { detail });
  }
  return of.v === null ? d('a.v.none') : String(of.v);
}
