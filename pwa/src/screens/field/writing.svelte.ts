/**
 * An entry while it is written, whatever the screen looks like: a draft on the phone from the first change; Save is true only
 * when the app says so, and pressing it twice saves once. What cannot be saved stays, with words for it.
 */
import { tick } from 'svelte';
import type { Draft, Kind, SaveResult } from '../../domain/app';
import type { Value } from '../../domain/event';
import { isRunning, type RunningDraft } from '../../domain/run';
import { chosen } from '../../text';
import { tm } from '../../text/more';
import { caretIn } from './caret';
import { kindOf } from './entries';
import { begin, check, type Problems } from './form';
import { Keeping } from './keeping';
import { to } from './route';
import type { Shell } from './shell.svelte';

/** What is written: a kind, the entity when it is corrected, and the patrol when it is one that ended. */
export type Subject = { kind: string; e: string | null; ended?: RunningDraft | undefined };

const SLOW_MS = 150;

export class Writing {
  draft = $state.raw<Draft>();
  /** It was begun before and left. */
  restored = $state(false);
  problems = $state.raw<Problems>({});
  /** Why the last press on Save did not save. */
  refused = $state('');
  /** It takes so long that it is worth a word. */
  saving = $state(false);
  #busy = false;
  /** The phone has no room for the draft: it is on the screen alone. */
  notKept = $state(false);
  /** Whether there is anything to keep, and whether this form is gone. */
  #touched = false;
  #left = false;
  #form: () => HTMLElement | undefined = () => undefined;
  readonly #keeping: Keeping;

  constructor(
    private readonly s: Shell,
    private readonly of: Subject,
  ) {
    this.#keeping = new Keeping(
      s.app,
      () => ({ ...(this.draft as Draft), caret: caretIn(this.#form()) }),
      (kept) => (this.notKept = !kept),
    );
  }

  get kind(): Kind | undefined {
    return kindOf(this.s.snap, this.of.kind);
  }

  /** Finds the draft or begins one; gives it when it was begun before. */
  async open(): Promise<Draft | undefined> {
    const { app, snap, now } = this.s;
    const { kind: slug, e, ended } = this.of;
    const fits = (d: Draft) => !d.run && (e === null ? d.e === null && d.kind === slug : d.e === e);
    const kept = ended ?? (await app.drafts()).find(fits);
    this.#touched = kept !== undefined;
    this.restored = this.#touched && !ended;
    const fresh = kept ?? (e === null ? await app.newDraft(slug) : await app.correctionDraft(e));
    const { kind } = this;
    this.draft = !kept && e === null && kind ? { ...fresh, values: begin(kind, snap, fresh.values, now) } : fresh;
    if (this.#left && !this.#touched) this.#untouched();
    return kept;
  }

  /** Keeps it when the app is put away, and where the caret is in `form`; gives what to do when the screen goes. */
  watch(form: () => HTMLElement | undefined): () => void {
    this.#form = form;
    const away = () => void (document.visibilityState === 'hidden' && this.#keeping.now());
    const moved = () => void (this.#touched && caretIn(form()) !== null && this.#keeping.changed());
    document.addEventListener('visibilitychange', away);
    document.addEventListener('selectionchange', moved);
    addEventListener('pagehide', away);
    return () => {
      this.#left = true;
      if (this.#touched)
        void this.#keeping.now().then(() => this.s.kept++); // the next screen may list drafts already
      else this.#untouched();
      document.removeEventListener('visibilitychange', away);
      document.removeEventListener('selectionchange', moved);
      removeEventListener('pagehide', away);
    };
  }

  /** A form that was only looked at is no draft, and holds no update back. */
  #untouched(): void {
    if (this.draft) void this.s.app.dropDraft(this.draft.id);
  }

  /** Where the person is in the form. */
  focused(f: string | null): void {
    if (this.draft) this.draft = { ...this.draft, focus: f };
  }

  change(register: string, value: Value): void {
    if (!this.draft || this.#busy) return;
    this.#touched = true;
    this.draft = { ...this.draft, values: { ...this.draft.values, [register]: value }, at: Date.now() };
    const field = register.split(':')[0] ?? register;
    for (const f of [register, field]) if (this.problems[f]) this.problems = { ...this.problems, [f]: undefined };
    this.#keeping.changed();
  }

  /** Saves and goes on. Gives the first field that has to be seen to, when there is one. */
  async save(): Promise<string | undefined> {
    const { draft, kind } = this;
    if (!draft || !kind || this.#busy) return undefined;
    const problems = check(kind, draft.values, Date.now());
    const wrong = Object.keys(problems);
    if (wrong.length > 0) {
      this.problems = problems;
      this.s.spoken = tm('err.check', { n: wrong.length });
      await tick();
      return [...kind.fields]
        .sort((a, b) => Number(b.need ?? false) - Number(a.need ?? false))
        .find((f) => this.problems[f.f])?.f;
    }
    const before = this.of.e === null ? null : this.s.snap.entries.find((x) => x.e === this.of.e)?.values;
    const letGo = this.s.hold();
    const result = await this.#write(draft);
    if (result.ok) this.#saved(result.e, before);
    else {
      this.refused = tm(`save.${result.reason}`);
      this.#keeping.resume();
    }
    letGo();
    return undefined;
  }

  /** On most phones it is done before a word could be read; to draw one would hold it up. */
  async #write(draft: Draft): Promise<SaveResult> {
    this.#busy = true;
    const slow = setTimeout(() => (this.saving = true), SLOW_MS);
    try {
      await this.#keeping.stop();
      return await this.s.app.save(draft);
    } catch {
      return { ok: false, reason: 'storage' };
    } finally {
      clearTimeout(slow);
      [this.#busy, this.saving] = [false, false];
    }
  }

  #saved(e: string, before: Draft['values'] | null | undefined): void {
    this.#touched = true; // there is no draft to drop
    if (chosen('haptics') !== 'off') navigator.vibrate?.([30, 60, 30]);
    this.s.did(
      tm('saved.undo'),
      before === null ? () => this.s.app.retract(e, 'undo') : () => this.#putBack(e, before ?? {}),
      this.of.e === null ? tm('saved.undone') : tm('saved.putBack'),
    );
    this.s.leave(this.of.e === null ? to.home : to.entry(this.of.e));
  }

  /** Undoing a correction is another correction, to what stood before: nothing is overwritten. */
  async #putBack(of: string, before: Draft['values']): Promise<void> {
    const back = await this.s.app.correctionDraft(of);
    const gone = Object.fromEntries(Object.keys(back.values).map((f) => [f, null]));
    await this.s.app.save({ ...back, values: { ...gone, ...before } });
  }

  /** Throws it away; it can be had back for a while. */
  async drop(): Promise<void> {
    const thrown = this.draft;
    if (!thrown) return;
    await this.#keeping.stop();
    await this.s.app.dropDraft(thrown.id);
    const back = () => (isRunning(thrown) ? this.s.app.run(thrown) : this.s.app.keepDraft(thrown));
    this.s.did(tm(this.of.ended ? 'patrol.dropped' : 'draft.dropped'), () => back().then(() => this.s.kept++));
    this.s.leave(to.home);
  }

  /** Leaves it as it is to another, who writes it from here on. */
  async handOver(): Promise<Draft | undefined> {
    if (this.#busy) return undefined;
    await this.#keeping.stop();
    return this.draft;
  }
}

/** Goes to a field of a form: to what is chosen there, else to its first control. */
export function focusOn(form: HTMLElement | undefined, f: string): HTMLElement | undefined {
  const inside =
    form?.querySelectorAll<HTMLElement>(`[data-field="${CSS.escape(f)}"] :is(input, textarea, button)`) ?? [];
  const at = [...inside].find((i) => i instanceof HTMLInputElement && i.checked) ?? inside[0];
  at?.focus({ preventScroll: true });
  at?.closest('[data-field]')?.scrollIntoView({ block: 'start' });
  return at;
}

/** The field that the focus came to. */
export function fieldAt(event: FocusEvent): string | null {
  const field = event.target instanceof Element && event.target.closest<HTMLElement>('[data-field]');
  return (field && field.dataset.field) || null;
}
