import { expect, it } from 'vitest';
import { id, INC, NOON, saving, TOWN } from '../journal/journal.testkit';
import { canon, type Json } from './canon';
import first from '../../../docs/api/vectors/rescue/v1.json?raw';
import { type Carried, readRescue, type Rescued, spellRescue } from './rescue';
import { sumOf } from './sum';

const carried = (n: number, note: string): Carried => {
  const { id: of, e, inc, spell } = saving(n, { set: { note } });
  return {
    id: of,
    e,
    inc,
    n,
    seal: 'none',
    state: 'unsent',
    savedAt: NOON,
    bytes: spell(n, '0192f3c41a2b-0003', null),
  };
};
const FILE = { town: TOWN, made: NOON, events: [carried(1, 'Torget, många ute'), carried(2, 'Skolan')] };
const text = await spellRescue(FILE);

/** The file with something in it changed, and its sum made anew where `right`. */
async function changed(change: (doc: Record<string, Json>) => void, right: boolean): Promise<string> {
  const { sum, ...doc } = JSON.parse(text) as Record<string, Json>;
  change(doc);
  return JSON.stringify({ ...doc, sum: right ? await sumOf(canon(doc)) : sum });
}
const events = (doc: Record<string, Json>) => doc.events as unknown as Record<string, Json>[];

it('a file gives back every event byte for byte', async () => {
  expect(await readRescue(text)).toEqual(FILE);
});

it('a file that was spelled otherwise by an editor is the same file', async () => {
  expect(await readRescue(JSON.stringify(JSON.parse(text)))).toEqual(FILE);
});

it('a file of version 1 opens for ever', async () => {
  const { events } = (await readRescue(first)) as Rescued;
  expect(events.map(({ n, state }) => [n, state])).toEqual([
    [1, 'ok'],
    [2, 'unsent'],
    [3, 'refused'],
  ]);
  expect(events[0]?.bytes).toContain('"note":"Torget, många ute"');
});

it('nobody reads a colleague’s words by opening the file', () => {
  expect(text).not.toMatch(/Torget|Skolan/);
});

it('a file cut anywhere is broken', async () => {
  for (const share of [0.1, 0.3, 0.5, 0.9, 0.999])
    expect(await readRescue(text.slice(0, Math.floor(text.length * share)))).toBe('broken');
});

it('any changed character of an event is found', async () => {
  const flip = (doc: Record<string, Json>) => {
    const [first] = events(doc);
    if (first) first.ev = (first.ev as string).replace(/A/, 'B');
  };
  expect(await readRescue(await changed(flip, false))).toBe('broken');
});

it('a number beside an event that is not the one within is found, whatever the sum says', async () => {
  const renumber = (doc: Record<string, Json>) => void Object.assign(events(doc)[0] ?? {}, { n: 7 });
  expect(await readRescue(await changed(renumber, true))).toBe('broken');
});

it('an event of another town in the file is found', async () => {
  expect(await readRescue(await changed((doc) => void (doc.town = id(99)), true))).toBe('broken');
});

it('a file of a later version says so', async () => {
  expect(await readRescue(await changed((doc) => void (doc.v = 2), true))).toBe('newer');
});

it('what is no rescue file says so', async () => {
  for (const other of ['', 'hej', '[]', '{"a":1}', 'null']) expect(await readRescue(other)).toBe('other');
});

it('an event that no app can read comes along as it is', async () => {
  const odd = {
    town: TOWN,
    made: NOON,
    events: [{ ...carried(1, 'x'), bytes: '{"broken"', inc: INC, state: 'refused' as const }],
  };
  expect(await readRescue(await spellRescue(odd))).toEqual(odd);
});
