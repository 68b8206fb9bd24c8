/**
 * Hosts the phones of one world for the simulator in internal/sim: reads a command from standard input, carries it out, and answers
 * when nothing more can happen without another. Everything here follows from the commands and the seed.
 */
import { createHash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { fill } from './chance';
import type { Disk } from './disk';
import { forget, running } from './loop';
import { Tab } from './tab';
import type { Command } from './words';
import { World } from './world';

let world = new World('');

/** The tab whose code is running; the platform's names below are its phone's. */
function here(): Tab {
  const tab = running();
  if (!(tab instanceof Tab)) throw new Error('nobody is running');
  return tab;
}

const replace = (name: string, value: PropertyDescriptor) =>
  Object.defineProperty(globalThis, name, { configurable: true, ...value });

const timers = new Map<number, () => void>();
let lastTimer = 0;
function startTimer(fn: () => void, ms = 0): number {
  const id = (lastTimer += 1);
  timers.set(id, here().after(ms, fn));
  return id;
}

replace('indexedDB', { get: (): Disk['factory'] => here().phone.disk.factory });
replace('setTimeout', { value: startTimer });
replace('clearTimeout', { value: (id: number) => timers.get(id)?.() });
replace('CompressionStream', { value: undefined }); // it works on threads, whose order is not ours
replace('crypto', {
  value: {
    getRandomValues: (bytes: Uint8Array) => fill(bytes, here().phone.chance),
    subtle: {
      digest: async (_: string, data: ArrayBuffer) =>
        new Uint8Array(createHash('sha256').update(new Uint8Array(data)).digest()).buffer,
    },
  },
});
process.on('unhandledRejection', (error) => void world.uncaught.push(String(error)));

/** Lines of standard input, read when they are wanted. */
function* lines(): Generator<string> {
  const piece = Buffer.alloc(1 << 16);
  let rest = Buffer.alloc(0);
  for (;;) {
    const end = rest.indexOf(10);
    if (end >= 0) {
      yield rest.subarray(0, end).toString();
      rest = rest.subarray(end + 1);
      continue;
    }
    const got = readSync(0, piece);
    if (got === 0) return;
    rest = Buffer.concat([rest, piece.subarray(0, got)]);
  }
}

function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
}

for (const line of lines()) {
  const command = JSON.parse(line) as Command;
  if (command.do === 'world') {
    forget();
    world = new World(command.seed);
  }
  say(JSON.stringify(await world.hear(command)));
}
