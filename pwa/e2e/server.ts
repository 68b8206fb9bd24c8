/** The server as people run it: the one binary, on a port of its own, with a folder of data that is gone after the test. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const BINARY = path.join(ROOT, 'bin/lofteslogg');
const START_MS = 10_000;

/** What an invitation says: the link's code after #k=, and the one to type. */
export type Invitation = { key: string; short: string };
export type Role = 'field' | 'coordinator';

export class Server {
  readonly data = mkdtempSync(path.join(tmpdir(), 'll-'));
  /** All that it said, over every start. */
  readonly said: string[] = [];
  port = 0;
  #process: ChildProcess | undefined;

  /** `binary` may become another build before the next start. */
  constructor(public binary = BINARY) {}

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** Resolves when it is ready for phones. A second start has the same port and the same data. */
  async start(env: Record<string, string> = {}): Promise<this> {
    this.port ||= await freePort();
    const child = spawn(this.binary, ['serve', '--addr', `localhost:${this.port}`, '--data', this.data], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.said.push(text));
    const until = Date.now() + START_MS;
    while (!(await answers(`${this.origin}/readyz`))) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`the server does not start:\n${this.said.join('')}`);
      await pause(30);
    }
    return this;
  }

  /** SIGTERM is asked kindly and waited for; SIGKILL is a power cut. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Resolves when the server has ended by itself. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async restart(env: Record<string, string> = {}): Promise<void> {
    await this.stop();
    await this.start(env);
  }

  /** By the command line, as the coordinator does it. */
  async invite(role: Role): Promise<Invitation> {
    return invitation(await this.run('invite', '--role', role, '--json'));
  }

  /** One command beside the server; gives what it printed. */
  async run(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.binary, [...args, '--data', this.data]);
    return stdout;
  }

  /** Stops it and takes its data away. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** The codes in what the command line or the first start printed. */
export function invitation(text: string): Invitation {
  const key = /#k=([\w-]+)/.exec(text)?.[1];
  const short = /\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/.exec(text)?.[0];
  if (!key || !short) throw new Error(`no invitation in: ${text}`);
  return { key, short };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, 'localhost');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (r) => r.ok,
    () => false,
  );
}
