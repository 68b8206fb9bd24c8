/** The phones of one seed, and what happens to them. */
import type { Value } from '../domain/event';
import type { Draft } from '../domain/app';
import { newId } from '../domain/id';
import { Outbox } from '../journal/outbox';
import type { Person } from '../journal/schema';
import { rest } from './loop';
import { Net } from './net';
import { copy, Phone } from './phone';
import { Tab, type Time } from './tab';
import type { Command, Ended, Said } from './words';

type Of<D extends Command['do']> = Command & { do: D };

export class World {
  readonly time: Time = { at: 0, mono: 0 };
  readonly net = new Net();
  readonly uncaught: string[] = [];
  #phones = new Map<number, Phone>();
  #ended: Ended[] = [];
  #form = 0;

  constructor(private readonly seed: string) {}

  /** Does one thing, lets everything come to rest, and tells what came of it. */
  async hear(command: Command): Promise<Said> {
    const { at, mono } = command;
    Object.assign(this.time, { at, mono });
    await this.#ring();
    const tab = 'tab' in command ? (this.#phones.get(command.phone)?.tabs[command.tab] ?? null) : null;
    await this.#carryOut(command, tab);
    await this.#rest(tab, 'tab' in command ? command : {});
    const look = command.do === 'look' ? this.#phone(command.phone).look(tab) : null;
    const found = command.do === 'search' ? this.#phone(command.phone).search(command.texts) : [];
    return this.#said(tab?.dead ?? false, look, found);
  }

  #said(died: boolean, look: Said['look'], found: Said['found']): Said {
    const due: Said['due'] = {};
    for (const tab of this.#tabs()) {
      const { number } = tab.phone;
      if (tab.next() >= 0) due[number] = Math.min(tab.next(), due[number] ?? Infinity);
    }
    return {
      asked: this.net.asked.splice(0),
      gone: this.net.gone.splice(0),
      ended: this.#ended.splice(0),
      due,
      died,
      look,
      found,
      uncaught: this.uncaught.splice(0),
    };
  }

  /** Rings every timer that is due, one after the other. */
  async #ring(): Promise<void> {
    for (;;) {
      const due = this.#tabs().filter((tab) => tab.next() >= 0 && tab.next() <= this.time.mono);
      const first = due.sort((a, b) => a.next() - b.next())[0];
      if (!first?.ring()) return;
      await this.#rest(null, {});
    }
  }

  /** Lets everything come to rest; the tab may die on the way. */
  async #rest(tab: Tab | null, { killAt = 0, killAfter = 0 }: { killAt?: number; killAfter?: number }): Promise<void> {
    const last = tab && killAfter > 0 ? tab.writes + killAfter : Infinity;
    await rest((done) => {
      if (tab && !tab.dead && (done === killAt || tab.writes >= last)) this.#kill(tab);
    });
  }

  async #carryOut(command: Command, tab: Tab | null): Promise<void> {
    switch (command.do) {
      case 'world':
      case 'pass':
      case 'look':
      case 'search':
        return;
      case 'phone':
        this.#phones.set(command.phone, new Phone(command.phone, this.seed, command.skew));
        return;
      case 'clock':
        this.#phone(command.phone).skew = command.skew;
        return;
      case 'copy':
        return this.#copy(command);
      case 'reply':
        return this.net.reply(command.id, command);
      case 'lost':
        return this.net.lose(command.id);
      case 'open':
        return this.#open(command.phone, command.tab);
      case 'kill':
      case 'cut':
      case 'freeze':
      case 'thaw':
      case 'mend':
      case 'trouble':
        return tab ? this.#befall(command, tab) : undefined;
      case 'enrol':
      case 'signOut':
      case 'form':
      case 'save':
      case 'keep':
      case 'retract':
      case 'raw':
      case 'wake':
        return tab ? this.#use(command, tab) : undefined;
    }
  }

  /** What phones do to a tab. */
  #befall(command: Of<'kill' | 'cut' | 'freeze' | 'thaw' | 'mend' | 'trouble'>, tab: Tab): void {
    switch (command.do) {
      case 'kill':
        return this.#kill(tab);
      case 'cut':
        return tab.phone.disk.cut(tab);
      case 'freeze':
        return tab.freeze();
      case 'thaw':
        return tab.thaw();
      case 'mend':
        tab.trouble = null;
        return;
      case 'trouble':
        tab.trouble = { name: command.name, after: command.after, times: command.times };
    }
  }

  /** What a person does in a tab. */
  #use(command: Of<'enrol' | 'signOut' | 'form' | 'save' | 'keep' | 'retract' | 'raw' | 'wake'>, tab: Tab): void {
    switch (command.do) {
      case 'wake':
        return wake(tab, command.by);
      case 'enrol':
        return tab.does(0, async () => (await app(tab).door()).enrol(command.code, command.name, command.party));
      case 'signOut':
        return tab.does(0, async () => (await app(tab).door()).signOut());
      case 'form':
        return this.#openForm(command, tab);
      case 'save':
        return tab.does(command.form, () => app(tab).save(filled(tab, command)));
      case 'keep':
        return tab.does(command.form, () => app(tab).keepDraft(filled(tab, command)));
      case 'retract':
        return tab.does(0, () => app(tab).retract(command.e, command.reason));
      case 'raw':
        return tab.does(0, () => saveRaw(tab, command.bytes));
    }
  }

  #openForm({ kind, e }: Of<'form'>, tab: Tab): void {
    const form = (this.#form += 1);
    tab.does(form, async () => {
      const draft = await (e === undefined ? app(tab).newDraft(kind ?? '') : app(tab).correctionDraft(e));
      tab.forms.set(form, draft);
      return draft;
    });
  }

  #open(phone: number, tab: number): void {
    const on = this.#phone(phone);
    const opened = new Tab(on, tab, this.time, this.net, (what) => this.#ended.push(what));
    opened.visible = on.tabs.every((other) => !other?.visible);
    on.tabs[tab] = opened;
    opened.open();
  }

  #kill(tab: Tab): void {
    tab.phone.kill(tab);
    this.net.forget(tab);
  }

  async #copy({ phone, into, skew }: Of<'copy'>): Promise<void> {
    const made = new Phone(into, this.seed, skew);
    this.#phones.set(into, made);
    void copy(this.#phone(phone), made, new Tab(made, -1, this.time, this.net, () => undefined));
  }

  #tabs(): Tab[] {
    return [...this.#phones.values()].flatMap(({ tabs }) => tabs.filter((tab) => tab !== null));
  }

  #phone(number: number): Phone {
    const phone = this.#phones.get(number);
    if (!phone) throw new Error(`there is no phone ${number}`);
    return phone;
  }
}

function app(tab: Tab) {
  if (!tab.app) throw new Error('the app is not open yet');
  return tab.app;
}

function filled(
  tab: Tab,
  { form, values, base }: { form: number; values: Record<string, Value>; base?: Draft['base'] },
): Draft {
  const draft = tab.forms.get(form);
  if (!draft) throw new Error('there is no such form');
  return { ...draft, values: { ...draft.values, ...values }, base: { ...draft.base, ...base } };
}

function wake(tab: Tab, by: Of<'wake'>['by']): void {
  if (by === 'visible' || by === 'hidden') tab.visible = by === 'visible';
  tab.later(() => {
    if (by === 'user') tab.app?.syncNow();
    else tab.on?.[by === 'hidden' ? 'visible' : by]();
  });
}

/** What a defect of the app or of the disk would leave in the queue: an event of bytes that are none. */
async function saveRaw(tab: Tab, bytes: string): Promise<unknown> {
  const { session } = tab.shown ?? {};
  if (!session) throw new Error('nobody is connected');
  const outbox = new Outbox(session.town.id);
  const { inc } = (await outbox.person(session.account)) as Person;
  const id = newId(tab.now());
  const saved = await outbox.save({ id, e: id, inc, now: tab.now(), spell: () => bytes });
  await outbox.db.close();
  const { post, close } = tab.phone.join(tab, () => undefined);
  post({ type: 'saved' });
  close();
  return saved;
}
