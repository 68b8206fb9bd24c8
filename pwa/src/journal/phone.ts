/** Who is on this phone, and what was chosen on it. The little that must be known before a town's outbox can be opened; what changes it is in seats.ts. */
import type { DBSchema } from 'idb';
import type { Choices, Seat } from '../domain/app';
import { Handle } from './handle';

/** A code on its way to become a connection: kept before it is sent, so that after a lost reply the same can be sent again. */
export type Enrolling = { code: string; token: string; inc: string };

/** What stands before a seat: the hash of a code that only its person knows, and the attempts at it. */
export type Lock = { salt: string; rounds: number; hash: string; tries: number; until: number };

/** A person who signed out: the cache is to be cleared, and the server to be told when there is a network. */
export type Leaving = Seat & { token: string };

/** Small values. Members may be added; none is renamed. */
export type PhoneSmall = {
  current: Seat;
  seats: Seat[];
  enrolling: Enrolling;
  /** By `nameOf` a seat. */
  locks: Record<string, Lock>;
  leaving: Leaving[];
  /** Every town that somebody was ever connected to here: whose outbox may hold something. */
  towns: string[];
  choices: Choices;
  /** Counts changes of who is in, so that a tab that heard nothing of one sees it. */
  turns: number;
};

export interface PhoneSchema extends DBSchema {
  small: { key: string; value: PhoneSmall[keyof PhoneSmall] };
}

/** What the phone knows at start. `closed`: somebody is on it, and has to show who they are. */
export type Opening = {
  seat: Seat | undefined;
  closed: boolean;
  leaving: boolean;
  choices: Choices;
  turns: number;
};

const KEYS = ['current', 'seats', 'locks', 'leaving', 'choices', 'turns'] as const;

export class Phone {
  readonly db = new Handle<PhoneSchema>('phone', 1, (db) => {
    db.createObjectStore('small');
  });

  /** All that is needed to begin, in one read. Whoever is alone and has no code finds no lock. */
  async opening(): Promise<Opening> {
    const values = await this.db.run((db) => {
      const { store } = db.transaction('small');
      return Promise.all(KEYS.map((key) => store.get(key)));
    });
    const [seat, seats = [], locks = {}, leaving = [], choices = {}, turns = 0] = values as [
      Seat?,
      Seat[]?,
      Record<string, Lock>?,
      Leaving[]?,
      Choices?,
      number?,
    ];
    const closed = seat ? nameOf(seat) in locks : seats.length > 0;
    return { seat, closed, leaving: leaving.length > 0, choices, turns };
  }
}

/** One name for a seat. */
export const nameOf = ({ town, account }: Seat): string => `${town}/${account}`;

/** Whether two seats are the same person's. */
export const isSame = (a: Seat | null | undefined, b: Seat | null | undefined): boolean =>
  (a ? nameOf(a) : '') === (b ? nameOf(b) : '');
