import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import protocol from '../../../docs/api/protocol.md?raw';
import type { Failure } from '../api/http';
import { Cache } from '../journal/cache';
import { ACCOUNT, freshOutbox, id, PERSON, saving, TOWN } from '../journal/journal.testkit';
import type { Outbox } from '../journal/outbox';
import { Engine } from './engine';
import type { Happening } from './machine';
import type { RowState } from '../domain/row';
import { type Doing, lineOf, meaning, MEANINGS, type Met } from './meaning';
import { FakeServer, fixture } from './server.testkit';
import { World } from './world.testkit';

const said = (status: number, code = `${status}`) => ({
  type: `/problems/${code}`,
  title: 't',
  status,
  sv: 's',
  en: 'e',
});
const failure = (more: Partial<Failure>): Failure => ({
  ok: false,
  why: 'status',
  status: 0,
  problem: null,
  retryAfter: 7000,
  ...more,
});
const status = (n: number, code?: string) => failure({ status: n, problem: said(n, code) });
const wait = (why: string, retryAfter: number | null = null) => ({ type: 'failed', why, retryAfter }) as Happening;
const blamed = (why: string) => ({ type: 'blamed', why, count: 2, only: null }) as Happening;

const rows: [what: string, Failure, Met, Happening][] = [
  ['a time-out', failure({ why: 'slow' }), 'time-out', { type: 'slow' }],
  ['no network', failure({ why: 'offline' }), 'offline', wait('offline')],
  ['a captive portal, or a wrong content type', failure({ why: 'portal', status: 200 }), 'portal', wait('portal')],
  ['400', status(400), '400', blamed('malformed')],
  ['401', status(401), '401', { type: 'unauthorised' }],
  ['403', status(403), 'other', wait('server')],
  ['403 of a phone that is shut out', status(403, 'revoked'), '403 revoked', { type: 'unauthorised' }],
  ['404', status(404), 'other', wait('server')],
  ['408', status(408), '408', { type: 'slow' }],
  ['409', status(409), 'other', wait('server')],
  ['410', status(410), 'other', wait('server')],
  ['413', status(413), '413', blamed('too-large')],
  ['413 of somebody else', failure({ status: 413 }), '413', blamed('too-large')],
  ['429', status(429), '429', wait('busy', 7000)],
  ['500', status(500), 'other', wait('server')],
  ['502 of a proxy', failure({ status: 502 }), 'other', wait('server')],
  ['503', status(503), '503', wait('busy', 7000)],
  ['507', status(507), '507', wait('full', 7000)],
  ...[400, 401, 403].map((n): [string, Failure, Met, Happening] => [
    `${n} that is not in our words`,
    failure({ status: n }),
    'other',
    wait('server'),
  ]),
];

describe('what the phone does', () => {
  it.each(rows)('at %s', (_what, met, line, happening) => {
    expect([lineOf(met), meaning(met, ['a', 'b'])]).toEqual([line, happening]);
  });

  it('has a test for each line of the table', () => {
    expect([...new Set(rows.map(([, , line]) => line))].sort()).toEqual(Object.keys(MEANINGS).sort());
  });

  it('is told in the protocol in the same words', () => {
    const told = [...protocol.matchAll(/^\| `([^`]+)` \|[^|]*\| (\w[\w ]*?)(?:: `([\w-]+)`)? \|/gm)].map(
      ([, met, doing, why]) => [met, doing, why],
    );
    const words = (doing: Doing) => [doing.do, 'why' in doing ? doing.why : undefined];
    expect(told.filter(([met]) => met && met in MEANINGS)).toEqual(
      Object.keys(MEANINGS).map((met) => [met, ...words(MEANINGS[met as Met])]),
    );
  });
});

describe('no status from 100 to 599 removes anything from the phone', () => {
  let outbox: Outbox;
  let server: FakeServer;
  let world: World;
  let cache: Cache;

  /** Settles when the machine has come to rest. */
  async function once(from: Engine | null = null): Promise<Engine> {
    void from?.stop();
    let rested: () => void = () => undefined;
    const rest = new Promise<void>((resolve) => (rested = resolve));
    const engine: Engine = new Engine(world.surroundings(server), {
      outbox,
      cache,
      person: () => PERSON,
      outboxChanged: () => undefined,
      cacheChanged: () => undefined,
      moved: () => void (['idle', 'wait', 'signin'].includes(engine.machine.at) && rested()),
    });
    engine.wake('user');
    await rest;
    return engine;
  }
  const kept = async () =>
    JSON.stringify([
      (await outbox.rows()).map(({ id: i, e, inc, n, bytes }) => [i, e, inc, n, bytes]),
      await outbox.drafts(ACCOUNT),
    ]);
  const answer = (n: number, ours: boolean): Response => {
    const [type, text] = ours ? ['application/problem+json', JSON.stringify(said(n))] : ['text/html', '<h1>No</h1>'];
    const response = new Response(text, { headers: { 'Content-Type': type } });
    const as = { status: { value: n }, ok: { value: n >= 200 && n < 300 } }; // a Response cannot be made with every status
    return Object.defineProperties(response, as);
  };

  beforeEach(async () => {
    outbox = await freshOutbox();
    cache = new Cache(TOWN, ACCOUNT);
    [server, world] = [new FakeServer(), new World()];
    server.now = () => world.now;
    const draft = { kind: 'k', values: { note: 'half a sen' }, base: {}, focus: null, at: 1, account: ACCOUNT };
    await outbox.keepDraft({ ...draft, id: id(50), e: null });
    await outbox.keepDraft({ ...draft, id: id(51), e: id(1) });
  });
  afterEach(async () => cache.db.close());

  /** Every status, in our words and in others', at one kind of request; `began` is how the rows stand meanwhile. */
  async function walk(asked: 'push' | 'changes' | 'digest', began: RowState): Promise<void> {
    const before = await kept();
    let engine: Engine | null = null;
    let met = 0;
    for (const ours of [true, false]) {
      for (let n = 100; n < 600; n += 1) {
        server.extra = [fixture(id(900), 'town', { name: `${n} ${ours}` })];
        const through = server.fetch;
        server.fetch = async (url, init) =>
          url.includes(`/sync/${asked}`) ? ((met += 1), answer(n, ours)) : through(url, init);
        world.now += 600_001; // so that the cache may be compared again
        engine = await once(engine);
        server.fetch = through;
        if ((await kept()) !== before) expect([n, await kept()]).toEqual([n, before]);
      }
    }
    void engine?.stop();
    expect(met).toBeGreaterThanOrEqual(1000);
    expect(new Set((await outbox.rows()).map(({ state }) => state))).toEqual(new Set([began]));
  }
  const save = async () => {
    for (const n of [1, 2, 3]) await outbox.save(saving(n, { now: world.now }));
  };

  it('when a push is answered with it', async () => {
    await save();
    await walk('push', 'unsent');
  }, 60_000);

  it('when the changes are answered with it', async () => {
    await save();
    await once();
    await walk('changes', 'ok');
  }, 60_000);

  it('when the digest is answered with it', async () => {
    await save();
    await once();
    await walk('digest', 'ok');
  }, 60_000);
});
