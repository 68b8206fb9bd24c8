/** Who is on this phone, and a connection that is being made. The little that must be known before a town's outbox can be opened. */
import type { DBSchema } from 'idb';
import { Handle } from './handle';

/** A person on this phone, by town. */
export type Seat = { town: string; account: string };

/** A code on its way to become a connection: kept before it is sent, so that after a lost reply the same can be sent again. */
export type Enrolling = { code: string; token: string; inc: string };

type Small = { current: Seat; seats: Seat[]; enrolling: Enrolling };

interface PhoneSchema extends DBSchema {
  small: { key: string; value: Small[keyof Small] };
}

export class Phone {
  readonly db = new Handle<PhoneSchema>('phone', 1, (db) => {
    db.createObjectStore('small');
  });

  /** Who uses the app now. */
  async current(): Promise<Seat | undefined> {
    return this.#get('current');
  }

  /** Everyone who was ever connected on this phone. */
  async seats(): Promise<Seat[]> {
    return (await this.#get('seats')) ?? [];
  }

  /** Seats a person, and ends the connecting. */
  async sit(seat: Seat): Promise<void> {
    await this.db.write(['small'], async (tx) => {
      const small = tx.objectStore('small');
      const seats = ((await small.get('seats')) as Seat[] | undefined) ?? [];
      const others = seats.filter((s) => s.town !== seat.town || s.account !== seat.account);
      await Promise.all([small.put(seat, 'current'), small.put([...others, seat], 'seats'), small.delete('enrolling')]);
    });
  }

  /** The connecting of this code: the one that was begun, or what `make` gives, kept before it is returned. */
  async enrolling(code: string, make: () => Omit<Enrolling, 'code'>): Promise<Enrolling> {
    return this.db.write(['small'], async (tx) => {
      const begun = (await tx.objectStore('small').get('enrolling')) as Enrolling | undefined;
      if (begun?.code === code) return begun;
      const fresh = { code, ...make() };
      await tx.objectStore('small').put(fresh, 'enrolling');
      return fresh;
    });
  }

  async #get<K extends keyof Small>(key: K): Promise<Small[K] | undefined> {
    return (await this.db.run((db) => db.get('small', key))) as Small[K] | undefined;
  }
}
