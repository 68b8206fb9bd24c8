/**
 * The app that the screens ask: the journal first, the network later. What is shown at start is what the phone has; no request is
 * on that path.
 */
import type { CodeInfo, Draft, EnrolResult, FieldApp, HistoryLine, SaveResult, Snapshot } from '../domain/app';
import { newId } from '../domain/id';
import { dayOfMillis } from '../domain/local';
import type { BetweenTabs } from '../domain/messages';
import type { RunningDraft } from '../domain/run';
import { emptyState, textOf } from '../domain/state';
import { Phone } from '../journal/phone';
import { correctionDraft, newDraft, shownHeads, spell, type Writing, writingOf } from './forms';
import { Session } from './session';
import type { Storage, Surroundings } from './surroundings';

/** How long connecting waits for kinds and places before it lets the person in without. */
const FIRST_PULL = 20_000;
/** How long other tabs have to say that they have a form open. */
const ASK_TABS = 300;
const NOBODY: Storage = { persisted: null, used: null, quota: null };

/** Opens the app with whoever used it last. */
export async function openField(world: Surroundings): Promise<FieldApp> {
  const field = new Field(world);
  await field.restore();
  return field;
}

class Field implements FieldApp {
  #phone = new Phone();
  #session: Session | null = null;
  #listeners = new Set<(s: Snapshot) => void>();
  #storage = NOBODY;
  #shown: Snapshot;
  #due = false;
  /** Forms that this tab has open, by draft. */
  #open = new Set<string>();
  /** How often another tab told that drafts are others now. */
  #drafts = 0;
  /** Set when another tab answers that it has a form open. */
  #busyElsewhere = false;

  constructor(private readonly world: Surroundings) {
    this.#shown = this.#snapshot();
    world.listen({
      visible: () => void this.#visible(),
      online: () => void this.#session?.wake('online'),
      worker: () => void this.#session?.wake('worker'),
      updated: () => this.#changed(),
    });
  }

  /** Finds whoever used the app last, shows what is kept, and only then begins to send. */
  async restore(): Promise<void> {
    const seat = await this.#phone.current();
    await this.#session?.close();
    this.#session = seat
      ? await Session.open(
          this.world,
          seat,
          () => this.#changed(),
          (m) => this.#hear(m),
        )
      : null;
    this.#shown = this.#snapshot();
    this.#changed();
    void this.#session?.wake('start');
    void this.#measure();
  }

  subscribe(fn: (s: Snapshot) => void): () => void {
    this.#listeners.add(fn);
    fn(this.#shown);
    return () => this.#listeners.delete(fn);
  }

  async lookAtCode(code: string): Promise<CodeInfo> {
    const { look } = await import('./connect'); // fetched when it is asked for: connecting happens once
    return look(this.world, code);
  }

  async enrol(code: string, name: string, party: string): Promise<EnrolResult> {
    const { connect } = await import('./connect');
    const [result, seat] = await connect(this.world, this.#phone, code, name, party);
    if (!seat) return result;
    this.#session?.say({ type: 'changed', what: 'session' });
    await this.restore();
    await this.#rested();
    return result;
  }

  async newDraft(kind: string): Promise<Draft> {
    const { book, person, entries } = this.#need();
    const now = this.world.now();
    const last = entries.find((entry) => entry.kind === kind && entry.mine && entry.retracted === null);
    const draft = newDraft(
      newId(now),
      book.kinds.find((k) => k.slug === kind),
      kind,
      last,
      person.party,
      now,
    );
    this.#open.add(draft.id);
    return draft;
  }

  async correctionDraft(e: string): Promise<Draft> {
    const state = this.#need().displayed(e);
    const now = this.world.now();
    const draft = correctionDraft(newId(now), e, state ?? emptyState(), now);
    this.#open.add(draft.id);
    return draft;
  }

  async drafts(): Promise<Draft[]> {
    const session = this.#session;
    return session ? session.outbox.drafts(session.person.account) : [];
  }

  async run(d: RunningDraft): Promise<RunningDraft> {
    const { outbox, person } = this.#need();
    const running = await outbox.run({ ...d, account: person.account });
    this.#tellDrafts();
    if (running.id !== d.id) this.#open.delete(d.id);
    return running;
  }

  async keepDraft(d: Draft): Promise<void> {
    const { outbox, person } = this.#need();
    await outbox.keepDraft({ ...d, account: person.account });
    this.#tellDrafts();
  }

  async dropDraft(id: string): Promise<void> {
    this.#open.delete(id);
    await this.#session?.outbox.dropDraft(id);
    this.#tellDrafts();
  }

  #tellDrafts(): void {
    this.#session?.say({ type: 'changed', what: 'drafts' });
  }

  async save(d: Draft): Promise<SaveResult> {
    const session = this.#need();
    const kind = session.book.kinds.find((k) => k.slug === d.kind);
    const writing = writingOf(d, d.e === null ? null : session.displayed(d.e), kind);
    if (writing) return this.#write(writing);
    await this.dropDraft(d.id);
    return { ok: true, e: d.e ?? d.id, id: d.id };
  }

  async retract(e: string, reason: string): Promise<SaveResult> {
    const state = this.#need().displayed(e) ?? emptyState();
    const shown = shownHeads(state, 'retracted');
    if (textOf(state, 'retracted') === reason) return { ok: true, e, id: shown.at(-1) ?? e };
    const base: Writing['base'] = shown.length > 0 ? { retracted: shown } : {};
    return this.#write({ id: newId(this.world.now()), e, set: { retracted: reason }, base });
  }

  async history(e: string): Promise<HistoryLine[]> {
    const session = this.#need();
    const { askHistory, historyOf } = await import('./history');
    const events = session.own.byEntity.get(e) ?? [];
    return session.canAsk(e)
      ? askHistory(this.world, session.person, e, events)
      : historyOf(e, events, [], session.person.account);
  }

  syncNow(): void {
    void this.#session?.wake('user');
  }

  async rescue(): Promise<{ name: string; text: string; count: number }> {
    const { own, outbox } = this.#need();
    const mine = [...own.byEntity.values()].flat().filter(({ row }) => row.bytes !== '');
    const events = mine.map(({ row: { id, inc, n, seal, bytes, state } }) => ({ id, inc, n, seal, ev: bytes, state }));
    const made = this.world.now();
    const text = JSON.stringify({ lofteslogg: 'rescue', v: 1, town: outbox.town, made, events }, null, 1);
    return { name: `lofteslogg-${dayOfMillis(made)}.json`, text, count: events.length };
  }

  async takeUpdate(): Promise<boolean> {
    if (!this.world.updates.ready() || this.#open.size > 0 || (await this.drafts()).length > 0) return false;
    this.#busyElsewhere = false;
    this.#session?.say({ type: 'form-open?' });
    await new Promise<void>((resolve) => this.world.after(ASK_TABS, resolve));
    if (this.#busyElsewhere) return false;
    this.world.updates.take();
    return true;
  }

  async #write(writing: Writing): Promise<SaveResult> {
    const { outbox, person, book } = this.#need();
    const writer = {
      account: person.account,
      inc: person.inc,
      town: outbox.town,
      party: person.party,
      catalog: book.version,
    };
    const { id, e } = writing;
    const saving = { id, e, inc: person.inc, now: this.world.now() };
    const result = await outbox.save({ ...saving, spell: (n, hlc, off) => spell(writing, writer, n, hlc, off) });
    if (!result.ok) return result;
    this.#open.delete(id);
    await this.#session?.saved();
    void this.#keepStorage();
    return result;
  }

  async #keepStorage(): Promise<void> {
    if (this.#storage.persisted !== true) await this.world.persist();
    await this.#measure();
  }

  async #measure(): Promise<void> {
    this.#storage = await this.world.storage();
    this.#changed();
  }

  async #visible(): Promise<void> {
    if (this.world.visible()) await this.#session?.seen();
    else this.#session?.watch();
  }

  #hear(message: BetweenTabs): void {
    if (message.type === 'form-open?' && this.#open.size > 0) this.#session?.say({ type: 'form-open' });
    if (message.type === 'form-open') this.#busyElsewhere = true;
    if (message.type === 'changed' && message.what === 'session') void this.restore();
    if (message.type === 'saved' || (message.type === 'changed' && message.what === 'drafts')) {
      this.#drafts += 1;
      this.#changed();
    }
  }

  /** Resolves when the engine rests, waits or wants a sign-in; after a while in any case. */
  async #rested(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        stop();
        cancel();
        resolve();
      };
      const cancel = this.world.after(FIRST_PULL, done);
      const look = () => void (this.#session?.resting() !== false && done());
      this.#listeners.add(look);
      const stop = () => this.#listeners.delete(look);
      look();
    });
  }

  #need(): Session {
    if (!this.#session) throw new Error('nobody is connected');
    return this.#session;
  }

  /** Draws once for all that changed in this turn of the event loop. */
  #changed(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#shown = this.#snapshot();
      for (const fn of [...this.#listeners]) fn(this.#shown);
    });
  }

  #snapshot(): Snapshot {
    const session = this.#session;
    const storage = { storage: this.#storage, updateReady: this.world.updates.ready(), drafts: this.#drafts };
    if (!session) return { ...EMPTY, ...storage };
    const { kinds, places, parties, pledge } = session.book;
    const { account, name, party, role, town } = session.person;
    const { measures, entries } = session;
    return {
      session: { account, name, party, role, town },
      kinds,
      places,
      parties,
      pledge,
      measures,
      entries,
      sync: session.status(),
      ...storage,
    };
  }
}

const EMPTY: Omit<Snapshot, 'storage' | 'updateReady' | 'drafts'> = {
  session: null,
  kinds: [],
  places: [],
  parties: [],
  pledge: null,
  measures: [],
  entries: [],
  sync: { unsent: 0, oldest: null, action: 0, phase: 'idle', allSentAt: null, restored: false },
};
