/**
 * The app that the screens ask: the journal first, the network later. What is shown at start is what the phone has; no request is
 * on that path.
 */
import type {
  Choices,
  Door,
  Draft,
  FieldApp,
  HistoryLine,
  NewPlace,
  Proof,
  SaveResult,
  Seat,
  Snapshot,
} from '../domain/app';
import { newId } from '../domain/id';
import type { BetweenTabs } from '../domain/messages';
import type { RunningDraft } from '../domain/run';
import { emptyState, textOf } from '../domain/state';
import { isSame, Phone } from '../journal/phone';
import type { Writing } from './forms';
import { Session } from './session';
import type { Channel, Storage, Surroundings } from './surroundings';

/** Fetched when it is asked for. */
const door = () => import('./door');
/** What a form is made of and becomes; fetched with the first. */
const forms = () => import('./forms');
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
  #forms = new Set<string>();
  /** How often another tab told that drafts are others now. */
  #drafts = 0;
  /** Set when another tab answers that it has a form open. */
  #busyElsewhere = false;
  /** Whose each draft is that this tab has seen: it is kept as theirs, whoever is in by then. */
  #owners = new Map<string, Session>();
  /** The curtain is drawn. The one behind it goes on sending. */
  #closed = false;
  #choices: Choices = {};
  /** Someone signed out and the server was not told yet. */
  #leaving = false;
  #restoring: Promise<void> = Promise.resolve();
  /** Set while one person's things are put away and another's taken out: nothing is drawn in between. */
  #turning = false;
  /** The change of person that this tab knows of, see Phone. */
  #turns = 0;
  /** Between all tabs of the phone, whatever town they are in. */
  #persons: Channel;

  constructor(private readonly world: Surroundings) {
    this.#shown = this.#snapshot();
    world.listen({
      visible: () => void this.#visible(),
      online: () => this.#online(),
      worker: () => void this.#session?.wake('worker'),
      updated: () => this.#changed(),
    });
    this.#persons = world.channel('phone', (message) => {
      if (message.type === 'person') void this.#turned(message.seat);
    });
  }

  /** Finds whoever used the app last, shows what is kept, and only then begins to send. `inside`: who has just been let in. */
  async restore(inside: Seat | null = null): Promise<void> {
    const turned = this.#restoring.then(() => this.#restore(inside)).finally(() => (this.#turning = false));
    this.#restoring = turned.catch(() => undefined);
    return turned;
  }

  async #restore(inside: Seat | null): Promise<void> {
    const { seat, closed, leaving, choices, turns } = await this.#phone.opening();
    this.#turning = true;
    await this.#session?.close();
    this.#session = seat
      ? await Session.open(
          this.world,
          seat,
          () => this.#changed(),
          (m) => this.#hear(m),
        )
      : null;
    this.#closed = closed && (!seat || !isSame(seat, inside));
    [this.#choices, this.#leaving, this.#turns] = [choices, leaving, turns];
    this.#turning = false;
    this.#shown = this.#snapshot();
    this.#changed();
    void this.#session?.wake('start');
    void this.#measure();
    void this.#farewell();
  }

  /** Another person is in from now on, or nobody: here, and in the other tabs. */
  async #turnTo(seat: Seat | null): Promise<void> {
    this.#persons.post({ type: 'person', seat });
    await this.#turned(seat);
  }

  /** Shows whoever is in now, and then what is theirs of longer ago. */
  async #turned(seat: Seat | null = null): Promise<void> {
    await this.restore(seat);
    void this.whole().catch(() => undefined); // whoever needs it asks again
  }

  async #farewell(): Promise<void> {
    if (!this.#leaving) return;
    const { farewell } = await door();
    this.#leaving = !(await farewell(this.world, this.#phone).catch(() => false));
  }

  subscribe(fn: (s: Snapshot) => void): () => void {
    this.#listeners.add(fn);
    fn(this.#shown);
    return () => this.#listeners.delete(fn);
  }

  async whole(): Promise<void> {
    await this.#session?.whole();
    await Promise.resolve(); // the snapshot is drawn in the turn after
  }

  async door(): Promise<Door> {
    const { doorOf } = await door();
    return doorOf({
      world: this.world,
      phone: this.#phone,
      inside: () => (this.#closed ? null : this.#session),
      turnTo: (seat) => this.#turnTo(seat),
      subscribe: (fn) => this.subscribe(fn),
    });
  }

  choices(): Choices {
    return this.#choices;
  }

  async keepChoice(what: string, value: string | null): Promise<void> {
    const { keepChoice } = await door();
    await keepChoice(this.#phone, what, value);
  }

  async newDraft(kind: string): Promise<Draft> {
    const session = this.#need();
    const { kept, person } = session;
    const lastOne = () => kept.entries.find((entry) => entry.kind === kind && entry.mine && entry.retracted === null);
    if (!lastOne()) await session.whole();
    const now = this.world.now();
    const last = lastOne();
    const { newDraft } = await forms();
    const draft = newDraft(
      newId(now),
      kept.book.kinds.find((k) => k.slug === kind),
      kind,
      last,
      person.party,
      now,
      kept.places,
    );
    return this.#opened(draft);
  }

  async correctionDraft(e: string): Promise<Draft> {
    const session = this.#need();
    await session.whole();
    const state = session.kept.displayed(e);
    const now = this.world.now();
    const { correctionDraft } = await forms();
    return this.#opened(correctionDraft(newId(now), e, state ?? emptyState(), now));
  }

  #opened(draft: Draft): Draft {
    this.#owners.set(draft.id, this.#need());
    this.#forms.add(draft.id);
    return draft;
  }

  async drafts(): Promise<Draft[]> {
    const session = this.#session;
    if (!session || this.#closed) return [];
    const kept = await session.outbox.drafts(session.person.account);
    for (const { id } of kept) this.#owners.set(id, session);
    return kept;
  }

  async run(d: RunningDraft): Promise<RunningDraft> {
    const owner = this.#owner(d.id);
    const running = await owner.outbox.run({ ...d, account: owner.person.account });
    this.#owners.set(running.id, owner);
    this.#tellDrafts();
    if (running.id !== d.id) this.#forms.delete(d.id);
    return running;
  }

  async keepDraft(d: Draft): Promise<void> {
    const { outbox, person } = this.#owner(d.id);
    await outbox.keepDraft({ ...d, account: person.account });
    this.#tellDrafts();
  }

  async dropDraft(id: string): Promise<void> {
    this.#forms.delete(id);
    await (this.#owners.get(id) ?? this.#session)?.outbox.dropDraft(id);
    this.#tellDrafts();
  }

  #tellDrafts(): void {
    this.#session?.say({ type: 'changed', what: 'drafts' });
  }

  /** A form outlives a change of person by a moment: what it writes then is its own person's. */
  #owner(draft: string): Session {
    return this.#owners.get(draft) ?? this.#need();
  }

  async save(d: Draft): Promise<SaveResult> {
    const session = this.#need();
    if (this.#owner(d.id).person.account !== session.person.account) {
      await this.keepDraft(d);
      return { ok: false, reason: 'storage' };
    }
    if (d.e !== null) await session.whole();
    const kind = session.kept.book.kinds.find((k) => k.slug === d.kind);
    const { writingOf } = await forms();
    const writing = writingOf(d, d.e === null ? null : session.kept.displayed(d.e), kind);
    if (writing) return this.#write(writing);
    await this.dropDraft(d.id);
    return { ok: true, e: d.e ?? d.id, id: d.id };
  }

  async retract(e: string, reason: string): Promise<SaveResult> {
    const session = this.#need();
    await session.whole();
    const state = session.kept.displayed(e) ?? emptyState();
    const { shownHeads } = await forms();
    const shown = shownHeads(state, 'retracted');
    if (textOf(state, 'retracted') === reason) return { ok: true, e, id: shown.at(-1) ?? e };
    const base: Writing['base'] = shown.length > 0 ? { retracted: shown } : {};
    return this.#write({ id: newId(this.world.now()), e, set: { retracted: reason }, base });
  }

  async propose({ name, form, at }: NewPlace): Promise<SaveResult> {
    const id = newId(this.world.now());
    return this.#write({
      id,
      e: id,
      set: { name, form, ...at },
      base: {},
      new: { t: 'place', kind: null, parent: null },
    });
  }

  async history(e: string): Promise<HistoryLine[]> {
    const session = this.#need();
    await session.whole();
    const { askHistory, historyOf } = await import('./history');
    const events = session.own.byEntity.get(e) ?? [];
    return session.canAsk(e)
      ? askHistory(this.world, session.person, e, events)
      : historyOf(e, events, [], session.person.account);
  }

  syncNow(): void {
    void this.#session?.wake('user');
  }

  async proof(): Promise<Proof> {
    const session = this.#need();
    const { proofOf } = await import('./proof');
    return proofOf(session, this.world);
  }

  async takeUpdate(): Promise<boolean> {
    if (!this.world.updates.ready() || this.#forms.size > 0 || (await this.drafts()).length > 0) return false;
    this.#busyElsewhere = false;
    this.#session?.say({ type: 'form-open?' });
    await new Promise<void>((resolve) => this.world.after(ASK_TABS, resolve));
    if (this.#busyElsewhere) return false;
    this.world.updates.take();
    return true;
  }

  async #write(writing: Writing): Promise<SaveResult> {
    const { outbox, person, kept } = this.#need();
    const writer = {
      account: person.account,
      inc: person.inc,
      town: outbox.town,
      party: person.party,
      catalog: kept.book.version,
    };
    const { id, e } = writing;
    const saving = { id, e, inc: person.inc, now: this.world.now() };
    const { spell } = await forms();
    const { row, ...result } = await outbox.save({
      ...saving,
      spell: (n, hlc, off) => spell(writing, writer, n, hlc, off),
    });
    if (!result.ok) return result;
    this.#forms.delete(id);
    await this.#session?.saved(row);
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
    if (!this.world.visible()) return this.#session?.watch();
    await this.#restoring;
    const { turns } = await this.#phone.opening();
    if (turns !== this.#turns) return this.#turned(); // a page that was frozen heard nothing
    await this.#session?.seen();
    await this.#farewell();
  }

  #online(): void {
    void this.#session?.wake('online');
    void this.#farewell();
  }

  #hear(message: BetweenTabs): void {
    if (message.type === 'form-open?' && this.#forms.size > 0) this.#session?.say({ type: 'form-open' });
    if (message.type === 'form-open') this.#busyElsewhere = true;
    if (message.type === 'saved' || (message.type === 'changed' && message.what === 'drafts')) {
      this.#drafts += 1;
      this.#changed();
    }
  }

  #need(): Session {
    if (!this.#session || this.#closed) throw new Error('nobody is in');
    return this.#session;
  }

  /** Draws once for all that changed in this turn of the event loop. */
  #changed(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.#turning) return;
      this.#shown = this.#snapshot();
      for (const fn of [...this.#listeners]) fn(this.#shown);
    });
  }

  #snapshot(): Snapshot {
    const session = this.#session;
    const storage = { storage: this.#storage, updateReady: this.world.updates.ready(), drafts: this.#drafts };
    if (!session || this.#closed) return { ...EMPTY, closed: this.#closed, ...storage };
    const { kinds, parties, pledge } = session.kept.book;
    const { account, name, party, role, town } = session.person;
    const { measures, entries, places } = session.kept;
    return {
      session: { account, name, party, role, town },
      closed: false,
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
  closed: false,
  kinds: [],
  places: [],
  parties: [],
  pledge: null,
  measures: [],
  entries: [],
  sync: { unsent: 0, others: 0, oldest: null, action: 0, phase: 'idle', allSentAt: null, restored: false },
};
