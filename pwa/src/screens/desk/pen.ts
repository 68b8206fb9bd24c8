/**
 * What a coordinator writes, as events through the same push as a phone's (docs/api/protocol.md). The tab is an installation of
 * its own, numbered from 1, and keeps nothing on disk: it says that something is saved only when the server has answered.
 *
 * A reply that was lost leaves it unknown whether the server has the events. So a draft keeps its bytes, and sending it once
 * more can store nothing twice; another draft after that gets a new installation, so that no hole in the numbers is left behind.
 */
import type { Answer, DeskApi, Me, PushItem, PushReply, PushResult } from '../../api/desk';
import { encode, type Birth, type Event, type Value } from '../../domain/event';
import { nextStamp, type Stamp } from '../../domain/clock';
import { newId } from '../../domain/id';

/** One event to be: on an entity that exists, or, with `born`, the first of a new one. `base` as in Event. */
export type Stroke = {
  e: string;
  set: Record<string, Value>;
  base?: Record<string, string[]>;
  born?: Birth;
};

/** Strokes that belong together: sent in one push, in this order. Numbered when first sent, and the same bytes ever after. */
export type Draft = { readonly strokes: readonly Stroke[]; items: readonly PushItem[] | null };

type Sending = Pick<DeskApi, 'push'>;

/** Writes for one person; one draft is sent at a time, the others wait. */
export class Pen {
  #inc = '';
  #n = 0;
  #turn = 0;
  #last: Stamp | undefined;
  #off: number | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly api: Sending,
    readonly me: Pick<Me, 'account' | 'town'>,
    readonly now: () => number = Date.now,
  ) {}

  /** An id for a new entity. */
  id(): string {
    return newId(this.now());
  }

  draft(...strokes: Stroke[]): Draft {
    return { strokes, items: null };
  }

  /**
   * Sends a draft; after trouble, the same one may be sent again. The results are in the order of the strokes. Results that say
   * `later` are trouble of the server's, and are asked for again by whoever sends again.
   */
  send(draft: Draft): Promise<Answer<readonly PushResult[]>> {
    const sent = this.#queue.then(() => this.#push(draft));
    this.#queue = sent;
    return sent;
  }

  async #push(draft: Draft): Promise<Answer<readonly PushResult[]>> {
    draft.items ??= draft.strokes.map((stroke) => this.#write(stroke));
    const inc = draft.items[0]?.inc;
    if (inc === undefined) return { ok: true, value: [] };
    const reply = await this.#ask(inc, draft.items);
    if (!reply.ok || reply.value.res.some((each) => each.c === 'later' || each.c === 'refused')) this.#inc = '';
    return reply.ok ? { ok: true, value: reply.value.res } : reply;
  }

  /**
   * Hands in what others wrote, byte for byte: the events of a rescue file, or none to hear where the log stands. The author of each
   * stays its author. Sending them once more can store nothing twice.
   */
  carry(events: readonly PushItem[]): Promise<Answer<PushReply>> {
    const sent = this.#queue.then(() => {
      if (this.#inc === '') [this.#inc, this.#n] = [newId(this.now()), 0];
      return this.#ask(this.#inc, events);
    });
    this.#queue = sent;
    return sent;
  }

  async #ask(inc: string, events: readonly PushItem[]): Promise<Answer<PushReply>> {
    const wall = this.now();
    const reply = await this.api.push({
      p: 1,
      town: this.me.town.id,
      inc,
      turn: ++this.#turn,
      head: null,
      wall,
      pending: 0, // nothing waits at a desk: what is not answered now is offered by a person or not at all
      oldest: null,
      persisted: false,
      app: 'desk',
      events,
    });
    if (reply.ok) this.#off = Math.round((wall + this.now()) / 2 - reply.value.now);
    return reply;
  }

  #write({ e, set, base, born }: Stroke): PushItem {
    const now = this.now();
    if (this.#inc === '') [this.#inc, this.#n] = [newId(now), 0];
    const id = born ? e : newId(now);
    this.#last = nextStamp(this.#last, now);
    const event: Event = {
      base: base ?? {},
      by: this.me.account,
      cat: 0,
      e,
      hlc: this.#last,
      id,
      inc: this.#inc,
      n: ++this.#n,
      ...(born && { new: born }),
      off: this.#off,
      set,
      town: this.me.town.id,
      v: 1,
    };
    return { id, inc: event.inc, n: event.n, seal: 'none', ev: encode(event), sig: null, again: false };
  }
}
