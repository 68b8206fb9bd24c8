import { describe, expect, it } from 'vitest';
import { answer, decisionWords, questionsOf, undoOf, useWay, waysOf } from './attention';
import { id } from './testkit';
import { attention } from './testkit-attention';
import { ENTRY, history } from './testkit-history';

const full = attention(true);
const desk = { reply: full, newId: () => id(5000) };
const thing = (reason: string) => {
  const found = full.items.find((i) => i.reason === reason);
  if (!found) throw new Error(`nothing of ${reason}`);
  return found;
};
const ways = (reason: string, of = history()) => waysOf(thing(reason), desk, of, of);
const way = (reason: string, key: string) => {
  const found = ways(reason).find((w) => w.key === key);
  if (!found) throw new Error(`no way ${key}`);
  return found;
};
const born = { t: 'decisions', kind: null, parent: null };

describe('a way out', () => {
  it('is there for each reason', () => {
    for (const item of full.items)
      expect([item.reason, waysOf(item, desk, history(), history()).length > 0]).toEqual([item.reason, true]);
  });

  it('of a conflict names every answer that was shown', () => {
    const of = history();
    const [q] = questionsOf(of);
    if (!q) throw new Error('no conflict');
    expect(q.answers.map((h) => h.v)).toEqual([45, 60]);
    const [stroke] = useWay(ENTRY, q, q.answers[1] as never, { kind: undefined, names: null }).strokes('');
    expect(stroke).toEqual({ e: ENTRY, set: { minutes: 60 }, base: { minutes: [id(302), id(301)] } });
  });

  it('that keeps it taken back names the edits that were looked at', () => {
    const of = history();
    Object.assign(of.state.st?.f ?? {}, {
      retracted: { h: [{ id: id(310), eff: '0', inc: id(700), n: 2, v: 'Fel dag.' }] },
    });
    const [keep] = waysOf(thing('edited'), desk, of, null);
    expect(keep?.strokes('')).toEqual([
      { e: ENTRY, set: { retracted: 'Fel dag.' }, base: { retracted: [id(310), id(302)] } },
    ]);
  });

  it('begins the entity of decisions where there is none, and writes on the one there is with what stands as base', () => {
    const set = { [`verdict:${id(303)}`]: 'release' };
    expect(way('parked', 'release').strokes('')).toEqual([{ e: id(5000), set, born }]);
    const item = { ...thing('parked'), write: [{ f: `verdict:${id(303)}`, base: [id(4001)] }] };
    const [release] = waysOf(item, { ...desk, reply: { ...full, decisions: id(4000) } }, null, null);
    expect(release?.strokes('')).toEqual([{ e: id(4000), set, base: { [`verdict:${id(303)}`]: [id(4001)] } }]);
  });

  it('does not offer to let in what the server cannot read, nor a decision', () => {
    const keys = (more: object) => waysOf({ ...thing('parked'), ...more }, desk, null, null).map((w) => w.key);
    expect(keys({ why: 'kind' })).toEqual(['hold']);
    expect(keys({ t: 'decisions' })).toEqual(['see']);
  });

  it('keeps the reason that was given, and says it again', () => {
    const [stroke] = way('gap', 'lost').strokes('Trasig');
    const v = Object.values(stroke?.set ?? {})[0] ?? null;
    expect(v).toBe('lost Trasig');
    expect(decisionWords({ v })).toBe('Räknas som förlorade: Trasig');
  });
});

describe('undoing', () => {
  it('empties a decision, and holds what was written on an entry', () => {
    const results = [{ id: id(6000), c: 'ok' as const, seq: 70 }];
    expect(undoOf(way('silent', 'contact').strokes(''), results, desk)).toEqual([
      { e: id(5000), set: { [`noted:silent:${id(912)}`]: null }, base: { [`noted:silent:${id(912)}`]: [id(6000)] } },
    ]);
    expect(undoOf([answer(ENTRY, 'minutes', 60, [])], results, desk)).toEqual([
      { e: id(5000), set: { [`verdict:${id(6000)}`]: 'hold' }, born },
    ]);
  });
});
