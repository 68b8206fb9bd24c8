import { describe, expect, it } from 'vitest';
import { type At, atRest, type Effect, type Happening, type Machine, step, TABLE, type Wake } from './machine';

const on = (at: At, more: Partial<Machine> = {}): Machine => ({ ...atRest(), at, ...more });
const PUSH: Effect = { do: 'push', size: 25, forced: false };
const sleep = (upTo: number, atLeast = 0): Effect => ({ do: 'sleep', atLeast, upTo });
const wake = (by: Wake): Happening => ({ type: 'wake', by });
const failed = (
  why: 'offline' | 'portal' | 'server' | 'busy' | 'full',
  retryAfter: number | null = null,
): Happening => ({
  type: 'failed',
  why,
  retryAfter,
});
const pushed = (more: Partial<Extract<Happening, { type: 'pushed' }>> = {}): Happening => ({
  type: 'pushed',
  left: 0,
  progress: true,
  rest: 0,
  took: 900,
  max: 500,
  ...more,
});
const pulled = (more: Partial<Extract<Happening, { type: 'pulled' }>> = {}): Happening => ({
  type: 'pulled',
  more: false,
  changed: false,
  reset: false,
  ...more,
});
const blamed = (count: number, only: string | null = null): Happening => ({
  type: 'blamed',
  why: 'malformed',
  count,
  only,
});

type Row = [from: Machine, happening: Happening, to: Partial<Machine>, effects: Effect[]];
const ANY: Wake[] = ['saved', 'online', 'visible', 'start', 'timer', 'user', 'worker'];
const ASKING: At[] = ['push', 'probe', 'pull', 'check'];

const rows: Row[] = [
  // idle
  ...ANY.map((by): Row => [on('idle'), wake(by), { at: 'push', again: false }, [PUSH]]),
  // push
  [on('push'), { type: 'empty' }, { at: 'pull' }, [{ do: 'pull' }]],
  [on('push', { tries: 3 }), pushed(), { at: 'pull', size: 50, tries: 0 }, [{ do: 'pull' }]],
  [on('push', { tries: 3 }), pushed({ left: 9 }), { at: 'push', size: 50, tries: 0 }, [{ ...PUSH, size: 50 }]],
  [on('push', { size: 400 }), pushed({ left: 9, max: 500 }), { at: 'push', size: 500 }, [{ ...PUSH, size: 500 }]],
  [on('push'), pushed({ left: 9, max: 10 }), { at: 'push', size: 10, max: 10 }, [{ ...PUSH, size: 10 }]],
  [on('push'), pushed({ left: 9, took: 2501 }), { at: 'push', size: 25 }, [PUSH]],
  [
    on('push', { forced: true }),
    pushed({ left: 9 }),
    { at: 'push', forced: true },
    [{ ...PUSH, size: 50, forced: true }],
  ],
  [on('push'), pushed({ left: 9, rest: 7000 }), { at: 'wait', why: 'busy', firm: true }, [sleep(700, 7000)]],
  [
    on('push', { tries: 2 }),
    pushed({ left: 9, progress: false }),
    { at: 'wait', why: 'busy', firm: false, tries: 3 },
    [sleep(8000)],
  ],
  [on('push'), blamed(25), { at: 'push', size: 12 }, [{ ...PUSH, size: 12 }]],
  [on('push', { size: 100 }), blamed(3), { at: 'push', size: 1 }, [{ ...PUSH, size: 1 }]],
  [
    on('push', { size: 8 }),
    blamed(1, 'x'),
    { at: 'probe', size: 1, culprit: { id: 'x', why: 'malformed' } },
    [{ do: 'push', size: 0, forced: true }],
  ],
  [on('push'), blamed(0), { at: 'wait', why: 'server' }, [sleep(2000)]],
  [on('push'), { type: 'slow' }, { at: 'wait', why: 'offline', size: 12 }, [sleep(2000)]],
  [on('push', { size: 1 }), { type: 'slow' }, { at: 'wait', size: 1 }, [sleep(2000)]],
  // probe
  [
    on('probe', { size: 1, culprit: { id: 'x', why: 'too-large' } }),
    pushed({ left: 3, progress: true }),
    { at: 'push', culprit: null },
    [
      { do: 'setAside', id: 'x', why: 'too-large' },
      { ...PUSH, size: 1 },
    ],
  ],
  [on('probe', { culprit: { id: 'x', why: 'malformed' } }), blamed(0), { at: 'wait', why: 'server' }, [sleep(2000)]],
  [on('probe', { size: 1 }), pushed(), { at: 'push' }, [{ ...PUSH, size: 1 }]],
  // pull
  [on('pull'), { type: 'unsent' }, { at: 'push' }, [PUSH]],
  [on('pull', { tries: 4 }), pulled(), { at: 'idle', tries: 0, forced: false }, []],
  [on('pull', { again: true }), pulled(), { at: 'push', again: false }, [PUSH]],
  [on('pull'), pulled({ more: true, changed: true }), { at: 'pull' }, [{ do: 'pull' }]],
  [on('pull'), pulled({ changed: true }), { at: 'check' }, [{ do: 'check' }]],
  [on('pull'), pulled({ reset: true }), { at: 'push', forced: true }, [{ ...PUSH, forced: true }]],
  [on('pull', { forced: true }), pulled({ reset: true }), { at: 'wait', why: 'server', forced: false }, [sleep(2000)]],
  [on('pull'), { type: 'slow' }, { at: 'wait', why: 'offline', size: 25 }, [sleep(2000)]],
  [on('pull'), blamed(0), { at: 'wait', why: 'server' }, [sleep(2000)]],
  // check
  [on('check'), { type: 'checked', rebuilt: false }, { at: 'idle' }, []],
  [on('check', { again: true }), { type: 'checked', rebuilt: false }, { at: 'push' }, [PUSH]],
  [on('check'), { type: 'checked', rebuilt: true }, { at: 'pull' }, [{ do: 'pull' }]],
  [on('check'), blamed(0), { at: 'wait', why: 'server' }, [sleep(2000)]],
  // any request
  ...ASKING.flatMap((at): Row[] => [
    [on(at), wake('saved'), { at, again: true }, []],
    [on(at), wake('timer'), { at, again: false }, []],
    [on(at), wake('user'), { at, again: false }, []],
    [on(at), failed('offline'), { at: 'wait', why: 'offline', tries: 1, firm: false }, [sleep(2000)]],
    [on(at), failed('portal'), { at: 'wait', why: 'portal', tries: 1, firm: false }, [sleep(2000)]],
    [on(at, { tries: 3 }), failed('server'), { at: 'wait', why: 'server', tries: 4 }, [sleep(16_000)]],
    [on(at, { tries: 15 }), failed('server'), { at: 'wait', tries: 16 }, [sleep(900_000)]],
    [on(at), failed('busy', 30_000), { at: 'wait', why: 'busy', firm: true }, [sleep(3000, 30_000)]],
    [on(at), failed('full', 600_000), { at: 'wait', why: 'full', firm: true }, [sleep(5000, 600_000)]],
    [on(at), { type: 'unauthorised' }, { at: 'signin' }, []],
    [on(at), { type: 'stale' }, { at: 'wait', why: 'busy', firm: false }, [sleep(2000)]],
    [on(at), { type: 'led' }, { at: 'idle' }, []],
  ]),
  [on('probe'), { type: 'slow' }, { at: 'wait', why: 'offline' }, [sleep(2000)]],
  [on('check'), { type: 'slow' }, { at: 'wait', why: 'offline' }, [sleep(2000)]],
  // wait
  [on('wait', { tries: 3 }), { type: 'due' }, { at: 'push', tries: 3 }, [PUSH]],
  [on('wait', { tries: 3, firm: true }), { type: 'due' }, { at: 'push', firm: false }, [PUSH]],
  [on('wait', { tries: 3, why: 'server' }), wake('user'), { at: 'push', tries: 0 }, [PUSH]],
  [on('wait', { tries: 3, why: 'server' }), wake('online'), { at: 'push', tries: 0 }, [PUSH]],
  ...(['saved', 'visible', 'start', 'timer', 'worker'] as Wake[]).flatMap((by): Row[] => [
    [on('wait', { tries: 3, why: 'offline' }), wake(by), { at: 'push', tries: 3 }, [PUSH]],
    [on('wait', { tries: 3, why: 'portal' }), wake(by), { at: 'push', tries: 3 }, [PUSH]],
    [on('wait', { tries: 3, why: 'server' }), wake(by), { at: 'wait', tries: 3 }, []],
  ]),
  ...ANY.map((by): Row => [on('wait', { why: 'busy', firm: true }), wake(by), { at: 'wait', firm: true }, []]),
  [on('wait', { why: 'offline', firm: true }), wake('saved'), { at: 'wait' }, []],
  // signin
  ...ANY.filter((by) => by !== 'timer').map((by): Row => [
    on('signin'),
    wake(by),
    { at: 'push', forced: true },
    [{ ...PUSH, forced: true }],
  ]),
  [on('signin'), wake('timer'), { at: 'signin' }, []],
];

const told = (h: Happening) => Object.values(h).join(' ');

describe('the machine', () => {
  it.each(rows.map((row) => [`in ${row[0].at}, at ${told(row[1])}, goes to ${row[2].at}`, ...row] as const))(
    '%s',
    (_name, from, happening, to, effects) => {
      const [next, did] = step(from, happening);
      expect(next).toMatchObject(to);
      expect(did).toEqual(effects);
    },
  );

  it('has a test for each entry of the table', () => {
    const tested = new Set(rows.map(([from, happening]) => `${from.at} ${happening.type}`));
    const listed = Object.entries(TABLE).flatMap(([at, rules]) => Object.keys(rules).map((type) => `${at} ${type}`));
    expect(listed.filter((entry) => !tested.has(entry))).toEqual([]);
  });

  it('is left as it was by what is not in the table', () => {
    for (const at of Object.keys(TABLE) as At[]) {
      for (const h of [
        { type: 'due' },
        { type: 'empty' },
        { type: 'unsent' },
        { type: 'checked', rebuilt: true },
      ] as Happening[]) {
        if (!(h.type in TABLE[at])) expect(step(on(at), h)).toEqual([on(at), []]);
      }
    }
  });

  it('doubles the back-off from 2 s to 15 min and no further', () => {
    let m = on('push');
    const waits: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      const [next, [effect]] = step({ ...m, at: 'push' }, failed('server'));
      m = next;
      if (effect?.do === 'sleep') waits.push(effect.upTo / 1000);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it('finds a culprit among 100 in seven halvings', () => {
    let m = on('push', { size: 100 });
    let count = 0;
    while (m.size > 1) {
      [m] = step(m, blamed(m.size));
      count += 1;
    }
    expect(count).toBeLessThanOrEqual(7);
  });
});
