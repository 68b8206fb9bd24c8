/**
 * What travels between the phone and the server's log, by the names of docs/api/protocol.md. The journal keeps these and `api`
 * carries them; neither needs to know the other.
 */
import type { State } from './state';
import type { Value } from './event';

/** Where a log stands. A head is known to a server exactly when its chain at `seq` is the one shown; the epoch is a hint. */
export type LogHead = { epoch: string; seq: number; chain: string };

/** How one pushed event fared. */
export type Result = {
  id: string;
  c: 'ok' | 'parked' | 'erased' | 'later' | 'refused';
  seq?: number;
  why?: string;
  detail?: string;
};

/** The server's answer to a push. */
export type Receipt = {
  head: LogHead;
  safe: number;
  now: number;
  reoffer: boolean;
  fork: readonly string[];
  res: readonly Result[];
  limits: { events: number; bytes: number };
  retry_ms: number;
};

/** An entity as the feed has it: `st` is null when nothing is folded or it was erased. */
export type Entity = {
  e: string;
  seq: number;
  st: State | null;
  flags?: readonly string[];
  parked: readonly { id: string; why: string }[];
};

/** What counts toward the measures in the present promise year, as of the head's seq `at`. */
export type Tally = {
  at: number;
  year: number;
  from: string;
  to: string;
  measures: readonly { e: string; done: number | null }[];
};

/** A page of the feed. */
export type Page = {
  ents: readonly Entity[];
  erased: readonly string[];
  next: string;
  more: boolean;
  head: LogHead;
  now: number;
  tally?: Tally;
  reset?: 'scope' | 'head';
};

/** An event of an entity's history. `ev` is null when it was erased. */
export type PastEvent = {
  received: number;
  standing: 'folded' | 'parked' | 'erased';
  why?: string;
  id: string;
  by: string;
  ev: { set?: Record<string, Value>; base?: Record<string, string[]>; hlc?: string } | null;
};
