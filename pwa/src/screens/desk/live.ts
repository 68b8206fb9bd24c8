/**
 * Keeps the desk up to date: a poke of the stream refreshes what is on screen within moments. While the stream is broken it is
 * asked for every 15 seconds instead, and the stream is tried again; coming back to the window or the network refreshes too.
 *
 * At most one refresh runs at a time; what comes meanwhile makes one more, so nothing is missed and the server is not flooded.
 */
import type { DeskApi } from '../../api/desk';

export const SOON = 200;
export const OFTEN = 15_000;
/** A stream can die without a word, behind a proxy or a sleeping computer. */
const SELDOM = 60_000;

export type Pulse = 'live' | 'often';

/** Starts; gives the way to stop. `refresh` never rejects. */
export function keepLive(
  api: Pick<DeskApi, 'listen'>,
  refresh: () => Promise<void>,
  pulse: (is: Pulse) => void,
): () => void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let open = false;
  let refused = false;
  let hangUp = listen();
  let last = Date.now();

  const timer = setInterval(() => {
    if (refused) {
      hangUp();
      hangUp = listen();
    }
    if (!document.hidden && (!open || Date.now() - last >= SELDOM - OFTEN / 2)) run();
  }, OFTEN);

  function listen(): () => void {
    let quiet = false;
    refused = false;
    const stop = api.listen({
      open: () => {
        open = true;
        pulse('live');
        poke(); // what came while nobody listened
      },
      poke,
      broken: () => {
        if (quiet) return;
        open = false;
        refused = true; // the browser tries again by itself only sometimes; a new one is never wrong
        pulse('often');
      },
    });
    return () => {
      quiet = true;
      stop();
    };
  }

  function poke(): void {
    soon ??= setTimeout(() => {
      soon = undefined;
      run();
    }, SOON);
  }

  function run(): void {
    last = Date.now();
    if (running) {
      again = true;
      return;
    }
    running = true;
    void refresh().then(() => {
      running = false;
      if (again) {
        again = false;
        run();
      }
    });
  }

  const back = () => {
    if (!document.hidden) poke();
  };
  addEventListener('focus', back);
  addEventListener('online', back);
  document.addEventListener('visibilitychange', back);
  return () => {
    hangUp();
    clearInterval(timer);
    clearTimeout(soon);
    removeEventListener('focus', back);
    removeEventListener('online', back);
    document.removeEventListener('visibilitychange', back);
  };
}
