/** People of the town for tests: a coordinator at a desk, one whose phone is silent with something unsent, one shut out. */
import type { DeskPhone, Invited, PeopleReply } from '../../api/desk';
import { id, ME, NOW, PARTIES } from './testkit';

const DAY = 86_400_000;

const phone = (n: number, more: Partial<DeskPhone> = {}): DeskPhone => ({
  id: id(n),
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
