import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isRunning } from '../../domain/run';
import Field from './Field.svelte';
import { FakeField, NOW, scenes } from './fake';
import { screen as fetched } from './later';
import { Shell } from './shell.svelte';

const MIN = 60_000;
const open: (() => void)[] = [];

function show(app: FakeField, hash = '#/'): Shell {
  location.hash = hash;
  const shell = new Shell(app);
  open.push(shell.start());
  render(Field, { shell });
  return shell;
}
/** Minutes later, on the clock and on the screen. */
function later(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * MIN);
  document.dispatchEvent(new Event('visibilitychange'));
}
/** A finger that is not the second half of a double tap. */
async function press(name: string | RegExp): Promise<void> {
  const button = await screen.findByRole('button', { name });
  await fireEvent(button, Object.assign(new MouseEvent('click', { bubbles: true }), stamped((stamp += 1000))));
}
let stamp = 10_000;
const stamped = (timeStamp: number) => ({ timeStamp });
const minutesShown = async (n: number) =>
  waitFor(() => expect(screen.getByRole('timer').textContent).toContain(`${n} `));
const running = (app: FakeField) => app.kept.find(isRunning);
const runs = (minutes: number, more = {}) => ({
  id: 'r',
  kind: 'foot_patrol',
  e: null,
  values: { place: 'p0', parties: ['police'] },
  base: {},
  focus: null,
  at: NOW,
  run: { startedAt: NOW - minutes * MIN, pauses: [], ...more },
});

configure({ asyncUtilTimeout: 5000 });
beforeAll(async () => {
  await Promise.all([fetched('patrol'), fetched('form')]);
}, 60_000);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  Object.defineProperty(MouseEvent.prototype, 'timeStamp', { value: 0, writable: true, configurable: true });
});
afterEach(() => {
  cleanup();
  open.splice(0).forEach((stop) => stop());
  vi.useRealTimers();
  location.hash = '';
});

describe('a patrol', () => {
  test('is started, ended and saved by three presses, with place and party as last time', async () => {
    const app = new FakeField();
    const shell = show(app);
    expect(screen.getByRole('button', { name: /Starta fotpatrull/ }).textContent).toContain('Torget, som sist');
    await press(/Starta fotpatrull/);
    await screen.findByRole('heading', { level: 1, name: 'Fotpatrull pågår, Torget' });
    expect(running(app)?.run).toEqual({ startedAt: NOW, pauses: [] });
    later(38);
    await minutesShown(38);
    await press('Avsluta');
    await screen.findByRole('heading', { level: 1, name: '38 min, Torget' });
    await press('Spara');
    await waitFor(() => expect(shell.route.at).toBe('home'));
    expect(app.saved).toHaveLength(1);
    expect(app.saved[0]?.values).toMatchObject({
      started_at: '2026-11-20T22:02+01:00',
      minutes: 38,
      place: 'p0',
      parties: ['police'],
    });
    expect(app.kept).toEqual([]);
  });
  test('is started once by two presses, and only one runs', async () => {
    const app = new FakeField();
    show(app);
    const button = screen.getByRole('button', { name: /Starta fotpatrull/ });
    await Promise.all([fireEvent.click(button), fireEvent.click(button)]);
    await screen.findByRole('timer');
    expect(app.kept).toHaveLength(1);
  });
  test('that could not be written down is not shown as started', async () => {
    const app = new FakeField();
    vi.spyOn(app, 'run').mockRejectedValue(new Error('full'));
    show(app);
    await press(/Starta fotpatrull/);
    expect((await screen.findByRole('alert')).textContent).toContain('Försök igen.');
    expect(screen.queryByRole('timer')).toBeNull();
  });
  test('stands still in a pause, which is written before it is shown and said once', async () => {
    const app = new FakeField();
    app.kept.push(runs(20));
    let kept: () => void = () => undefined;
    const real = app.keepDraft.bind(app);
    vi.spyOn(app, 'keepDraft').mockImplementation(
      (d) => new Promise((resolve) => (kept = () => void real(d).then(resolve))),
    );
    show(app, '#/patrol');
    await press('Pausa');
    expect(screen.queryByRole('button', { name: 'Fortsätt' })).toBeNull();
    kept();
    await screen.findByRole('button', { name: 'Fortsätt' });
    expect(screen.getByRole('status').textContent).toBe('Fotpatrull pausad');
    later(30);
    await minutesShown(20);
    expect(screen.getByRole('status').textContent).toBe('Fotpatrull pausad');
  });
  test('goes on from its form with what was written there', async () => {
    const app = new FakeField();
    app.kept.push(runs(20));
    show(app, '#/patrol');
    await press('Avsluta');
    await fireEvent.click(await screen.findByLabelText('1–5'));
    const form = await screen.findByRole('button', { name: 'Fortsätt patrullen' });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await fireEvent(form, Object.assign(new MouseEvent('click', { bubbles: true }), stamped(1e9)));
    await screen.findByRole('timer');
    expect(running(app)).toMatchObject({ values: { contacts: '1-5' } });
    expect(running(app)?.run.ended).toBeUndefined();
  });
  test('that is thrown away can be had back', async () => {
    const app = new FakeField();
    app.kept.push(runs(20, { pauses: [[NOW, null]], ended: true }));
    const shell = show(app, '#/patrol');
    await press('Släng patrullen');
    await waitFor(() => expect(shell.route.at).toBe('home'));
    expect(app.kept).toEqual([]);
    await press('Ångra');
    expect((await screen.findByRole('link', { name: /Fotpatrull pausad/ })).getAttribute('href')).toBe('#/patrol');
    expect(running(app)?.id).toBe('r');
  });
  test('has a card on home, and the form of what is logged afterwards is another', async () => {
    const app = new FakeField();
    app.kept.push(runs(38));
    show(app);
    const card = await screen.findByRole('link', { name: /Fotpatrull pågår.*Torget, sedan 21\.24.*38 min/ });
    expect(card.className).toBe('runcard');
    expect(screen.queryByText('Utkastet ligger kvar')).toBeNull();
    location.hash = '#/log/foot_patrol/after';
    await press('Spara');
    await waitFor(() => expect(app.saved).toHaveLength(1));
    expect(running(app)?.id).toBe('r');
  });
  test('that was forgotten asks when it stopped', async () => {
    const app = new FakeField();
    app.kept.push(runs(250));
    show(app, '#/patrol');
    expect(await screen.findByText('Patrullen har pågått i 4 h 10 min. Är du klar? När slutade du?')).toBeTruthy();
    await press('Klockan 19.52');
    expect(await screen.findByRole('heading', { level: 1, name: '120 min, Torget' })).toBeTruthy();
  });
  test('that goes on is not asked about at once again', async () => {
    const app = new FakeField();
    app.kept.push(runs(250));
    show(app, '#/patrol');
    await press('Den pågår');
    await waitFor(() => expect(screen.queryByText(/Är du klar/)).toBeNull());
    expect(screen.getByRole('timer').textContent).toContain('250');
  });
  test('is at another place when one is chosen', async () => {
    const app = new FakeField(scenes('new'));
    app.kept.push({ ...runs(5), values: {} });
    show(app, '#/patrol');
    await press('Välj plats');
    await fireEvent.click(await screen.findByLabelText('Parken'));
    await screen.findByRole('heading', { level: 1, name: 'Fotpatrull pågår, Parken' });
    expect(running(app)?.values.place).toBe('p3');
  });
  test('never shows fewer minutes than none when the clock is set back', async () => {
    const app = new FakeField();
    app.kept.push(runs(-300));
    show(app, '#/patrol');
    await minutesShown(0);
  });
  test('follows what another open tab does to it, at once', async () => {
    const app = new FakeField();
    app.kept.push(runs(20));
    const shell = show(app, '#/patrol');
    await screen.findByRole('button', { name: 'Pausa' });
    app.kept[0] = runs(20, { pauses: [[NOW, null]] });
    app.show({ drafts: 1 });
    expect(await screen.findByRole('button', { name: 'Fortsätt' })).toBeTruthy();
    app.kept.splice(0);
    app.show({ drafts: 2 });
    await waitFor(() => expect(shell.route.at).toBe('home'));
  });
  test('leads home when none runs', async () => {
    const shell = show(new FakeField(), '#/patrol');
    await waitFor(() => expect(shell.route.at).toBe('home'));
  });
});
