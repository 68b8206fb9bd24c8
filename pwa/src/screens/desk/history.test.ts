import { beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../text/catalogue';
import { conflictsOf, factsOf, flagsOf, labelOf, stateOf, valueWords, reasonWords, whoWords, whyWords } from './facts';
import { linesOf } from './history';
import { entries } from './testkit-entries';
import { history } from './testkit-history';

const names = entries(new URLSearchParams());
const book = { kind: undefined, names };
beforeEach(() => speak('sv'));

describe('the history of an entry', () => {
  it('is newest first and says from what to what, as its writer was shown it', () => {
    const lines = linesOf(history());
    expect(lines.map((l) => l.what)).toEqual(['corrected', 'corrected', 'corrected', 'saved']);
    expect(lines[1]?.changes).toEqual([{ f: 'minutes', from: [40], to: 45 }]);
    expect(lines.at(-1)?.changes).toEqual([]);
  });

  it('says who by role and party, and never by account', () => {
    const who = linesOf(history()).map((l) => whoWords(book, l.who));
    expect(who).toEqual(['en okänd avsändare', 'Polisen, i fält', 'Kommunen, samordnare', 'Polisen, i fält']);
  });

  it('keeps what is set aside, with why, and that it was late and carried', () => {
    const [aside] = linesOf(history());
    expect(aside).toMatchObject({ parked: 'right', late: true, carried: true });
    expect(whyWords('right')).toBe('Den som skrev hade inte rätt att logga detta när det kom fram.');
    expect(whyWords('something-new')).toBe('Servern har lagt den åt sidan.');
  });

  it('tells taking back from counting again, and what was erased', () => {
    const reply = history();
    const [first, second, third] = reply.events;
    if (!first || !second || !third) throw new Error('there are four');
    const ev = (h: typeof second, set: object) => ({ ...h, ev: { ...h.ev, set } });
    const events = [
      first,
      ev(second, { retracted: 'Loggad två gånger' }),
      ev(third, { retracted: null }),
      { ...first, id: 'x', standing: 'erased' as const, ev: null },
    ];
    const lines = linesOf({ ...reply, events });
    expect(lines.map((l) => l.what)).toEqual(['erased', 'restored', 'retracted', 'saved']);
    expect(lines[2]?.reason).toBe('Loggad två gånger');
    expect(['undo', 'erased', 'Annat'].map(reasonWords)).toEqual(['Ångrad direkt', 'skälet är raderat', 'Annat']);
  });

  it('says that the clock was off only when one would notice', () => {
    const reply = history();
    const off = (ms: number) =>
      linesOf({ ...reply, events: reply.events.map((h) => ({ ...h, ev: { ...h.ev, off: ms } })) })[0]?.clock;
    expect([off(30_000), off(3 * 3_600_000)]).toEqual([0, 3 * 3_600_000]);
  });
});

describe('the facts of an entry', () => {
  it('show both answers of a field that has two, the shown one first', () => {
    const s = stateOf(history());
    expect(s && conflictsOf(s).map((c) => [c.f, c.heads.map((h) => h.v)])).toEqual([['minutes', [45, 60]]]);
    expect(flagsOf(history())).toEqual(['conflict', 'parked', 'edited']);
  });

  it('are said by the catalogue, else by the desk, else by their name', () => {
    const fields = [
      { f: 'contacts', as: 'band' as const, choices: [{ v: '1-5', sv: '1–5' }], sv: { label: 'Kontakter' } },
    ];
    const kind = { slug: 'foot_patrol', sv: {}, en: {}, icon: '', sight: 'own' as const, order: 1, fields };
    expect(labelOf({ ...book, kind }, 'contacts')).toBe('Kontakter');
    expect(labelOf(book, 'minutes')).toBe('Minuter');
    expect(labelOf(book, 'people_out')).toBe('People out');
    expect(valueWords({ ...book, kind }, 'contacts', '1-5')).toBe('1–5');
    expect(valueWords(book, 'parties', ['municipality', 'police'])).toBe('Kommunen och polisen');
  });

  it('leave nothing out', () => {
    const s = stateOf(history(false));
    expect(s && factsOf(s, book).map((f) => f.f)).toEqual([
      'started_at',
      'minutes',
      'place',
      'parties',
      'people_out',
      'contacts',
    ]);
  });
});
