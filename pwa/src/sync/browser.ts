/** The surroundings of a real page. Whatever a browser lacks is done without. */
import { pageFetch } from '../api/page';
import type { BetweenTabs } from '../domain/messages';
import type { Surroundings } from './surroundings';
import { startWorker } from './worker';

/** `app` is the version that is told to the server. */
export function browserSurroundings(app: string): Surroundings {
  const worker = startWorker();
  let persisted = false;
  return {
    fetch: pageFetch,
    base: '',
    now: () => Date.now(),
    random: () => Math.random(),
    after(ms, fn) {
      const timer = setTimeout(fn, ms);
      return () => clearTimeout(timer);
    },
    lead: leadByLock,
    persisted: () => persisted,
    app,
    visible: () => document.visibilityState === 'visible',
    listen(on) {
      document.addEventListener('visibilitychange', on.visible);
      addEventListener('pageshow', on.visible);
      addEventListener('online', on.online);
      worker.listen(on.worker, on.updated);
    },
    channel: openChannel,
    async persist() {
      await navigator.storage?.persist?.().catch(() => false);
    },
    async storage() {
      const { storage } = navigator as { storage?: Partial<StorageManager> };
      const said = (await storage?.persisted?.().catch(() => null)) ?? null;
      const { usage = null, quota = null } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
      persisted = said === true;
      return { persisted: said, used: usage, quota };
    },
    requestSync: worker.requestSync,
    updates: worker.updates,
  };
}

/** Politeness between tabs; where there are no locks, turns keep us safe. */
async function leadByLock<T>(name: string, fn: () => Promise<T>): Promise<T | false> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return fn();
  return locks.request(name, { ifAvailable: true }, (lock) => (lock ? fn() : false)) as Promise<T | false>;
}

function openChannel(town: string, receive: (message: BetweenTabs) => void) {
  if (typeof BroadcastChannel === 'undefined') return { post: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel(`town-${town}`);
  channel.onmessage = ({ data }: MessageEvent<BetweenTabs>) => receive(data);
  return { post: (message: BetweenTabs) => channel.postMessage(message), close: () => channel.close() };
}
