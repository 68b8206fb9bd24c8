/** What home says above all else: lost storage, a full phone, what has waited long. */
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SyncStatus } from '../../domain/app';
import Field from './Field.svelte';
import { FakeField, scenes } from './fake';
import { screen as fetched } from './later';
import { noticed, watch } from './notices.svelte';
import { Shell } from './shell.svelte';

const MINUTE = 60_000;
const GB = 1e9;
const LOSS = { wrote: 44, unsent: 3, at: Date.parse('2026-11-20T14:02+01:00') };
const open: (() => void)[] = [];

function show(app: FakeField): Shell {
  const shell = new Shell(app);
  open.push(shell.start(), watch(shell));
  render(Field, { shell });
  return shell;
}
const waiting = (minutes: number, phase: SyncStatus['phase'] = 'waiting') => {
  const sent = scenes('sent');
  return new FakeField({
    ...sent,
    sync: { ...sent.sync, unsent: 1, oldest: Date.now() - minutes * MINUTE, phase },
  });
};
const banner = (words: RegExp) => screen.findByText(words).then((p) => p.closest('.banner')?.className);

configure({ asyncUtilTimeout: 5000 });
beforeAll(async () => void (await Promise.all([fetched('notices'), fetched('enrol'), fetched('unsent')])), 60_000);
afterEach(() => {
  for (const stop of open.splice(0)) stop();
  noticed.loss = null;
  noticed.ahead = 0;
  cleanup();
  location.hash = '#/';
});

describe('a phone that lost its storage', () => {
  test('says what the server had and what may be gone, until it is understood', async () => {
    const app = new FakeField(scenes('sent'));
    app.loss = LOSS;
    show(app);
    await screen.findByText(/^3 poster eller rättelser hade inte skickats från den här telefonen/);
    screen.getByText('41 var skickade och finns kvar hos servern.');
    await fireEvent.click(screen.getByRole('button', { name: 'Jag förstår' }));
    await waitFor(() => expect(screen.queryByText('Telefonen har tömt appens lagring')).toBeNull());
    expect(app.loss).toBeNull();
  });

  test('says it before anybody is connected again, and when nothing is lost says that', async () => {
    const app = new FakeField(scenes('enrol'));
    app.loss = { ...LOSS, unsent: 0 };
    show(app);
    await screen.findByText(/^Allt du hade sparat var skickat/);
    expect(screen.queryByText(/räddningsfil/)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Jag förstår' })).toBeNull();
  });
});

describe('what has waited long', () => {
  test('is said in amber after a quarter of an hour with a network', async () => {
    show(waiting(20));
    expect(await banner(/har väntat i 20 min fast nätet finns/)).toContain('late');
  });
  test('is said in red after a day, with a network or without', async () => {
    show(waiting(25 * 60, 'offline'));
    expect(await banner(/har väntat här i/)).toContain('fail');
  });
  test.each([
    ['a quarter of an hour is not over', 14, 'waiting'],
    ['there is no network', 20, 'offline'],
    ['it is being sent', 3000, 'sending'],
    ['the phone is to be connected again, which is said elsewhere', 3000, 'signin'],
  ] as const)('is not said while %s', async (_why, minutes, phase) => {
    const shell = show(waiting(minutes, phase));
    await screen.findByRole('link', { name: 'Logga i efterhand: Fotpatrull' });
    expect(shell.offer).toBeNull();
  });
});

describe('a clock that is wrong', () => {
  test.each([
    [365 * 1440, /går 365 dygn före/],
    [-30, /går 30 min efter/],
  ])('by %d minutes is told', async (minutes, words) => {
    const app = new FakeField(scenes('sent'));
    app.ahead = minutes * MINUTE;
    show(app);
    expect(await banner(words)).toContain('late');
  });
  test('by less than ten minutes is nobody’s trouble', async () => {
    const app = new FakeField(scenes('sent'));
    app.ahead = 9 * MINUTE;
    const shell = show(app);
    await screen.findByRole('link', { name: 'Logga i efterhand: Fotpatrull' });
    expect(shell.offer).toBeNull();
  });
});

describe('a phone with little room', () => {
  const room = (used: number, quota: number) => {
    const app = new FakeField(scenes('sent'));
    app.show({ storage: { persisted: true, used, quota } });
    return app;
  };
  test.each([
    [1.96 * GB, 2 * GB],
    [0.2 * GB, 0.24 * GB],
  ])('of which %d of %d is used is told to save a rescue file', async (used, quota) => {
    show(room(used, quota));
    expect(await banner(/^Lagringen är nästan full/)).toContain('fail');
  });
  test('says nothing while there is room', async () => {
    const shell = show(room(0.1 * GB, 2 * GB));
    await screen.findByRole('link', { name: 'Logga i efterhand: Fotpatrull' });
    expect(shell.offer).toBeNull();
  });
});
