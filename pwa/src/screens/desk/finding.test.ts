import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FollowUp } from '../../api/desk';
import { speak } from '../../text/catalogue';
import { findingOf, shareOf } from './finding';
import { figures, fresh, MEASURES } from './testkit';

const said = (f: FollowUp): string =>
  findingOf(f)
    .map((p) => p.text)
    .join('');
const links = (f: FollowUp): (string | undefined)[] => findingOf(f).flatMap((p) => (p.href ? [p.href] : []));
const ended = (as: 'count' | 'effort') => figures(as, { now: Date.UTC(2027, 2, 1) });

beforeEach(() => speak('sv'));
afterEach(() => speak('sv'));

describe('the sentence of a promise with numbers', () => {
  it('says what follows the plan, what is behind and what cannot be measured', () => {
    expect(said(figures('count'))).toBe(
      'Tre av fem åtgärder följer planen. Insatser mot ANDT-brott ligger två efter, och Samverkan unga i riskzon går inte att mäta eftersom löftet saknar utgångsläge.',
    );
  });

  it('says the same in English', async () => {
    await speak('en');
    expect(said(figures('count'))).toBe(
      'Three of five measures follow the plan. Insatser mot ANDT-brott is two behind, and Samverkan unga i riskzon cannot be measured because the promise has no starting point.',
    );
  });

  it('leads from what is behind to the entries of that measure and year', () => {
    expect(links(figures('count'))).toEqual([`/desk/entries?measure=${MEASURES[3]}&year=1`]);
  });

  it('says all, none and one as people do', () => {
    const f = figures('count');
    const [walk] = f.measures.filter((m) => m.verdict === 'met');
    const [late] = f.measures.filter((m) => m.verdict === 'behind');
    if (!walk || !late) throw new Error('the town has both');
    expect(said({ ...f, measures: [walk, { ...walk, e: 'other' }] })).toBe('Alla två åtgärder följer planen.');
    expect(said({ ...f, measures: [walk] })).toBe('Åtgärden följer planen.');
    expect(said({ ...f, measures: [late] })).toBe(
      'Ingen av en åtgärder följer planen. Insatser mot ANDT-brott ligger två efter.',
    );
  });

  it('judges what was met when the year is over', () => {
    const f = ended('count');
    const measures = f.measures.map((m) => (m.verdict === 'behind' ? { ...m, verdict: 'not_met' as const } : m));
    expect(said({ ...f, measures })).toMatch(
      /^En av fem åtgärder är uppfylld\. Insatser mot ANDT-brott nådde 6 av 10, och /,
    );
  });

  it('names a measure without a number among those with one', () => {
    const f = figures('count');
    const measures = f.measures.map((m, i) => (i === 0 ? { ...figures().measures[0]!, e: m.e } : m));
    expect(said({ ...f, measures })).toContain('Fotpatrull i centrum har inget tal i löftet');
  });
});

describe('the sentence of a promise without numbers', () => {
  it('says that there is nothing to judge by, and what was done', () => {
    expect(said(figures())).toBe(
      'Löftet säger vad som ska göras men inte hur mycket. Hittills i år: 21 fotpatruller, 7 ANDT-förebyggande aktiviteter, 2 trygghetsvandringar, 6 insatser mot ANDT-brott och 11 möten om unga i riskzon. Samverkan unga i riskzon går inte att mäta eftersom löftet saknar utgångsläge.',
    );
  });

  it('says the same in English', async () => {
    await speak('en');
    expect(said(figures())).toMatch(
      /^The promise says what to do but not how much\. So far this year: 21 foot patrols, 7 ANDT/,
    );
  });

  it('leads from every number to its entries', () => {
    expect(links(figures())).toEqual(MEASURES.map((e) => `/desk/entries?measure=${e}&year=1`));
  });

  it('says a single one as one, and a kind without a word by its name', () => {
    const f = figures();
    const [first, second] = f.measures;
    if (!first || !second) throw new Error('the town has five');
    const measures = [
      { ...first, done: 1 },
      { ...second, kinds: ['neighbourhood_watch'], short: 'Grannsamverkan' },
    ];
    expect(said({ ...f, measures })).toContain('Hittills i år: 1 fotpatrull och Grannsamverkan 7.');
  });

  it('says that nothing is logged yet', () => {
    expect(said(fresh(true))).toBe('Löftet säger vad som ska göras men inte hur mycket. Inget är loggat än i år.');
  });

  it('names the year when it is over or no calendar year', () => {
    expect(said(ended('effort'))).toContain('Under 2026: 21 fotpatruller');
    const year = { n: 1, from: '2026-03-01', to: '2027-02-28' };
    expect(said(figures('effort', { year }))).toContain('Hittills under år ett: 21 fotpatruller');
  });

  it('says when a promise that has not begun begins', () => {
    expect(said(figures('effort', { now: Date.UTC(2025, 11, 24) }))).toBe('Löftet börjar gälla 1 januari 2026.');
  });
});

it('puts the today stroke where the day is in the year, and nowhere outside it', () => {
  expect(shareOf(figures())).toBeCloseTo(327 / 365);
  expect(shareOf(ended('count'))).toBeNull();
});
