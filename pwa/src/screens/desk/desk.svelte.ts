/**
 * What all screens of the desk share: who is signed in, what was fetched, what is on screen now, and what was said aloud.
 * A screen gets it with `desk()` and asks through it, so that a session that is over is noticed in one place.
 */
import { createContext } from 'svelte';
import type { Answer, CatalogReply, DeskApi, EntriesReply, FollowUp, Me, Trouble } from '../../api/desk';
import { language } from '../../text';
import { newsOf } from './figures';
import { nameOf } from './finding';
import { keepLive, type Pulse } from './live';
import type { Loaded } from './loaded.svelte';
import type { Nav } from './nav.svelte';
import { Pen } from './pen';
import { Shelf } from './shelf';
import { alreadyIn, troubleWords } from './words';

/** Where one stands: being let in, outside with a reason, or inside. */
export type Door =
  | { is: 'opening' }
  | { is: 'out'; why: 'none' | 'over' | 'bye' | 'trouble'; trouble?: Trouble; code?: string }
  | { is: 'in'; me: Me };

export class Desk {
  door = $state.raw<Door>({ is: 'opening' });
  pulse = $state<Pulse>('often');
  /** A sentence for those who listen, said once. */
  spoken = $state('');
  /** A sentence above the page until one goes on, about signing in or out. */
  notice = $state('');
  /** The screens are drawn anew when it changes. */
  lang = $state(language());
  /** The language of what the town wrote, where it is not the desk's. */
  townLang = $derived(this.lang === 'sv' ? undefined : 'sv');
  #shelf = new Shelf();
  #pen: Pen | null = null;

  constructor(
    readonly api: DeskApi,
    readonly nav: Nav,
  ) {}

  /** Lets in with a code, or with the session there is. A code that cannot be used does not end a session. */
  async enter(code: string | null): Promise<void> {
    if (this.door.is === 'out') this.door = { is: 'opening' };
    const tried = code === null ? null : await this.api.signIn(code);
    if (tried?.ok) return this.#welcome(tried.value);
    const me = await this.api.me();
    if (me.ok) return this.#welcome(me.value, tried && alreadyIn(tried.trouble, me.value));
    const trouble = tried?.trouble ?? (me.trouble.why === 'signedOut' ? undefined : me.trouble);
    if (!trouble) this.door = { is: 'out', why: 'none' };
    else this.door = { is: 'out', why: 'trouble', trouble, ...(code !== null && { code }) };
  }

  async leave(): Promise<void> {
    const gone = await this.api.signOut();
    if (!gone.ok && gone.trouble.why !== 'signedOut') {
      this.notice = troubleWords(gone.trouble);
      return;
    }
    this.#forget();
    this.door = { is: 'out', why: 'bye' };
  }

  #welcome(me: Me, notice?: string | null): void {
    this.notice = notice ?? '';
    this.door = { is: 'in', me };
  }

  #forget(): void {
    this.#shelf.clear();
    this.#pen = null;
  }

  /** What the person who is in writes with. Throws when nobody is. */
  get pen(): Pen {
    if (this.door.is !== 'in') throw new Error('nobody is signed in');
    return (this.#pen ??= new Pen(this.api, this.door.me));
  }

  /** What was asked under this key before, or a new question; `show` asks it. */
  loaded<T>(
    key: string,
    ask: (had: T | null) => Promise<Answer<T>>,
    said?: (before: T, after: T) => string,
  ): Loaded<T> {
    return this.#shelf.loaded<T>(key, async (had) => this.#watch(await ask(had)), said);
  }

  /** The figures of a promise year, the present one when none is given; one question for all who ask for the same. */
  figures(year?: number): Loaded<FollowUp> {
    return this.loaded(
      `figures ${year}`,
      () => this.api.followUp(year),
      (a, b) => newsOf(a, b, nameOf),
    );
  }

  /** What kinds, parties and places are called. */
  names(): Loaded<EntriesReply> {
    return this.loaded('names', () => this.api.entries({ limit: 1 }));
  }

  /** Puts it on screen: asks now and at each change. Gives the way to take it off. */
  show(...what: Parameters<Shelf['show']>): () => void {
    return this.#shelf.show(...what);
  }

  /** Asks for all that is on screen. */
  async refresh(): Promise<void> {
    const news = await this.#shelf.refresh();
    if (news) this.say(news);
  }

  /** Starts listening to the stream; gives the way to stop. */
  live(): () => void {
    return keepLive(
      this.api,
      () => this.refresh(),
      (is) => (this.pulse = is),
    );
  }

  /** Said once to those who listen; the same words twice are said twice. */
  say(words: string): void {
    this.spoken = this.spoken === words ? `${words}\u00a0` : words;
  }

  /** The catalogue of kinds, for the words of an entry's fields; without it they go by the desk's own. */
  catalog(): Loaded<CatalogReply> {
    return this.loaded('catalog', () => this.api.catalog());
  }

  #watch<T>(answer: Answer<T>): Answer<T> {
    if (!answer.ok && answer.trouble.why === 'signedOut' && this.door.is === 'in') {
      this.#forget();
      this.door = { is: 'out', why: 'over' };
    }
    return answer;
  }
}

export const [desk, giveDesk] = createContext<Desk>();
