/** People of the town for tests: a coordinator at a desk, one whose phone is silent with something unsent, one shut out. */
import type { DeskPhone, Invited, PeopleReply } from '../../api/desk';
import type { SlipReply } from '../../api/slip';
import { id, ME, NOW, PARTIES } from './testkit';

const DAY = 86_400_000;

const phone = (n: number, more: Partial<DeskPhone> = {}): DeskPhone => ({
  id: id(n),
  incs: [id(n)],
  app: '1.0.0',
  created: NOW - 30 * DAY,
  seen: NOW - 60_000,
  unsent: 0,
  oldest: null,
  said: NOW - 60_000,
  persisted: true,
  silent: false,
  revoked: null,
  left: null,
  ...more,
});

export const people = (): PeopleReply => {
  const base = { party: 'police', created: NOW - 30 * DAY, revoked: null, desk: null };
  return {
    people: [
      { ...base, account: ME.account, name: ME.name, role: 'coordinator', desk: NOW, phones: [] },
      {
        ...base,
        account: id(911),
        name: 'Noor Berg',
        role: 'field',
        phones: [
          phone(912, { seen: NOW - 9 * DAY, silent: true, unsent: 3, oldest: NOW - 10 * DAY, persisted: false }),
        ],
      },
      {
        ...base,
        account: id(921),
        name: '',
        role: 'reader',
        revoked: NOW - DAY,
        phones: [phone(922, { left: NOW - 2 * DAY })],
      },
    ],
    parties: PARTIES,
    now: NOW,
  };
};

export const INVITED: Invited = {
  link: 'http://192.0.2.7:8080/app/#k=abc',
  code: 'ABCDE-FGHJK',
  role: 'field',
  until: Date.now() + 15 * 60_000,
};

/** Two days of a phone: one whole, one with a hole and something that does not count. */
export const slip = (): SlipReply => ({
  inc: id(912),
  now: NOW,
  max: 9,
  unsent: 3,
  said: NOW - 9 * DAY,
  days: [
    {
      day: '2026-11-20',
      received: 4,
      received_sum: '3f9a21c0'.repeat(8),
      counted: 2,
      counted_sum: '77aa0011'.repeat(8),
      missing: [{ from: 5, to: 6 }],
    },
    {
      day: '2026-11-19',
      received: 3,
      received_sum: 'aa'.repeat(32),
      counted: 3,
      counted_sum: 'aa'.repeat(32),
      missing: [],
    },
  ],
  events: [
    { id: id(1), e: id(1), n: 4, received: NOW },
    { id: id(2), e: id(2), n: 7, received: NOW, why: 'retracted' },
    { id: id(3), e: id(1), n: 8, received: NOW, why: 'change' },
    { id: id(4), e: id(4), n: 9, received: NOW, why: 'right' },
  ],
});
