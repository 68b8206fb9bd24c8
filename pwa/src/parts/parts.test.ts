import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import type { SyncStatus } from '../domain/app';
import { civil, isoDay } from '../text';
import Chips from './Chips.svelte';
import Duration from './Duration.svelte';
import { timeOfDay } from './moment';
import Moment from './Moment.svelte';
import { pill } from './pill';
import Places from './Places.svelte';
import Counts from './Counts.svelte';
import Stepper from './Stepper.svelte';
import TextField from './TextField.svelte';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-20T22:02+01:00');

describe('the pill in the header', () => {
  const idle: SyncStatus = {
    unsent: 0,
    others: 0,
    oldest: null,
    action: 0,
    phase: 'idle',
    allSentAt: NOW,
    restored: false,
  };
  const waiting = (minutes: number, more: Partial<SyncStatus> = {}): SyncStatus => ({
    ...idle,
    unsent: 2,
    oldest: NOW - minutes * MINUTE,
    ...more,
  });

  test.each<[string, SyncStatus, string, string, string | undefined]>([
    ['is quiet when all is sent', idle, 'ok', 'Allt skickat 22.02', undefined],
    ['says so when nothing was ever sent', { ...idle, allSentAt: null }, 'ok', 'Inget att skicka', undefined],
    ['is quiet for a quarter of an hour', waiting(15), 'quiet', '2 ej skickade', 'äldst 15 min'],
    ['is amber after that when there is a network', waiting(16), 'amber', '2 ej skickade', 'äldst 16 min'],
    ['stays quiet without a network', waiting(16, { phase: 'offline' }), 'quiet', '2 ej skickade', 'äldst 16 min'],
    [
      'is red after a day, even without a network',
      waiting(24 * 60 + 1, { phase: 'offline' }),
      'red',
      '2 ej skickade',
      'äldst 24 h 1 min',
    ],
    ['is red when something needs a person', waiting(1, { action: 1 }), 'red', '1 kräver åtgärd', '2 ej skickade'],
    ['asks for a new sign-in in amber', waiting(1, { phase: 'signin' }), 'amber', 'Koppla igen', '2 ej skickade'],
  ])('%s', (_, status, tone, main, sub) => {
    expect(pill(status, NOW)).toEqual({ tone, main, ...(sub !== undefined && { sub }) });
  });
});

describe('a time that is typed', () => {
  test.each([
    ['19.30', '19:30'],
    ['19:30', '19:30'],
    ['1930', '19:30'],
    ['930', '09:30'],
    ['7', '07:00'],
    [' 7.05 ', '07:05'],
    ['24.00', null],
    ['12.60', null],
    ['', null],
    ['kväll', null],
  ])('%j means %j', (typed, meant) => {
    expect(timeOfDay(typed)).toBe(meant);
  });
});

describe('Moment', () => {
  const value = '2026-11-20T19:30+01:00';
  test('moves the day and keeps the time', async () => {
    const onchange = vi.fn<(v: string | null) => void>();
    render(Moment, { legend: 'När?', value, now: NOW, onchange });
    expect(screen.getByLabelText('I dag')).toHaveProperty('checked', true);
    await fireEvent.click(screen.getByLabelText('I går'));
    expect(onchange.mock.lastCall?.[0]).toMatch(/^2026-11-19T19:30/);
  });
  test('asks for a date on another day, never after today', async () => {
    const onchange = vi.fn<(v: string | null) => void>();
    render(Moment, { legend: 'När?', value, now: NOW, onchange });
    await fireEvent.click(screen.getByLabelText('Annan dag'));
    const day = screen.getByLabelText('Dag');
    expect(day).toHaveProperty('max', isoDay(civil(NOW)));
    await fireEvent.change(day, { target: { value: '2026-11-03' } });
    expect(onchange.mock.lastCall?.[0]).toMatch(/^2026-11-03T19:30/);
  });
  test('gives nothing while the time is half typed', async () => {
    const onchange = vi.fn<(v: string | null) => void>();
    render(Moment, { legend: 'När?', value, now: NOW, onchange });
    const began = screen.getByLabelText('Började');
    expect(began).toHaveProperty('value', '19.30');
    await fireEvent.input(began, { target: { value: '2' } });
    expect(onchange.mock.lastCall?.[0]).toMatch(/T02:00/);
    await fireEvent.input(began, { target: { value: '' } });
    expect(onchange.mock.lastCall?.[0]).toBeNull();
  });
});

describe('Chips', () => {
  const options = [
    { v: 'a', label: 'Polisen' },
    { v: 'b', label: 'Kommunen' },
    { v: 'c', label: 'Skolan' },
  ];
  test('an answer that need not be given can be taken back', async () => {
    const onchange = vi.fn<(v: string[]) => void>();
    render(Chips<string>, { legend: 'Vilka?', options, chosen: ['a'], onchange });
    await fireEvent.click(screen.getByLabelText('Polisen'));
    expect(onchange).toHaveBeenLastCalledWith([]);
  });
  test('one that is needed cannot', async () => {
    const onchange = vi.fn<(v: string[]) => void>();
    render(Chips<string>, { legend: 'Vilka?', options, chosen: ['a'], need: true, onchange });
    await fireEvent.click(screen.getByLabelText('Polisen'));
    expect(onchange).not.toHaveBeenCalled();
  });
  test('several are given in the order of the list', async () => {
    const onchange = vi.fn<(v: string[]) => void>();
    render(Chips<string>, { legend: 'Vilka?', options, chosen: ['c'], several: true, onchange });
    await fireEvent.click(screen.getByLabelText('Polisen'));
    expect(onchange).toHaveBeenLastCalledWith(['a', 'c']);
  });
  test('a long list is folded, but never over what is chosen', async () => {
    render(Chips<string>, {
      legend: 'Vilka?',
      options,
      chosen: ['c'],
      several: true,
      first: 1,
      onchange: () => undefined,
    });
    expect(screen.queryByLabelText('Kommunen')).toBeNull();
    expect(screen.getByLabelText('Skolan')).toBeTruthy();
    await fireEvent.click(screen.getByText('Fler'));
    expect(screen.getByLabelText('Kommunen')).toBeTruthy();
  });
  test('the words of a problem belong to the group', () => {
    render(Chips<string>, {
      legend: 'Vilka?',
      options,
      chosen: [],
      problem: 'Välj minst en.',
      onchange: () => undefined,
    });
    const group = screen.getByRole('group');
    expect(document.getElementById(group.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Välj minst en.');
  });
});

describe('Stepper', () => {
  test('starts at its least, stops at its most and can be emptied', async () => {
    const onchange = vi.fn<(v: number | null) => void>();
    const { rerender } = render(Stepper, { label: 'Antal', value: null, min: 1, max: 2, onchange });
    await fireEvent.click(screen.getByLabelText('Öka Antal'));
    expect(onchange).toHaveBeenLastCalledWith(1);
    await rerender({ value: 2 });
    onchange.mockClear();
    await fireEvent.click(screen.getByLabelText('Öka Antal'));
    expect(onchange).not.toHaveBeenCalled();
    await rerender({ value: 1 });
    await fireEvent.click(screen.getByLabelText('Minska Antal'));
    expect(onchange).toHaveBeenLastCalledWith(null);
  });
});

describe('a number that is typed', () => {
  const typed = async (value: string) => {
    await fireEvent.input(screen.getByRole('textbox', { name: 'Antal' }), { target: { value } });
  };
  test('is taken as it stands, past the most too, and emptied where it need not be given', async () => {
    const onchange = vi.fn<(v: number | null) => void>();
    render(Stepper, { label: 'Antal', value: 3, min: 1, max: 20, onchange });
    await typed('14');
    expect(onchange).toHaveBeenLastCalledWith(14);
    await typed('140');
    expect(onchange).toHaveBeenLastCalledWith(140);
    await typed('1x');
    expect(onchange).toHaveBeenLastCalledWith(1);
    await typed('');
    expect(onchange).toHaveBeenLastCalledWith(null);
  });
  test('that must be given stands until another is', async () => {
    const onchange = vi.fn<(v: number | null) => void>();
    render(Stepper, { label: 'Antal', value: 3, min: 1, max: 20, need: true, onchange });
    await typed('');
    expect(onchange).not.toHaveBeenCalled();
    const input = screen.getByRole<HTMLInputElement>('textbox', { name: 'Antal' });
    await fireEvent.blur(input);
    expect(input.value).toBe('3');
  });
});

describe('Counts', () => {
  test('says the sum, and a group with none is not given', async () => {
    const onchange = vi.fn<(v: string, n: number | null) => void>();
    const of = [
      { v: 'a', label: 'Boende' },
      { v: 'b', label: 'Polisen' },
    ];
    render(Counts, { legend: 'Deltagare', of, value: (v: string) => (v === 'a' ? 14 : 1), max: 200, onchange });
    expect(screen.getByRole('group', { name: 'Deltagare (totalt 15)' })).toBeTruthy();
    await fireEvent.click(screen.getByLabelText('Öka Boende'));
    expect(onchange).toHaveBeenLastCalledWith('a', 15);
    await fireEvent.click(screen.getByLabelText('Minska Polisen'));
    expect(onchange).toHaveBeenLastCalledWith('b', null);
  });
});

describe('Moment', () => {
  test('keeps a minute that is corrected in its hour, in the night that has one twice', async () => {
    const onchange = vi.fn<(v: string | null) => void>();
    const now = Date.parse('2026-10-25T09:00+01:00');
    render(Moment, { legend: 'När?', value: '2026-10-25T02:20+01:00', now, onchange });
    const time = screen.getByLabelText('Började');
    await fireEvent.input(time, { target: { value: '02.30' } });
    expect(onchange).toHaveBeenLastCalledWith('2026-10-25T02:30+01:00');
  });
  test('moves a minute that the night in spring has not past the gap', async () => {
    const onchange = vi.fn<(v: string | null) => void>();
    const now = Date.parse('2026-03-29T09:00+02:00');
    render(Moment, { legend: 'När?', value: '2026-03-29T01:20+01:00', now, onchange });
    await fireEvent.input(screen.getByLabelText('Började'), { target: { value: '02.30' } });
    expect(onchange).toHaveBeenLastCalledWith('2026-03-29T03:30+02:00');
  });
});

describe('Duration', () => {
  test('takes another number of minutes', async () => {
    const onchange = vi.fn<(v: number | null) => void>();
    render(Duration, { legend: 'Hur länge?', choices: [15, 30], value: 30, onchange });
    await fireEvent.click(screen.getByLabelText('Annat'));
    await fireEvent.input(screen.getByLabelText('Antal minuter'), { target: { value: '45' } });
    expect(onchange).toHaveBeenLastCalledWith(45);
  });
  test('shows one that is not among the usual', () => {
    render(Duration, { legend: 'Hur länge?', choices: [15, 30], value: 40, onchange: () => undefined });
    expect(screen.getByLabelText('Antal minuter')).toHaveProperty('value', '40');
  });
});

describe('Places', () => {
  const places = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((name, order) => ({
    e: name,
    name,
    form: '',
    lat: null,
    lon: null,
    order,
  }));
  test('the last one stands first, the rest behind a button', async () => {
    render(Places, { legend: 'Var?', places, value: 'G', onchange: () => undefined });
    expect(screen.getAllByRole('radio').map((r) => (r as HTMLInputElement).labels?.[0]?.textContent)).toEqual([
      'G',
      'A',
      'B',
      'C',
      'D',
    ]);
    await fireEvent.click(screen.getByText('Visa 3 platser till'));
    expect(screen.getAllByRole('radio')).toHaveLength(8);
  });
});

describe('TextField', () => {
  test('says how much is left when it is near its end, and cuts nothing', () => {
    render(TextField, {
      label: 'Anteckning',
      value: 'x'.repeat(270),
      max: 280,
      lines: true,
      onchange: () => undefined,
    });
    expect(screen.getByText('10 tecken kvar')).toBeTruthy();
    expect(screen.getByRole('textbox').hasAttribute('maxlength')).toBe(false);
  });
});
