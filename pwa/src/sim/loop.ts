/**
 * The only event loop of the simulated world: one task at a time, in order, so that the same commands give the same story, and it is
 * known for certain when nothing more can happen.
 *
 * IndexedDB's stand-in queues its work with setImmediate; here that is our queue. Between two tasks every microtask runs to its end.
 */

/** Whose code is running: it answers for what that code opens, listens to and asks. */
export type Owner = { readonly dead: boolean };

const realImmediate = globalThis.setImmediate;
/** Far more than any command needs; something that goes round for ever is found here. */
const TOO_MANY = 500_000;

const tasks: (() => void)[] = [];
let owner: Owner | null = null;

/** Who is running; null while the database engine does its own work. */
export const running = (): Owner | null => owner;

/** Queues work of the database engine, or of nobody. */
export function queue(task: () => void): void {
  tasks.push(task);
}

/** Queues code of an owner; nothing of it runs once the owner is dead. */
export function queueFor(who: Owner, task: () => void): void {
  queue(() => enter(who, task));
}

/** Runs code as its owner's, unless the owner is dead. Of two owners in one task the microtasks could not be told apart. */
export function enter<T>(who: Owner, code: () => T): T | undefined {
  if (who.dead) return undefined;
  // eslint-disable-next-line words/in-catalogue -- said to whoever mends the simulator
  if (owner !== null && owner !== who) wrong('two tabs in one task');
  owner = who;
  return code();
}

/** The simulator itself is at fault; thrown, this could be caught by what is simulated. */
function wrong(what: string): never {
  process.stderr.write(`${new Error(what).stack}\n`);
  process.exit(1);
}

/** Runs until nothing is left to do. `watch` is told after each task how many there were since the call. */
export async function rest(watch: (done: number) => void): Promise<void> {
  for (let done = 0; ; done += 1) {
    await new Promise<void>((resolve) => realImmediate(resolve));
    owner = null;
    if (done > 0) watch(done);
    const task = tasks.shift();
    if (!task) return;
    // eslint-disable-next-line words/in-catalogue -- as above
    if (done > TOO_MANY) wrong('the phones never rest');
    task();
  }
}

/** Forgets what was to be done: the world is taken down. */
export function forget(): void {
  tasks.length = 0;
  owner = null;
}

globalThis.setImmediate = ((task: () => void) => queue(task)) as unknown as typeof setImmediate;
