import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NewPlace, Place } from '../domain/app';
import { choose } from '../text/choice';
import Places from './Places.svelte';
import './Pin.svelte';

const place = (name: string, order: number, more: Partial<Place> = {}): Place => ({
  e: name,
  name,
  form: 'square',
  lat: 59.83 + order / 1000,
  lon: 13.54,
  order,
  ...more,
});
const PLACES = [place('A', 0), place('B', 1), place('C', 2)];
/** At C. */
const HERE = { latitude: 59.832, longitude: 13.54, accuracy: 20 };

let asked: [PositionCallback, PositionErrorCallback][] = [];
let leave: PermissionState = 'prompt';
const answer = (coords: object, age = 0) =>
  asked.splice(0).forEach(([found]) => found({ coords, timestamp: Date.now() - age } as GeolocationPosition));
const refuse = (code: number) => asked.splice(0).forEach(([, not]) => not({ code } as GeolocationPositionError));
const names = () => screen.getAllByRole('radio').map((r) => (r as HTMLInputElement).labels?.[0]?.textContent ?? '');
const near = () => screen.getByRole('button', { name: /Närmast först|Ordna efter avstånd/ });
const seconds = (n: number) => vi.advanceTimersByTimeAsync(n * 1000);

function list(more: object = {}): { chosen: (string | null)[] } {
  const chosen: (string | null)[] = [];
  render(Places, {
    legend: 'Var?',
    places: PLACES,
    value: null,
    onchange: (e: string | null) => chosen.push(e),
    ...more,
  });
  return { chosen };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = [];
  leave = 'prompt';
  void choose('near', null);
  const geolocation = {
    getCurrentPosition: (found: PositionCallback, not: PositionErrorCallback) => void asked.push([found, not]),
  };
  vi.stubGlobal('navigator', {
    ...navigator,
    geolocation,
    permissions: { query: async () => ({ state: leave }) },
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the list of places', () => {
  test('stands by use, then as the town has it, and asks for no position by itself', async () => {
    list({ used: new Map([['C', 2]]) });
    await seconds(1);
    expect(names()).toEqual(['C', 'A', 'B']);
    expect(asked).toHaveLength(0);
    expect(screen.getByText(/Den sparas inte och skickas inte/)).toBeTruthy();
  });

  test('stands by distance at once when the position is there within a blink of the tap', async () => {
    list();
    await fireEvent.click(near());
    answer(HERE);
    await waitFor(() => expect(names()).toEqual(['C nära dig', 'B 100 m', 'A 200 m']));
    expect(near().getAttribute('aria-pressed')).toBe('true');
  });

  test('does not move under the thumb when the position comes later: the next tap orders it', async () => {
    list();
    await fireEvent.click(near());
    await seconds(2);
    answer(HERE);
    await waitFor(() => expect(near().textContent).toBe('Ordna efter avstånd'));
    expect(names()).toEqual(['A', 'B', 'C']);
    await fireEvent.click(near());
    expect(names()[0]).toBe('C nära dig');
  });

  test('stands as before when the button is pressed once more, and is not ordered by itself next time', async () => {
    list();
    await fireEvent.click(near());
    answer(HERE);
    await waitFor(() => expect(names()[0]).toBe('C nära dig'));
    await fireEvent.click(near());
    expect(names()).toEqual(['A', 'B', 'C']);
    cleanup();
    leave = 'granted';
    list();
    await seconds(1);
    expect(asked).toHaveLength(0);
  });

  test('uses a leave that was given without a tap, and moves only within a blink', async () => {
    void choose('near', 'on');
    leave = 'granted';
    list();
    await waitFor(() => expect(asked).toHaveLength(1));
    answer(HERE);
    await waitFor(() => expect(names()[0]).toBe('C nära dig'));
    cleanup();
    list();
    await waitFor(() => expect(asked).toHaveLength(1));
    await seconds(2);
    answer(HERE);
    await waitFor(() => expect(near().textContent).toBe('Ordna efter avstånd'));
    expect(names()[0]).toBe('A');
  });

  test.each([
    ['is refused', async () => refuse(1), /får inte visa var du är/],
    ['cannot be found', async () => refuse(2), /Platsen är inte hämtad/],
    ['never comes', () => seconds(11), /Platsen är inte hämtad/],
    ['is 30 km wide', async () => answer({ ...HERE, accuracy: 30_000 }), /för osäker/],
    ['is of an hour ago', async () => answer(HERE, 3_600_000), /Platsen är inte hämtad/],
    ['is no number', async () => answer({ ...HERE, latitude: NaN }), /Platsen är inte hämtad/],
  ])('stays and works when the position %s', async (_, happens, words) => {
    const { chosen } = list();
    await fireEvent.click(near());
    await happens();
    expect(await screen.findByText(words)).toBeTruthy();
    expect(names()).toEqual(['A', 'B', 'C']);
    await fireEvent.click(screen.getByLabelText('B'));
    expect(chosen).toEqual(['B']);
  });

  test('has no button for it on a phone without such a sense', () => {
    vi.stubGlobal('navigator', { userAgent: '' });
    list();
    expect(screen.queryByRole('button', { name: 'Närmast först' })).toBeNull();
    expect(names()).toEqual(['A', 'B', 'C']);
  });

  test('puts what came since last, and keeps a place that was closed meanwhile where it stood', async () => {
    const props = { legend: 'Var?', places: PLACES, value: null, onchange: () => undefined };
    const { rerender } = render(Places, props);
    await rerender({ places: [place('0', -1), { ...place('A', 0), is: 'closed' }, place('B', 1), place('C', 2)] });
    expect(names()).toEqual(['A används inte längre', 'B', 'C', '0']);
  });

  test('shows a place that turned out to be another as that one', () => {
    list({ places: [...PLACES, place('D', 4, { sameAs: 'B' })], value: 'D' });
    expect(names()).toEqual(['B', 'A', 'C']);
    expect(screen.getByLabelText('B')).toHaveProperty('checked', true);
  });
});

describe('a pin', () => {
  let proposed: NewPlace[];
  const pin = async () => {
    proposed = [];
    const onpropose = async (p: NewPlace) => (proposed.push(p), { ok: true as const, e: 'x', id: 'x' });
    const given = list({ onpropose });
    await fireEvent.click(screen.getByRole('button', { name: 'Annan plats eller nål' }));
    await screen.findByRole('heading', { name: 'Föreslå en plats', hidden: true });
    return given;
  };
  const call = (name: string) =>
    fireEvent.input(screen.getByLabelText('Vad kallas platsen?'), { target: { value: name } });
  const propose = () => fireEvent.click(screen.getByText('Föreslå'));

  test('has a name', async () => {
    await pin();
    await propose();
    expect(await screen.findByText('Skriv något här.')).toBeTruthy();
    await call('x'.repeat(61));
    await propose();
    expect(await screen.findByText('Texten är 1 tecken för lång.')).toBeTruthy();
    expect(proposed).toEqual([]);
  });

  test('is chosen once proposed, and needs no position', async () => {
    const { chosen } = await pin();
    await call(' Gamla  bron ');
    await propose();
    await waitFor(() => expect(chosen).toEqual(['x']));
    expect(proposed).toEqual([{ name: 'Gamla bron', form: 'other', at: null }]);
    expect(asked).toHaveLength(0);
  });

  test('is rounded before anyone is given it', async () => {
    await pin();
    await call('Bron');
    await fireEvent.click(screen.getByLabelText('Ungefär'));
    answer({ latitude: 59.838712, longitude: 13.543498, accuracy: 8 });
    await screen.findByText(/avrundas till ungefär 100 meter/);
    await propose();
    await waitFor(() => expect(proposed[0]?.at).toEqual({ lat: 5_983_830, lon: 1_354_314 }));
  });

  test('is exact by one tap, which says what that means', async () => {
    await pin();
    await call('Bron');
    await fireEvent.click(screen.getByLabelText('Exakt'));
    answer({ latitude: 59.838712, longitude: 13.543498, accuracy: 8 });
    await screen.findByText(/på någon meter när/);
    await propose();
    await waitFor(() => expect(proposed[0]?.at).toEqual({ lat: 5_983_871, lon: 1_354_350 }));
  });

  test('does not wait for a position that does not come', async () => {
    await pin();
    await call('Bron');
    await fireEvent.click(screen.getByLabelText('Ungefär'));
    expect(await screen.findByText(/Föreslår du nu får platsen ingen position/)).toBeTruthy();
    await propose();
    await waitFor(() => expect(proposed[0]?.at).toBeNull());
  });
});
