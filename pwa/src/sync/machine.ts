/**
 * When to send, when to fetch, when to wait: one table of states and events, pure. The engine carries out the effects and reports
 * what came of them; clock, chance and network are its business.
 *
 * Sending comes before fetching. No failure removes anything: it is waited out, or one event is set aside for a person to look at.
 */

/** Why we wait: the words of SyncStatus. `portal`: something on the way answers in the server's place, and wants a sign-in. */
export type Why = 'offline' | 'portal' | 'server' | 'busy' | 'full';

export type At = 'idle' | 'push' | 'probe' | 'pull' | 'check' | 'wait' | 'signin';

export type Machine = {
  at: At;
  /** Events in the next request, and the most the server takes. */
  size: number;
  max: number;
  /** Failures in a row; the back-off doubles with each. */
  tries: number;
  /** Something was saved meanwhile. */
  again: boolean;
  /** The push under way was asked for by `reset: head`, so a second such answer in a row is the server's fault. */
  forced: boolean;
  why: Why;
  /** The server said how long; nobody shortens it. */
  firm: boolean;
  /** Set aside when a request without events is taken. */
  culprit: { id: string; why: Blame } | null;
};

export type Blame = 'malformed' | 'too-large';

export type Wake = 'saved' | 'online' | 'visible' | 'start' | 'timer' | 'user' | 'worker';

export type Happening =
  | { type: 'wake'; by: Wake }
  /** Nothing was there to send. */
  | { type: 'empty' }
  /** A reply was applied: what is left, whether anything was answered or offered anew, how long the server wants to rest, and how long it took. */
  | { type: 'pushed'; left: number; progress: boolean; rest: number; took: number; max: number }
  /** 400, or 413 and the like: `count` events were sent, `only` when it was one. */
  | { type: 'blamed'; why: Blame; count: number; only: string | null }
  /** The request did not get through in the time that the road gave it: its time was up, or the connection broke on the way. */
  | { type: 'slow' }
  | { type: 'failed'; why: Why; retryAfter: number | null }
  | { type: 'unauthorised' }
  /** The reply was late, or the page not the one wanted now. */
  | { type: 'stale' }
  /** Another tab is at it. */
  | { type: 'led' }
  /** Something is unsent, so nothing is fetched yet. */
  | { type: 'unsent' }
  | { type: 'pulled'; more: boolean; changed: boolean; reset: boolean }
  | { type: 'checked'; rebuilt: boolean }
  | { type: 'due' };

export type Effect =
  | { do: 'push'; size: number; forced: boolean }
  | { do: 'pull' }
  | { do: 'check' }
  /** Wait: a random part of `upTo` after `atLeast`, ms. */
  | { do: 'sleep'; atLeast: number; upTo: number }
  | { do: 'setAside'; id: string; why: Blame };

export type Step = [next: Machine, effects: Effect[]];

const FIRST_SIZE = 25;
/** A batch that took longer than this, ms, is as large as the road bears: roads that break every ten seconds are common. */
const EASY = 2500;
const FIRST_BACKOFF = 2000;
const LAST_BACKOFF = 900_000;

/** A machine that has nothing to do yet. */
export const atRest = (): Machine => ({
  at: 'idle',
  size: FIRST_SIZE,
  max: 500,
  tries: 0,
  again: false,
  forced: false,
  why: 'offline',
  firm: false,
  culprit: null,
});

type Of<T extends Happening['type']> = Extract<Happening, { type: T }>;
type Rules = { [T in Happening['type']]?: (m: Machine, h: Of<T>) => Step };

const stay = (m: Machine): Step => [m, []];

function push(m: Machine, forced = false): Step {
  const next: Machine = { ...m, at: 'push', again: false, forced, firm: false, culprit: null };
  return [next, [{ do: 'push', size: m.size, forced }]];
}

const pull = (m: Machine): Step => [{ ...m, at: 'pull' }, [{ do: 'pull' }]];

/** Backs off, twice as long each time; or for as long as the server said, which nobody shortens. */
function wait(m: Machine, why: Why, retryAfter: number | null = null): Step {
  const backoff = Math.min(FIRST_BACKOFF * 2 ** m.tries, LAST_BACKOFF);
  const next: Machine = { ...m, at: 'wait', why, firm: retryAfter !== null, tries: Math.min(m.tries + 1, 16) };
  return [
    next,
    [{ do: 'sleep', atLeast: retryAfter ?? 0, upTo: retryAfter === null ? backoff : Math.min(retryAfter / 10, 5000) }],
  ];
}

const rest = (m: Machine): Step => (m.again ? push(m) : stay({ ...m, at: 'idle', forced: false }));

/** Looks for the culprit in halves; one that is alone is believed guilty when a request without events is taken. */
function blame(m: Machine, h: Of<'blamed'>): Step {
  if (h.count > 1) return push({ ...m, size: Math.max(1, Math.floor(Math.min(h.count, m.size) / 2)) });
  if (h.only === null) return wait(m, 'server');
  return [{ ...m, at: 'probe', size: 1, culprit: { id: h.only, why: h.why } }, [{ do: 'push', size: 0, forced: true }]];
}

function pushed(m: Machine, h: Of<'pushed'>): Step {
  const size = Math.max(1, Math.min(h.took > EASY ? m.size : m.size * 2, h.max));
  const next = { ...m, max: h.max, size, tries: h.progress || h.left === 0 ? 0 : m.tries };
  if (h.left === 0) return pull(next);
  if (h.rest > 0) return wait(next, 'busy', h.rest);
  return h.progress ? push(next, next.forced) : wait(next, 'busy');
}

/** What any request may meet. */
const asking: Rules = {
  wake: (m, { by }) => stay(by === 'saved' ? { ...m, again: true } : m),
  slow: (m) => wait(m.at === 'push' ? { ...m, size: Math.max(1, Math.floor(m.size / 2)) } : m, 'offline'),
  failed: (m, { why, retryAfter }) => wait(m, why, retryAfter),
  blamed: (m) => wait(m, 'server'),
  unauthorised: (m) => stay({ ...m, at: 'signin' }), // whoever signs in begins with a machine of their own
  stale: (m) => wait(m, 'busy'),
  led: (m) => stay({ ...m, at: 'idle' }),
};

/** The table: what may happen where. What is not listed changes nothing. */
export const TABLE: Record<At, Rules> = {
  idle: { wake: (m) => push(m) },
  push: { ...asking, empty: pull, pushed, blamed: blame },
  probe: {
    ...asking,
    pushed: (m, h) => {
      const [next, effects] = push({ ...m, tries: 0, max: h.max });
      return [next, m.culprit ? [{ do: 'setAside', ...m.culprit }, ...effects] : effects];
    },
  },
  pull: {
    ...asking,
    unsent: (m) => push(m),
    pulled: (m, h) => {
      if (h.reset) return m.forced ? wait({ ...m, forced: false }, 'server') : push(m, true);
      if (h.more) return pull({ ...m, tries: 0 });
      const next = { ...m, tries: 0, forced: false };
      return h.changed ? [{ ...next, at: 'check' }, [{ do: 'check' }]] : rest(next);
    },
  },
  check: { ...asking, checked: (m, { rebuilt }) => (rebuilt ? pull(m) : rest(m)) },
  wait: {
    wake: (m, { by }) => {
      if (m.firm) return stay(m);
      if (by === 'user' || by === 'online') return push({ ...m, tries: 0 });
      return m.why === 'offline' || m.why === 'portal' ? push(m) : stay(m);
    },
    due: (m) => push(m),
  },
  signin: {
    // Who is shut out may still send, and may be let in again. The push leaves even when nothing is unsent: only so does one whose
    // pulls are refused hear that the server was put back, and offers anew what that lost.
    wake: (m, { by }) => (by === 'timer' ? stay(m) : push(m, true)),
  },
};

/** One step: the next state and what to do. */
export function step(m: Machine, h: Happening): Step {
  const rule = TABLE[m.at][h.type] as ((m: Machine, h: Happening) => Step) | undefined;
  return rule ? rule(m, h) : stay(m);
}
