/**
 * Keeps a draft on the phone while it is written: at most 0.3 s after a change, and at once when the app is put away. One
 * write at a time, so that what is kept is never older than what was kept before it.
 */
import type { Draft, FieldApp } from '../../domain/app';

const WAIT_MS = 300;

export class Keeping {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  /** `latest` gives the draft as it is when the write begins; `told` hears after each write whether it is on the phone. */
  constructor(
    readonly app: FieldApp,
    readonly latest: () => Draft,
    readonly told: (kept: boolean) => void = () => undefined,
  ) {}

  /** Something changed. */
  changed(): void {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => void this.now(), WAIT_MS); // not put off: who types without a pause is kept too
  }

  /** Writes what is waiting to be written; resolves when it is. A write that did not work leaves the form as it is on the screen. */
  now(): Promise<void> {
    if (this.#stopped || this.#timer === undefined) return this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => (this.#stopped ? undefined : this.#keep()));
    return this.#writing;
  }

  async #keep(): Promise<void> {
    const kept = await this.app.keepDraft(this.latest()).then(
      () => true,
      () => false,
    );
    this.told(kept);
  }

  /** The draft is saved or thrown away: nothing may bring it back. Resolves when no write is under way. */
  stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#writing;
  }

  /** After a save that did not work: go on keeping. */
  resume(): void {
    this.#stopped = false;
    this.changed();
  }
}
