/** What the tabs and the service worker say to each other. None of it carries an entry; what is true is in the journal. */

import type { Seat } from './app';

/** From a page to the waiting worker: no tab has a form open, it may take over. */
export type ToWorker = { type: 'take-over' };

/** From the worker to its pages: the network may be back. */
export type FromWorker = { type: 'sync' };

/** Tag of the one-off background sync, where the browser has it. */
export const SYNC_TAG = 'send';

/** Between tabs: something in the journal changed; a form is asked for, or is open. */
export type BetweenTabs =
  | { type: 'saved' }
  | { type: 'changed'; what: 'outbox' | 'cache' | 'drafts' }
  /** Another person uses the phone from now on, or nobody until one has shown the code. */
  | { type: 'person'; seat: Seat | null }
  | { type: 'form-open?' }
  | { type: 'form-open' };
