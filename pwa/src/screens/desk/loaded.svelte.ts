/**
 * Something that was asked of the server, as last seen. It keeps what it has while it asks again, says when that was, and
 * lets no reply overwrite that of a later question.
 */
import { untrack } from 'svelte';
import type { Answer, Trouble } from '../../api/desk';

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  /** When the value came, ms; 0 before. */
  at = $state(0);
  /** Why the last question has no answer; null when it has one. */
  trouble = $state.raw<Trouble | null>(null);
  #asked = 0;
  #answered = 0;

  /** `said` words a change for those who listen; empty for none. */
  constructor(
    public ask: (had: T | null) => Promise<Answer<T>>,
    public said: (before: T, after: T) => string = () => '',
  ) {}

  /** Asks again. Gives what changed, in words, when there is something to say. Never rejects. */
  async refresh(now: () => number = Date.now): Promise<string> {
    const turn = ++this.#asked;
    const answer = await this.ask(untrack(() => this.value));
    if (turn < this.#answered) return '';
    this.#answered = turn;
    if (!answer.ok) {
      this.trouble = answer.trouble;
      return '';
    }
    const before = this.value;
    this.trouble = null;
    this.value = answer.value;
    this.at = now();
    return before === null ? '' : this.said(before, answer.value);
  }
}
