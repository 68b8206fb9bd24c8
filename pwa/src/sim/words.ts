/** What the simulator's two halves say to each other: a line of JSON each way, the phones answering when they have come to rest. */
import type { Draft, Snapshot } from '../domain/app';
import type { Entity, LogHead, Tally } from '../domain/log';
import type { Row } from '../domain/row';
import type { Value } from '../domain/event';

/** Time: `at` is what a right clock would say, ms; `mono` never goes back and is what timers go by. */
type Always = { at: number; mono: number };

/** What happens to a tab. `killAt` has it die after so many tasks, `killAfter` once it has written so many times. */
type InTab = { phone: number; tab: number; killAt?: number; killAfter?: number };

/** What happens in a tab that is open. */
export type Inside = InTab &
  (
    | { do: 'kill' | 'cut' | 'freeze' | 'thaw' | 'mend' }
    | { do: 'trouble'; name: 'QuotaExceededError' | 'UnknownError'; after: number; times: number }
    | { do: 'enrol'; code: string; name: string; party: string }
    | { do: 'signOut' }
    | { do: 'form'; kind?: string; e?: string }
    | { do: 'save' | 'keep'; form: number; values: Record<string, Value>; base?: Draft['base'] }
    | { do: 'retract'; e: string; reason: string }
    | { do: 'raw'; bytes: string }
    | { do: 'wake'; by: 'user' | 'online' | 'worker' | 'visible' | 'hidden' }
  );

type Outside =
  | { do: 'world'; seed: string }
  | { do: 'pass' }
  | { do: 'phone' | 'clock'; phone: number; skew: number }
  | { do: 'copy'; phone: number; into: number; skew: number }
  | ({ do: 'look' | 'open' } & InTab)
  | { do: 'search'; phone: number; texts: string[] }
  | ({ do: 'reply'; id: number; status: number; type: string; retry: string; body: string } & InTab)
  | { do: 'lost'; id: number };

export type Command = Always & (Inside | Outside);

/** A request that wants to leave a phone. `turn` is the phone's latest, which is the request's own. */
export type Asked = {
  id: number;
  phone: number;
  tab: number;
  method: string;
  path: string;
  token: string;
  body: string;
  turn: number;
};

/** Something a person asked for that came to an end. */
export type Ended = { form: number; ok: boolean; value?: unknown; error?: string };

/** Everything that a phone keeps, and what its tab shows. */
export type Look = {
  account: string;
  people: { account: string; inc: string }[];
  head: LogHead | null;
  turn: number;
  settled: number;
  rows: Row[];
  drafts: string[];
  cache: { epoch: string; cursor: string; tally: Tally | null; entities: Entity[] };
  shown: Pick<Snapshot, 'entries' | 'measures' | 'sync'> | null;
};

export type Said = {
  /** Requests that left, and those that were given up. */
  asked: Asked[];
  gone: number[];
  ended: Ended[];
  /** When the next timer of a phone is due, by `mono`. */
  due: Record<number, number>;
  /** Whether the tab of the command died of it. */
  died: boolean;
  look: Look | null;
  /** Where the phone has any of the texts that were searched for. */
  found: string[];
  /** What no code caught. */
  uncaught: string[];
};
