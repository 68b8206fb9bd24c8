/**
 * What has happened to an entry, told from the stored events: who by role and party, never by name; when it was saved and when it
 * came; what each changed, from what its writer was shown. Nothing is left out: what is set aside or erased has its line too.
 */
import type { HistoryEvent, HistoryReply } from '../../api/desk';
import { millisOf } from '../../domain/clock';
import type { Value } from '../../domain/event';

export type Change = { f: string; from: Value[]; to: Value };
export type Line = {
  id: string;
  what: 'saved' | 'corrected' | 'retracted' | 'restored' | 'erased';
  who: { role: string; party: string };
  /** When the writer's clock said it was saved, ms. */
  saved: number;
  received: number;
  late: boolean;
  /** How far the phone's clock is known to have been off, ms; 0 for not that one would notice. */
  clock: number;
  carried: boolean;
  /** Why it is set aside; null when it counts. */
  parked: string | null;
  reason: string | null;
  changes: Change[];
  /** All that it wrote, for an event that is looked at by itself. */
  wrote: Change[];
};

const NOTICED = 2 * 60_000;

type Written = { set: Record<string, Value>; base: Record<string, string[]>; first: boolean; off: number };

/** The lines, newest first. */
export function linesOf(reply: HistoryReply): Line[] {
  const written = new Map(reply.events.map((h) => [h.id, read(h)]));
  return reply.events.map((h) => lineOf(h, written)).reverse();
}

function read(h: HistoryEvent): Written {
  const { set, base, off } = (h.ev ?? {}) as { set?: Written['set']; base?: Written['base']; off?: number | null };
  return { set: set ?? {}, base: base ?? {}, first: h.ev?.new !== undefined, off: off ?? 0 };
}

function lineOf(h: HistoryEvent, written: Map<string, Written>): Line {
  const w = written.get(h.id) as Written;
  const reason = w.set.retracted;
  return {
    id: h.id,
    what: whatOf(h, w),
    who: { role: h.role, party: h.party },
    saved: millisOf(h.hlc),
    received: h.received,
    late: h.late,
    clock: Math.abs(w.off) >= NOTICED ? w.off : 0,
    carried: !h.carrier_same,
    parked: h.standing === 'parked' ? (h.why ?? '') : null,
    reason: typeof reason === 'string' ? reason : null,
    changes: w.first ? [] : changesOf(w, written),
    wrote: changesOf(w, written),
  };
}

function whatOf(h: HistoryEvent, w: Written): Line['what'] {
  if (h.standing === 'erased' || h.ev === null) return 'erased';
  if (w.first) return 'saved';
  if (w.set.retracted === undefined) return 'corrected';
  return w.set.retracted === null ? 'restored' : 'retracted';
}

/** From: the values that the writer was shown, more than one where there were two answers; none when the field was empty. */
function changesOf(w: Written, written: Map<string, Written>): Change[] {
  return Object.entries(w.set)
    .filter(([f]) => f !== 'retracted')
    .map(([f, to]) => ({
      f,
      from: valuesIn(w, f, written),
      to,
    }));
}

/** The values of a field that the writer of an event was shown, oldest first. */
export function shownTo(reply: HistoryReply, id: string, f: string): Value[] {
  const written = new Map(reply.events.map((h) => [h.id, read(h)]));
  const w = written.get(id);
  return w ? valuesIn(w, f, written) : [];
}

const valuesIn = (w: Written, f: string, written: Map<string, Written>): Value[] =>
  (w.base[f] ?? []).map((id) => written.get(id)?.set[f] ?? null).filter((v) => v !== null);
