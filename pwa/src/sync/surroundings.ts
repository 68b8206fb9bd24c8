/** All of the browser that sync needs, as one argument: tests and the simulator bring their own. */
import type { BetweenTabs } from '../domain/messages';
import type { Env } from './engine';

/** A way to speak to the other tabs of a town. */
export type Channel = { post: (message: BetweenTabs) => void; close: () => void };

/** What the browser says of storage; null where it does not say. */
export type Storage = { persisted: boolean | null; used: number | null; quota: number | null };

/** A waiting version of the app. `take` lets it take over, after which the page is loaded anew. */
export type Updates = { ready: () => boolean; take: () => void };

export type Surroundings = Env & {
  /** Whether the app is looked at. */
  visible: () => boolean;
  /** Calls back when something may have changed that is a reason to send, or when an update is ready. */
  listen: (on: { visible: () => void; online: () => void; worker: () => void; updated: () => void }) => void;
  channel: (town: string, receive: (message: BetweenTabs) => void) => Channel;
  /** Asks the browser not to clear the storage, where it can be asked. */
  persist: () => Promise<void>;
  storage: () => Promise<Storage>;
  /** Asks the worker to wake us when the network is back, where that exists. */
  requestSync: () => void;
  updates: Updates;
};
