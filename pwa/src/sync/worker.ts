/** The page's side of the service worker: registers it, hears when the network may be back, and lets a new version take over. */
import { type FromWorker, SYNC_TAG, type ToWorker } from '../domain/messages';
import type { Updates } from './surroundings';

type WithSync = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };

export type Worker = {
  updates: Updates;
  listen: (network: () => void, updated: () => void) => void;
  requestSync: () => void;
};

const NONE: Worker = {
  updates: { ready: () => false, take: () => undefined },
  listen: () => undefined,
  requestSync: () => undefined,
};

/** Registers the worker where there is one; while developing there is none. */
export function startWorker(): Worker {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker || !import.meta.env.PROD) return NONE;
  let registration: WithSync | null = null;
  let updated: () => void = () => undefined;
  const ready = () => Boolean(registration?.waiting && serviceWorker.controller);
  void serviceWorker.register('/app/sw.js', { scope: '/app/', updateViaCache: 'none' }).then(
    (made) => {
      registration = made;
      made.addEventListener('updatefound', () => made.installing?.addEventListener('statechange', () => updated()));
      updated();
    },
    () => undefined, // without a worker the app works as long as there is a network
  );
  return {
    updates: { ready, take: () => take(serviceWorker, registration?.waiting) },
    listen(network, changed) {
      updated = changed;
      serviceWorker.addEventListener(
        'message',
        ({ data }: MessageEvent<FromWorker>) => data.type === 'sync' && network(),
      );
    },
    requestSync: () => void registration?.sync?.register(SYNC_TAG).catch(() => undefined),
  };
}

/** The waiting version takes over, and this tab is loaded anew with it; other tabs go on with the files they have. */
function take(container: ServiceWorkerContainer, waiting: ServiceWorker | null | undefined): void {
  container.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting?.postMessage({ type: 'take-over' } satisfies ToWorker);
}
