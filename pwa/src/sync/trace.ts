/**
 * A trace beside the journal: how far each installation has written and how much of that was not sent, kept where it outlives an
 * emptied IndexedDB. By it the phone notices that storage is gone, and says what is lost in place of nothing. It holds numbers and
 * ids of the phone's own, no word of anybody's; where nothing can be kept there is no trace, and nothing else is missing.
 */
import type { Loss } from '../domain/app';
import { Outbox } from '../journal/outbox';
import { type Written, written } from '../journal/written';

/** Where the trace is kept: one text. */
export type Memory = { get: () => string | null; set: (text: string) => void };

/** `n` is the last number per installation; `at` when that was so, ms. */
type Town = Written & { at: number };
type Trace = { towns: Record<string, Town>; lost: Loss[] };

const KEY = 'trace';

/** The page's own. */
export const PAGE: Memory = {
  get: () => quietly(() => page().getItem(KEY)) ?? null,
  set: (text) => void quietly(() => page().setItem(KEY, text)),
};

// eslint-disable-next-line no-restricted-globals -- the trace must outlive the journal, and nothing else is kept here
const page = (): Storage => localStorage;

/** A browser may forbid it, or have no room. */
function quietly<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

const read = (memory: Memory): Trace =>
  quietly(() => JSON.parse(memory.get() ?? '') as Trace) ?? { towns: {}, lost: [] };

/** Writes down how far the outbox has come, after what it should have had was compared with what it has. */
export async function note(memory: Memory, outbox: Outbox, now: number): Promise<void> {
  const before = read(memory).towns[outbox.town]; // read first: what another tab writes meanwhile is no loss
  const has = await written(outbox);
  const { towns, lost } = read(memory);
  const loss = before && missing(before, has);
  const fresh = loss && !lost.some(({ at }) => at === loss.at) ? [...lost, loss] : lost;
  const n = loss ? has.n : larger(towns[outbox.town]?.n ?? {}, has.n);
  memory.set(JSON.stringify({ towns: { ...towns, [outbox.town]: { ...has, n, at: now } }, lost: fresh }));
}

/** What another tab has noted meanwhile is not taken back. */
function larger(a: Written['n'], b: Written['n']): Written['n'] {
  return Object.fromEntries(Object.keys({ ...a, ...b }).map((inc) => [inc, Math.max(a[inc] ?? 0, b[inc] ?? 0)]));
}

/** What was written by the trace and is not there. An installation whose numbers go on has lost nothing. */
function missing({ n, unsent, at }: Town, has: Written): Loss | null {
  const gone = Object.entries(n).reduce((sum, [inc, last]) => sum + Math.max(0, last - (has.n[inc] ?? 0)), 0);
  return gone === 0 ? null : { wrote: gone, unsent: Math.min(unsent, gone), at };
}

/** All that was lost and that nobody has answered for; null when nothing was. */
export async function lost(memory: Memory, now: number): Promise<Loss | null> {
  for (const town of Object.keys(read(memory).towns)) {
    const outbox = new Outbox(town);
    await note(memory, outbox, now).finally(() => outbox.db.close());
  }
  const all = read(memory).lost;
  if (all.length === 0) return null;
  const sum = (of: 'wrote' | 'unsent') => all.reduce((total, loss) => total + loss[of], 0);
  return { wrote: sum('wrote'), unsent: sum('unsent'), at: Math.max(...all.map(({ at }) => at)) };
}

/** Somebody has read it. */
export function understood(memory: Memory): void {
  memory.set(JSON.stringify({ ...read(memory), lost: [] }));
}
