/**
 * A browser of any make, as a phone has it: a profile on disk that outlives its death, and one page that can be asked. What a finger
 * can hit, and how it looks, is tested in Chromium; here it is whether storage, worker and sending hold in the other engines too.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface Engine {
  readonly name: string;
  /** Starts the browser on a profile folder, which may be one that it was killed on. */
  start(profile: string): Promise<Tab>;
}

export interface Tab {
  goto(url: string): Promise<void>;
  /** The value of an expression in the page; what it gives must be JSON. Rejects when the page goes away meanwhile. */
  ask(expression: string): Promise<unknown>;
  /** SIGKILL to the browser and all that it started. */
  kill(): Promise<void>;
}

const PATIENCE = 20_000;

/** Asks until the answer is a true one, and gives it. A page that is being left cannot answer, and is asked again. */
export async function until<T>(ask: () => Promise<T>, what: string): Promise<NonNullable<T>> {
  const end = Date.now() + PATIENCE;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await pause(50);
  }
  throw new Error(`not within ${PATIENCE} ms: ${what}`, { cause: last });
}

/** Kills a browser that was started `detached`, with all its processes, and waits until it is gone. */
export async function killAll(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return;
  const gone = once(browser, 'exit');
  process.kill(-browser.pid, 'SIGKILL');
  await gone;
}

/** The first of the files that is there. */
export function installed(what: string, apt: string, ...files: (string | undefined)[]): string {
  const found = files.find((file) => file !== undefined && existsSync(file));
  if (found === undefined) throw new Error(`no ${what}: on Debian and Ubuntu, apt-get install ${apt}`);
  return found;
}
