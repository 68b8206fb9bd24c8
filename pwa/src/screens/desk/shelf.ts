/**
 * What was fetched, kept by its question: going back shows at once what one saw before, offline too, while it is asked for anew.
 * It knows which of it is on screen, since only that is kept up to date.
 */
import type { Answer } from '../../api/desk';
import { Loaded } from './loaded.svelte';

/** What is on screen, whatever it is of. */
type Shown = Pick<Loaded<unknown>, 'refresh'>;

/** As many pages as one goes back to; the oldest is asked for anew. */
const KEPT = 40;

export class Shelf {
  #kept = new Map<string, Shown>();
  #shown = new Set<Shown>();

  /** What was asked under this key before, or a new question. `show` asks it, in the way of who came last. */
  loaded<T>(
    key: string,
    ask: (had: T | null) => Promise<Answer<T>>,
    said: (before: T, after: T) => string = () => '',
  ): Loaded<T> {
    const found = (this.#kept.get(key) as Loaded<T> | undefined) ?? new Loaded<T>(ask, said);
    found.ask = ask;
    found.said = said;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return found;
  }

  /** Puts it on screen: asks now and at each change. Gives the way to take it off. */
  show(...what: Shown[]): () => void {
    for (const each of what) {
      this.#shown.add(each);
      void each.refresh();
    }
    return () => what.forEach((each) => this.#shown.delete(each));
  }

  /** Asks for all that is on screen; gives what changed, in words. */
  async refresh(): Promise<string> {
    const words = await Promise.all([...this.#shown].map((each) => each.refresh()));
    return words.filter(Boolean).join(' ');
  }

  /** Nothing of one person's is kept for the next. */
  clear(): void {
    this.#kept.clear();
    this.#shown.clear();
  }
}
