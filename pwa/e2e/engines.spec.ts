import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { chromium } from './engines/chromium';
import type { Engine } from './engines/engine';
import { firefox } from './engines/firefox';
import { Hand } from './engines/hand';
import { webkit } from './engines/webkit';
import { Server } from './server';

const KILLS = Number(process.env.LOFTESLOGG_KILLS) || 3;
const SEED = Number(process.env.LOFTESLOGG_SEED) || Date.now() % 1e9;

for (const name of ['Chromium', 'Firefox', 'WebKit'] as const)
  test(`${name} keeps what was saved through reloads, kills and a dead server, and sends it once`, async ({
    launchOptions,
  }) => {
    test.setTimeout(120_000 + KILLS * 15_000);
    console.log(`${name}: ${KILLS} random kills, LOFTESLOGG_SEED=${SEED}`);
    const engine: Engine = { Chromium: chromium(launchOptions), Firefox: firefox, WebKit: webkit }[name];
    const server = await new Server().start();
    const phone = new Hand(engine, server.origin);
    try {
      await phone.install((await server.invite('field')).key);
      await theLoop(phone, server);
      const saved = await killed(phone, server, chance(SEED));
      expect(await activities(server)).toBe(2 + saved);
    } finally {
      await phone.remove();
      await server.remove();
    }
  });

/** Server gone, reload, kill, reopen, server back: two entries. */
async function theLoop(phone: Hand, server: Server): Promise<void> {
  await server.stop('SIGKILL');
  await phone.log(/Torget/);
  await phone.reload();
  await phone.sees(`document.querySelectorAll('ul.latest a.item').length === 1`);
  await phone.kill();
  await phone.open();
  await phone.home();
  await phone.sees(`/1 ej skickad|1 not sent/.test(document.body.textContent)`);
  await phone.log();
  await server.start();
  await phone.allReceived(2);
}

/** The browser dies at a random moment after saving, and the server now and then. Gives how many entries were said to be saved. */
async function killed(phone: Hand, server: Server, dice: (n: number) => number): Promise<number> {
  let saved = 0;
  for (let round = 0; round < KILLS; round++) {
    const gone = dice(3) === 0;
    if (gone) await server.stop('SIGKILL');
    for (let more = dice(2); more >= 0; more--, saved++) await phone.log();
    await new Promise((soon) => setTimeout(soon, dice(150)));
    await phone.kill();
    if (gone) await server.start();
    await phone.open();
    await phone.home();
  }
  await phone.allReceived(2 + saved);
  return saved;
}

/** How many entries the server has, by its own export. Throws when one is there twice. */
async function activities(server: Server): Promise<number> {
  const { stdout } = await promisify(execFile)(server.binary, ['export', '--data', server.data], {
    maxBuffer: 1 << 26,
  });
  const lines = stdout.split('\n').filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as { record?: { event?: string } });
  const born = events.flatMap(({ record }) => (record?.event?.includes('"t":"activity"') ? [record.event] : []));
  expect(new Set(born).size).toBe(born.length);
  return born.length;
}

/** Chance that can be repeated. */
function chance(seed: number): (n: number) => number {
  let s = seed >>> 0;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}
