import { beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../../domain/event';
import { FakeServer } from './fakeserver';
import { Pen } from './pen';
import { ME, NOW } from './testkit';

let server: FakeServer;
let pen: Pen;
beforeEach(() => {
  server = new FakeServer();
  pen = new Pen(server.api, ME, () => NOW);
});
const hold = (n: number) => pen.draft({ e: pen.id(), set: { n } });
const items = () => server.written.flatMap((batch) => batch.events);

describe('what a coordinator writes', () => {
  it('is an event of the person, of the form that phones write', async () => {
    const e = pen.id();
    const born = { t: 'decisions', kind: null, parent: null };
    const sent = await pen.send(
      pen.draft({ e, born, set: { note: 'a' } }, { e, set: { note: 'b' }, base: { note: [e] } }),
    );
    expect(sent.ok && sent.value.map((r) => r.c)).toEqual(['ok', 'ok']);
    const [first, second] = items().map((item) => decode(item.ev));
    expect(first).toMatchObject({ id: e, e, by: ME.account, town: ME.town.id, n: 1, new: born });
    expect(second).toMatchObject({ e, n: 2, base: { note: [e] } });
    expect(second !== undefined && first !== undefined && second.hlc > first.hlc).toBe(true);
  });

  it('has the same bytes when it is sent again after a lost reply', async () => {
    const draft = hold(1);
    server.offline = true;
    expect((await pen.send(draft)).ok).toBe(false);
    const first = draft.items;
    server.offline = false;
    expect((await pen.send(draft)).ok).toBe(true);
    expect(items()).toEqual(first);
  });

  it('leaves no hole in the numbers when a draft is given up', async () => {
    server.offline = true;
    const lost = hold(1);
    await pen.send(lost);
    server.offline = false;
    await pen.send(hold(2));
    expect(items()[0]).toMatchObject({ n: 1 });
    expect(items()[0]?.inc).not.toBe(lost.items?.[0]?.inc);
  });

  it('leaves none when the server refuses a draft', async () => {
    server.fares = 'refused';
    await pen.send(hold(1));
    server.fares = 'ok';
    await pen.send(hold(2));
    expect(items().map((item) => item.n)).toEqual([1, 1]);
    expect(new Set(items().map((item) => item.inc)).size).toBe(2);
  });

  it('is numbered on when it was taken, and in the order it was sent', async () => {
    const [a, b] = [hold(1), hold(2)];
    await Promise.all([pen.send(b), pen.send(a)]);
    expect(items().map((item) => item.n)).toEqual([1, 2]);
    expect(items()[0]?.id).toBe(b.items?.[0]?.id);
  });
});
