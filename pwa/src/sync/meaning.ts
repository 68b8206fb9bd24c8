/**
 * What the phone does about a request that brought no answer it can use: one table, the same as in docs/api/protocol.md. Nothing in
 * it removes anything. Only an answer in our server's own words (a problem document) blames an event or asks for a sign-in: what
 * else stands on the road has no say about either.
 */
import type { Failure } from '../api/http';
import type { Blame, Happening, Why } from './machine';

/** What can be met, by its name in the table. */
export type Met =
  'time-out' | 'offline' | 'portal' | '400' | '401' | '403 revoked' | '408' | '413' | '429' | '503' | '507' | 'other';

/**
 * `wait` backs off, for as long as the server says where `heed`; `smaller` backs off and halves the batch; `blame` looks for the
 * culprit in halves and sets it aside for its writer; `sign in` asks the person to, and goes on pushing.
 */
export type Doing =
  | { do: 'wait'; why: Why; heed?: true }
  | { do: 'smaller' }
  | { do: 'blame'; why: Blame; ours?: true }
  | { do: 'sign in'; ours: true };

/** The table. What is `ours` is done only at our server's words; without them it is `other`. */
export const MEANINGS: Readonly<Record<Met, Doing>> = {
  'time-out': { do: 'smaller' },
  offline: { do: 'wait', why: 'offline' },
  portal: { do: 'wait', why: 'portal' },
  400: { do: 'blame', why: 'malformed', ours: true },
  401: { do: 'sign in', ours: true },
  '403 revoked': { do: 'sign in', ours: true },
  408: { do: 'smaller' },
  413: { do: 'blame', why: 'too-large' },
  429: { do: 'wait', why: 'busy', heed: true },
  503: { do: 'wait', why: 'busy', heed: true },
  507: { do: 'wait', why: 'full', heed: true },
  other: { do: 'wait', why: 'server' },
};

/** The line of the table for a failure. */
export function lineOf(failure: Failure): Met {
  const met = nameOf(failure);
  return 'ours' in MEANINGS[met] && !failure.problem ? 'other' : met;
}

function nameOf({ why, status, problem }: Failure): Met {
  if (why !== 'status') return why === 'slow' ? 'time-out' : why;
  if (problem?.type.endsWith('/revoked')) return '403 revoked';
  return `${status}` in MEANINGS ? (`${status}` as Met) : 'other';
}

/** What a failure tells the machine. `sent` are the ids of the events that went with the request. */
export function meaning(failure: Failure, sent: readonly string[]): Happening {
  const doing = MEANINGS[lineOf(failure)];
  switch (doing.do) {
    case 'smaller':
      return { type: 'slow' };
    case 'sign in':
      return { type: 'unauthorised' };
    case 'blame':
      return { type: 'blamed', why: doing.why, count: sent.length, only: sent.length === 1 ? (sent[0] ?? null) : null };
    case 'wait':
      return { type: 'failed', why: doing.why, retryAfter: doing.heed ? failure.retryAfter : null };
  }
}
