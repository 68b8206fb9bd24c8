import { afterEach, describe, expect, test } from 'vitest';
import { speak, type Text, type Texts } from './catalogue';
import { en as deskEn } from './desk.en';
import { sv as deskSv } from './desk.sv';
import { en as firstEn } from './en';
import {
  age,
  type Civil,
  civil,
  civilOf,
  clockTime,
  dateOf,
  DAY,
  dayLong,
  dayShort,
  inside,
  moment,
  number,
  softly,
  stampOf,
  t,
} from './index';
import { tm } from './more';
import { en as moreEn } from './more.en';
import { sv as moreSv } from './more.sv';
import { en as personsEn } from './persons.en';
import { sv as personsSv } from './persons.sv';
import { sv as firstSv } from './sv';

const face = (text: string) => {
  const at = civilOf(text);
  if (at === null) throw new Error(`no moment: ${text}`);
  return at;
};
const VOICES = [
  ['t', firstSv, firstEn],
  ['tm', moreSv, moreEn],
  ['tp', personsSv, personsEn],
  ['d', deskSv, deskEn],
] as [voice: string, sv: Texts, en: Texts][];
const room = (text: unknown): string[] =>
  [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort();
const forms = (text: Text): string[] => (typeof text === 'string' ? [text] : [text.one, text.other]);

/** The source of all that speaks, by file. */
const SOURCES = import.meta.glob<string>(
  ['../**/*.{ts,svelte}', './when.ts', '!./*.{sv,en}.ts', '!./{sv,en}.ts', '!../**/*.test.ts', '!../**/*testkit*'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

/** Keys that no source says: not as they stand, and not as what a key made of parts may become. */
function unused(keys: string[]): string[] {
  const all = Object.values(SOURCES).join('\n');
  const made = [...all.matchAll(/`((?:[a-z][\w-]*\.)+)\$\{/g)].map((m) => m[1] ?? '');
  return keys.filter((key) => !all.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)));
}

afterEach(() => speak('sv'));

describe('the catalogue', () => {
  test.each(VOICES)('of %s has the same keys in both languages', (_voice, sv, en) => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(sv).sort());
  });
  test('of the phone has each key once', () => {
    const all = [firstSv, moreSv, personsSv].flatMap((words) => Object.keys(words));
    expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([]);
  });
  test.each(VOICES)('of %s fills in the same things in both languages', (_voice, sv, en) => {
    for (const [key, text] of Object.entries(sv)) {
      expect([key, typeof en[key], new Set(room(en[key]))]).toEqual([key, typeof text, new Set(room(text))]);
    }
  });
  test.each(VOICES)('of %s has no empty word, no exclamation mark and no blame', (_voice, sv, en) => {
    for (const text of [...Object.values(sv), ...Object.values(en)].flatMap(forms)) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/!|ogiltig|felaktig|misslyck|invalid|failed|error/i);
    }
  });
  test.each(VOICES)('of %s has no word that nobody says', (_voice, sv) => {
    expect(Object.keys(SOURCES).length).toBeGreaterThan(100);
    expect(unused(['no.such.key'])).toEqual(['no.such.key']);
    expect(unused(Object.keys(sv))).toEqual([]);
  });
  test('counts one and many', async () => {
    expect(tm('unsent.here', { n: 1 })).toBe('1 post finns bara på den här telefonen');
    expect(tm('unsent.here', { n: 3 })).toBe('3 poster finns bara på den här telefonen');
    expect(t('pill.unsent', { n: 0 })).toBe('0 ej skickade');
    await speak('en');
    expect(tm('unsent.here', { n: 1 })).toBe('1 entry exists only on this phone');
    expect(t('pill.action', { n: 2 })).toBe('2 need you');
  });
  test('writes numbers as each language does', async () => {
    expect(number(1234).replace(/\s/g, ' ')).toBe('1 234');
    await speak('en');
    expect(number(1234)).toBe('1,234');
  });
  test('keeps abbreviations and breaks long compounds softly', () => {
    expect(inside('Fotpatrull')).toBe('fotpatrull');
    expect(inside('ANDT, insats')).toBe('ANDT, insats');
    expect(softly('Trygghetsvandring')).toBe('Trygghets\u00advandring');
    expect(softly('ANDT intervention')).toBe('ANDT inter\u00advention');
    expect(softly('ANDT, förebyggande')).toBe('ANDT, före\u00adbyggande');
    expect(softly('Fotpatrull')).toBe('Fotpatrull');
  });
});

describe('times', () => {
  const now = face('2026-11-20T22:02+01:00');
  test('are said as people say them, in both languages', async () => {
    expect(clockTime(face('2026-11-20T21:10+01:00'))).toBe('21.10');
    expect(dayShort(face('2026-11-20T00:10+01:00'), now)).toBe('i dag');
    expect(dayShort(face('2026-11-19T23:59+01:00'), now)).toBe('i går');
    expect(dayShort(face('2026-11-16T16:05+01:00'), now)).toBe('mån');
    expect(dayShort(face('2026-11-02T10:00+01:00'), now)).toBe('2 nov');
    expect(dayShort(face('2025-11-02T10:00+01:00'), now)).toBe('2 nov 2025');
    expect(dayLong(face('2026-11-20T21:10+01:00'))).toBe('Fredag 20 november');
    expect(stampOf(face('2026-11-20T21:50+01:00'))).toBe('fre 20 nov 21.50');
    await speak('en');
    expect(clockTime(face('2026-11-20T21:10+01:00'))).toBe('21:10');
    expect(dayShort(face('2026-11-20T00:10+01:00'), now)).toBe('today');
    expect(stampOf(face('2026-11-20T21:50+01:00'))).toBe('Fri 20 Nov 21:50');
  });
  test.each(['sv', 'en'] as const)('name days and months in %s as the browser does', async (lang) => {
    await speak(lang);
    const says = (at: number, how: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(lang === 'sv' ? 'sv-SE' : 'en-GB', { ...how, timeZone: 'UTC' })
        .format(at)
        .replace('.', '');
    for (let n = 0; n < 12; n++) {
      const day = Date.UTC(2026, n, 3 + n) as Civil;
      expect(dateOf(day, day)).toBe(says(day, { day: 'numeric', month: 'short' }));
      expect(dateOf(day, 0 as Civil)).toBe(says(day, { day: 'numeric', month: 'short', year: 'numeric' }));
      expect(dayShort(day, (day + 3 * DAY) as Civil)).toBe(says(day, { weekday: 'short' }));
    }
  });
  test('that someone wrote are shown with the clock they were written by', () => {
    expect(clockTime(face('2026-07-01T21:10-07:00'))).toBe('21.10');
    expect(civilOf('yesterday')).toBeNull();
    expect(civilOf(12)).toBeNull();
  });
  test('that are written here carry the offset of the towns, wherever the phone thinks it is', () => {
    expect(moment(civil(Date.parse('2026-11-20T20:10Z')))).toBe('2026-11-20T21:10+01:00');
    expect(moment(civil(Date.parse('2026-07-01T20:10Z')))).toBe('2026-07-01T22:10+02:00');
  });
  test('since something have a length', async () => {
    expect(age(59_000)).toBe('under 1 min');
    expect(age(12 * 60_000)).toBe('12 min');
    expect(age(130 * 60_000)).toBe('2 h 10 min');
    expect(age(120 * 60_000)).toBe('2 h');
    expect(age(50 * 3_600_000)).toBe('2 dygn');
    await speak('en');
    expect(age(50 * 3_600_000)).toBe('2 days');
  });
});
