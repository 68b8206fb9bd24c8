/**
 * What all field screens share: the app, what it shows now, the clock face, where we are, and what can still be undone.
 * A screen gets it with `shell()` and keeps nothing itself that must outlive it.
 */
import { createContext } from 'svelte';
import type { FieldApp, Lang, Snapshot } from '../../domain/app';
import { chosen, language } from '../../text';
import type { Screen } from './later';
import { read, to, type Route } from './route';
import { announce } from './status';

/** How long the way back is offered beside what was done. */
export const UNDO_MS = 10_000;
const TICK_MS = 20_000;
/** A draft that was written on so lately is what the person is at. */
const STILL_WRITING_MS = 30 * 60_000;
/** Sentences closer than this are one to those who listen. */
const AT_ONCE_MS = 2000;

export type Done = { words: string; undo?: () => void };

export class Shell {
  snap = $state.raw<Snapshot>() as Snapshot; // set by start, before anything is drawn
  now = $state(Date.now());
  route = $state.raw<Route>({ at: 'home' });
  done = $state.raw<Done | null>(null);
  /** A sentence for those who listen, said once. */
  spoken = $state('');
  hand = $state(chosen('hand') ?? 'right');
  /** The screens are drawn anew when it changes. */
  lang = $state<Lang>(language());
  /** Counts drafts that were kept or brought back, so that lists of them are read anew. */
  kept = $state(0);
  /** What home says above all else; `calm` when nothing is being done there. */
  offer = $state.raw<Screen['default'] | null>(null);
  /** False until the first move inside the app: the first screen takes no focus. */
  moved = false;
  #said = 0;
  #holds = 0;
  #held: Snapshot | null = null;
  #forget: ReturnType<typeof setTimeout> | undefined;

  /** `code` is the one of the link that opened the app, until it is used. */
  constructor(
    readonly app: FieldApp,
    public code: string | null = null,
  ) {
    this.route = read(location.hash);
  }

  /** Starts listening; gives the way to stop. */
  start(): () => void {
    const stop = this.app.subscribe((s) => {
      if (this.#holds === 0) this.#take(s);
      else this.#held = s;
    });
    const tick = () => (this.now = Date.now());
    const timer = setInterval(tick, TICK_MS);
    const turned = () => {
      this.route = read(location.hash);
      this.moved = true;
      scrollTo(0, 0);
    };
    addEventListener('hashchange', turned);
    document.addEventListener('visibilitychange', tick);
    return () => {
      stop();
      clearInterval(timer);
      clearTimeout(this.#forget);
      removeEventListener('hashchange', turned);
      document.removeEventListener('visibilitychange', tick);
    };
  }

  #take(s: Snapshot): void {
    const before = this.snap as Snapshot | undefined;
    const same = before?.session?.account === s.session?.account;
    const said = before && same ? announce(before.sync, s.sync) : '';
    if (said) this.say(said);
    if (this.snap && s.drafts !== this.snap.drafts) this.kept++;
    this.snap = s;
    this.now = Date.now();
    if (before && !same) this.#turned(before);
  }

  /** Takes in nothing new until it is let go, so that what changed and where one goes with it are drawn as one. */
  hold(): () => void {
    this.#holds++;
    return () => {
      const held = this.#held;
      if (--this.#holds > 0 || !held) return;
      this.#held = null;
      this.#take(held);
    };
  }

  /** Another person is in, or nobody: nothing that was said to the former, or could be taken back by them, is left. */
  #turned(before: Snapshot): void {
    this.done = null;
    this.spoken = '';
    this.#said = 0;
    if (this.route.at !== 'connect') this.leave(to.home);
    if (before.closed) void this.resume();
  }

  /** Opens what was being written when the app was closed, and a patrol that runs. */
  async resume(): Promise<void> {
    const kept = await this.app.drafts().catch(() => []);
    const open = kept.sort((a, b) => b.at - a.at).find((d) => d.run || this.now - d.at < STILL_WRITING_MS);
    if (open && this.route.at === 'home') this.leave(to.draft(open));
  }

  /** Goes to an address in place of this one, so that Back does not lead into a form that is done. */
  leave(address: string): void {
    history.replaceState(history.state, '', address);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }

  /** Says a sentence to those who listen. One that follows upon another is added to it: both are heard, the saving above all. */
  say(words: string): void {
    const now = Date.now();
    const before = now - this.#said < AT_ONCE_MS ? this.spoken : '';
    if (!before.includes(words)) this.spoken = `${before} ${words}`.trim();
    this.#said = now;
  }

  /** Says that something was done, and offers the way back for a while. */
  did(words: string, undo?: () => Promise<unknown>, undone?: string): void {
    clearTimeout(this.#forget);
    this.say(words);
    this.done = {
      words,
      ...(undo && {
        undo: () => {
          this.done = null;
          void undo().then(() => undone && this.did(undone));
        },
      }),
    };
    this.#forget = setTimeout(() => (this.done = null), UNDO_MS);
  }
}

export const [shell, giveShell] = createContext<Shell>();
