/** The screens of those who share a phone, of signing out, and the offer of the home screen. */
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PersonHere } from '../../domain/app';
import { choose } from '../../text';
import Field from './Field.svelte';
import { FakeField, snapshot } from './fake';
import { held, hold } from './held';
import { watch } from './install';
import { screen as fetched } from './later';
import { Shell } from './shell.svelte';

const open: (() => void)[] = [];
function show(app: FakeField, hash = '#/'): Shell {
  location.hash = hash;
  const shell = new Shell(app);
  open.push(shell.start());
  render(Field, { shell });
  return shell;
}
const pressed = (name: string | RegExp) => screen.findByRole('button', { name }).then((b) => fireEvent.click(b));
const person = (account: string, name: string, more: Partial<PersonHere> = {}): PersonHere => ({
  town: 't1',
  account,
  name,
  townName: 'Munkfors',
  code: true,
  open: false,
  ...more,
});
const shared = (isOpen: boolean) => ({
  persons: [person('a1', 'Kim', { open: isOpen }), person('a2', 'Maria'), person('a3', 'Alex', { code: false })],
  waiting: 2,
});

configure({ asyncUtilTimeout: 5000 });
beforeAll(async () => {
  for (const name of ['persons', 'out', 'enrol', 'entry', 'settings', 'mine', 'form', 'install'] as const)
    await fetched(name);
}, 60_000);
afterEach(async () => {
  cleanup();
  open.splice(0).forEach((stop) => stop());
  location.hash = '';
  held.offer = null;
  await choose('install', null);
});

describe('when the curtain is drawn', () => {
  test('names and a number are all there is to see, at whatever address', async () => {
    const app = new FakeField(snapshot({ session: null, closed: true }));
    app.here = shared(false);
    show(app, '#/entry/e1');
    expect(await screen.findByRole('heading', { level: 1, name: 'Vem är det som loggar?' })).toBeTruthy();
    expect(await screen.findByText('2 poster på telefonen väntar på att skickas.', { exact: false })).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/Torget|Fotpatrull/);
  });
  test('the right code lets in, a wrong one says how many attempts are left', async () => {
    const app = new FakeField(snapshot({ session: null, closed: true }));
    app.here = shared(false);
    app.shown = { ok: false, reason: 'wrong', left: 4 };
    show(app);
    await pressed(/Maria/);
    await fireEvent.input(screen.getByLabelText('Din kod'), { target: { value: '1111' } });
    await pressed('Öppna');
    expect(await screen.findByText('Det är inte koden. 4 försök kvar innan du får vänta.')).toBeTruthy();
    app.shown = { ok: true };
    await fireEvent.input(screen.getByLabelText('Din kod'), { target: { value: '2222' } });
    await pressed('Öppna');
    await waitFor(() => expect(app.calls).toEqual(['enter a2 1111', 'enter a2 2222']));
    expect(await screen.findByRole('link', { name: 'Logga i efterhand: Fotpatrull' })).toBeTruthy();
  });
  test('one without a code is told how to come back, and is asked for none', async () => {
    const app = new FakeField(snapshot({ session: null, closed: true }));
    app.here = shared(false);
    show(app);
    await pressed(/Alex/);
    expect(await screen.findByText(/Be samordnaren om en ny länk till Alex/)).toBeTruthy();
    expect(screen.queryByLabelText('Din kod')).toBeNull();
  });
});

test('a change of person takes down the screen, what could be undone, and the address', async () => {
  const app = new FakeField();
  const shell = show(app, '#/entry/e1');
  await screen.findByRole('heading', { level: 1, name: 'Fotpatrull, Torget' });
  shell.did('Sparad på telefonen.', async () => undefined);
  app.show({ session: { ...snapshot().session!, account: 'a2' }, entries: [] });
  await waitFor(() => expect(shell.route.at).toBe('home'));
  expect([shell.done, shell.spoken, location.hash]).toEqual([null, '', '#/']);
  expect(document.body.textContent).not.toContain('Ångra');
});

describe('signing out', () => {
  test('with something unsent offers to send first, and otherwise locks', async () => {
    const app = new FakeField();
    show(app, '#/out');
    expect(await screen.findByRole('heading', { name: '1 post är inte skickad än' })).toBeTruthy();
    await pressed('Skicka först');
    await pressed('Logga ut och lås posterna');
    await waitFor(() => expect(app.calls).toEqual(['syncNow', 'signOut']));
  });
  test('with all sent asks the lesser question', async () => {
    const app = new FakeField(snapshot({ entries: [] }));
    show(app, '#/out');
    await pressed('Logga ut');
    await waitFor(() => expect(app.calls).toEqual(['signOut']));
    expect(screen.queryByRole('button', { name: /lås posterna/ })).toBeNull();
  });
});

test('a link that is pasted whole is read, and one of another place is named', async () => {
  const app = new FakeField(snapshot({ session: null }));
  show(app, '#/connect/3');
  const field = await screen.findByRole('textbox', { name: 'Kod' });
  await fireEvent.input(field, { target: { value: 'https://annan.example/app/#k=abc_DEF' } });
  await pressed('Fortsätt');
  expect(await screen.findByText(/Länken går till annan.example/)).toBeTruthy();
  await fireEvent.input(field, { target: { value: `${location.protocol}//${location.host}/app/#k=abc_DEF` } });
  await pressed('Fortsätt');
  await waitFor(() => expect(app.calls).toEqual(['look abc_DEF']));
});

test('a newcomer to a shared phone chooses a code, and is told who would have no way back', async () => {
  const app = new FakeField();
  app.here = { persons: [person('a1', 'Kim', { open: true, code: false })], waiting: 0 };
  const shell = show(app, '#/');
  shell.code = 'abc';
  location.hash = '#/connect';
  expect(await screen.findByText(/Kim har ingen kod/)).toBeTruthy();
  await fireEvent.input(screen.getByRole('textbox', { name: 'Ditt namn' }), { target: { value: 'Maria' } });
  await fireEvent.click(screen.getByLabelText('Polisen'));
  await pressed('Koppla telefonen');
  expect(await screen.findByText('Skriv fyra till åtta siffror.')).toBeTruthy();
  await fireEvent.input(screen.getByRole('textbox', { name: 'Välj en egen kod' }), { target: { value: '567890' } });
  await pressed('Koppla telefonen');
  await waitFor(() => expect(app.calls).toContain('enrol abc Maria police 567890'));
});

describe('the home screen', () => {
  const offer = () =>
    Object.assign(new Event('beforeinstallprompt'), { prompt: async () => ({ outcome: 'accepted' }) });
  test('is offered once something was received, and not for a month after Not now', async () => {
    hold(offer());
    const app = new FakeField(snapshot({ entries: [] }));
    const shell = show(app);
    open.push(watch(shell));
    expect(shell.offer).toBeNull();
    app.show({ entries: snapshot().entries });
    await pressed('Inte nu');
    app.show({});
    await waitFor(() => expect(shell.offer).toBeNull());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 86_400_000 });
    app.show({});
    vi.useRealTimers();
    await waitFor(() => expect(shell.offer).not.toBeNull());
  });
  test('is not offered where the browser makes none', async () => {
    const app = new FakeField();
    const shell = show(app);
    open.push(watch(shell));
    await screen.findByRole('link', { name: 'Logga i efterhand: Fotpatrull' });
    expect(shell.offer).toBeNull();
  });
});
