import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { changeLanguage } from '../../text';
import Field from './Field.svelte';
import { FakeField, KINDS, NOW, scenes, snapshot } from './fake';
import { screen as fetched } from './later';
import { Shell } from './shell.svelte';

const open: (() => void)[] = [];

/** The app in a page, at an address, at the fake's hour. */
function show(app: FakeField, hash = '#/', code: string | null = null): Shell {
  location.hash = hash;
  const shell = new Shell(app, code);
  open.push(shell.start());
  render(Field, { shell });
  return shell;
}
const pressed = (name: string | RegExp) => screen.findByRole('button', { name }).then((b) => fireEvent.click(b));

// On a busy machine the first import of a screen takes longer than a person would wait.
configure({ asyncUtilTimeout: 5000 });
beforeAll(async () => {
  for (const name of [
    'patrol',
    'form',
    'mine',
    'entry',
    'promise',
    'unsent',
    'settings',
    'enrol',
    'persons',
    'code',
    'out',
    'stored',
  ] as const)
    await fetched(name);
}, 60_000);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(async () => {
  cleanup();
  open.splice(0).forEach((stop) => stop());
  vi.useRealTimers();
  location.hash = '';
  await changeLanguage('sv');
});

describe('from a cold start', () => {
  test('a kind and Save are two presses, with place and party as last time', async () => {
    const app = new FakeField();
    const shell = show(app);
    const after = screen.getByRole('link', { name: 'Logga i efterhand: Fotpatrull' });
    location.hash = after.getAttribute('href') ?? '';
    await pressed('Spara');
    await waitFor(() => expect(app.saved).toHaveLength(1));
    expect(app.saved[0]).toMatchObject({
      kind: 'foot_patrol',
      e: null,
      values: { place: 'p0', parties: ['police'], minutes: 30, people_out: 2 },
    });
    expect(app.saved[0]?.values.started_at).toMatch(/^2026-11-20T21:30/);
    await waitFor(() => expect(shell.route.at).toBe('home'));
    expect(await screen.findByText('Sparad på telefonen.', { selector: '.undo *' })).toBeTruthy();
  });
  test('Undo takes the entry back with the reason undo, and it leaves the lists', async () => {
    const app = new FakeField();
    show(app, '#/log/foot_patrol');
    await pressed('Spara');
    await pressed('Ångra');
    await waitFor(() => expect(app.calls).toContain('retract n1 undo'));
    expect(await screen.findByText('Ångrad. Den räknas inte.', { selector: '.undo *' })).toBeTruthy();
    expect(screen.getAllByText('Fotpatrull, Torget')).toHaveLength(1);
  });
  test('pressing Save twice saves once', async () => {
    const app = new FakeField();
    const save = vi.spyOn(app, 'save');
    show(app, '#/log/foot_patrol');
    const button = await screen.findByRole('button', { name: 'Spara' });
    await Promise.all([fireEvent.click(button), fireEvent.click(button)]);
    await waitFor(() => expect(app.saved).toHaveLength(1));
    expect(save).toHaveBeenCalledTimes(1);
  });
});

describe('the form', () => {
  test.each(KINDS.map((k) => [k.slug, k] as const))('of %s asks every question of its kind', async (slug, kind) => {
    show(new FakeField(), `#/log/${slug}`);
    await screen.findByRole('button', { name: 'Spara' });
    const drawn = [...document.querySelectorAll<HTMLElement>('[data-field]')];
    const offered = kind.fields.filter((f) => f.until === undefined);
    const order = [...offered.filter((f) => f.need), ...offered.filter((f) => !f.need)];
    expect(drawn.map((d) => d.dataset.field)).toEqual(order.map((f) => f.f));
    for (const field of drawn) expect(field.querySelector('input, textarea, button')).not.toBeNull();
  });
  test('skips a question that it does not know and keeps its value', async () => {
    const app = new FakeField();
    const kind = {
      ...KINDS[0],
      fields: [...(KINDS[0]?.fields ?? []), { f: 'later', as: 'drawing' }],
    } as unknown as (typeof KINDS)[number];
    app.show({ kinds: [kind] });
    vi.spyOn(app, 'newDraft').mockResolvedValue({
      id: 'x',
      kind: 'foot_patrol',
      e: null,
      values: { place: 'p0', later: 'kept' },
      base: {},
      focus: null,
      at: NOW,
    });
    show(app, '#/log/foot_patrol');
    await pressed('Spara');
    await waitFor(() => expect(app.saved[0]?.values.later).toBe('kept'));
  });
  test('keeps what is being written when a new catalogue comes', async () => {
    const app = new FakeField();
    show(app, '#/log/foot_patrol');
    const note = await screen.findByRole('textbox', { name: /Anteckning/ });
    await fireEvent.input(note, { target: { value: 'Lampan är tr' } });
    await fireEvent.click(screen.getByLabelText('Belysning'));
    const [patrol] = KINDS;
    if (!patrol) throw new Error('the fake has kinds');
    const retired = (f: (typeof patrol.fields)[number]) => {
      if (f.f === 'note' || f.f === 'contacts') return { ...f, until: 2 };
      if (f.f !== 'topics') return f;
      return { ...f, choices: f.choices?.map((c) => (typeof c === 'object' ? { ...c, until: 2 } : c)) ?? [] };
    };
    const fields = [...patrol.fields.map(retired), { f: 'dog', as: 'count', max: 3, sv: { label: 'Hundar' } } as const];
    app.show({ kinds: [{ ...patrol, fields }] });
    expect(await screen.findByText('Hundar')).toBeTruthy();
    expect(screen.queryByText('Kontakter')).toBeNull(); // not answered, no longer asked
    const still = screen.getByRole('textbox', { name: /Anteckning/ });
    expect(still).toHaveProperty('value', 'Lampan är tr');
    await fireEvent.input(still, { target: { value: 'Lampan är trasig' } });
    await pressed('Spara');
    await waitFor(() => expect(app.saved[0]?.values).toMatchObject({ note: 'Lampan är trasig', topics: ['light'] }));
  });
  test('about youth at risk has nowhere to write, and says so', async () => {
    show(new FakeField(), '#/log/youth_risk');
    await screen.findByRole('button', { name: 'Spara' });
    expect(document.querySelector('textarea')).toBeNull();
    expect(screen.getByText('Här räknas bara möten. Inget om enskilda kan skrivas.')).toBeTruthy();
  });
  test('of a kind that is no longer offered is reached from an old entry alone', async () => {
    const app = new FakeField();
    app.show({ kinds: app.snap.kinds.map((k) => (k.slug === 'safety_walk' ? { ...k, until: 2 } : k)) });
    show(app);
    expect(screen.queryByRole('link', { name: /Trygghets.?vandring/ })).toBeNull();
    location.hash = '#/log/safety_walk';
    expect(await screen.findByRole('button', { name: 'Spara' })).toBeTruthy();
  });
  test('says beside the field what is missing, and goes there', async () => {
    const app = new FakeField(scenes('new'));
    show(app, '#/log/foot_patrol');
    await pressed('Spara');
    expect(await screen.findByText('Välj en plats.')).toBeTruthy();
    expect(document.activeElement?.closest('[data-field]')?.getAttribute('data-field')).toBe('place');
    expect(app.saved).toHaveLength(0);
    await fireEvent.click(screen.getByLabelText('Torget'));
    expect(screen.queryByText('Välj en plats.')).toBeNull();
  });
  test('stops a time in the future', async () => {
    const app = new FakeField();
    show(app, '#/log/foot_patrol');
    await fireEvent.input(await screen.findByLabelText('Började'), { target: { value: '23.30' } });
    await pressed('Spara');
    expect(await screen.findByText('Datumet ligger i framtiden. Rätta och spara igen.')).toBeTruthy();
    expect(app.saved).toHaveLength(0);
  });
  test('is a draft within half a second of a change', async () => {
    const app = new FakeField();
    show(app, '#/log/foot_patrol');
    await fireEvent.click(await screen.findByLabelText('1–5'));
    await waitFor(() => expect(app.kept[0]?.values.contacts).toBe('1-5'), { timeout: 500 });
  });
  test('is a draft at once when the app is put away', async () => {
    const app = new FakeField();
    show(app, '#/log/foot_patrol');
    await fireEvent.click(await screen.findByLabelText('6–20'));
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await tick();
    expect(app.kept[0]?.values.contacts).toBe('6-20');
    vi.restoreAllMocks();
  });
  test('a draft comes back with its values and at its field', async () => {
    const app = new FakeField();
    app.kept.push({
      id: 'k',
      kind: 'foot_patrol',
      e: null,
      values: { started_at: '2026-11-20T20:00+01:00', minutes: 60, place: 'p3', note: 'Lampan' },
      base: {},
      focus: 'note',
      at: NOW,
    });
    show(app, '#/log/foot_patrol');
    const note = await screen.findByRole('textbox', { name: /Anteckning/ });
    expect(note).toHaveProperty('value', 'Lampan');
    await waitFor(() => expect(document.activeElement).toBe(note));
    expect(screen.getByText('Utkastet ligger kvar')).toBeTruthy();
  });
  test('a draft that is thrown away can be had back', async () => {
    const app = new FakeField();
    app.kept.push({ id: 'k', kind: 'foot_patrol', e: null, values: { place: 'p3' }, base: {}, focus: null, at: NOW });
    show(app, '#/log/foot_patrol');
    await pressed('Släng utkastet');
    await waitFor(() => expect(app.kept).toHaveLength(0));
    await pressed('Ångra');
    await waitFor(() => expect(app.kept.map((k) => k.id)).toEqual(['k']));
  });
  test('the way back from the last entry waits while the next one is written', async () => {
    const app = new FakeField();
    show(app, '#/log/foot_patrol');
    await pressed('Spara');
    await screen.findByRole('button', { name: 'Ångra' });
    location.hash = '#/log/andt_action';
    await screen.findByRole('heading', { level: 1, name: 'ANDT, insats' });
    expect(screen.queryByRole('button', { name: 'Ångra' })).toBeNull();
  });
  test('a form that was only looked at leaves no draft and holds no update back', async () => {
    const app = new FakeField();
    const drop = vi.spyOn(app, 'dropDraft');
    show(app, '#/log/foot_patrol');
    await screen.findByRole('button', { name: 'Spara' });
    location.hash = '#/';
    await waitFor(() => expect(drop).toHaveBeenCalledTimes(1));
    expect(app.kept).toHaveLength(0);
  });
  test('what could not be saved stays, with what to do', async () => {
    const app = new FakeField();
    app.refuse = { ok: false, reason: 'full' };
    show(app, '#/log/foot_patrol');
    await pressed('Spara');
    expect((await screen.findByRole('alert')).textContent).toContain('Utkastet ligger kvar.');
    await waitFor(() => expect(app.kept).toHaveLength(1));
    app.refuse = null;
    await pressed('Spara');
    await waitFor(() => expect(app.saved).toHaveLength(1));
    await tick();
    expect(app.kept).toHaveLength(0);
  });
  test('a draft that the phone has no room for stays on the screen, and one is told', async () => {
    const app = new FakeField();
    const full = vi.spyOn(app, 'keepDraft').mockRejectedValue(new DOMException('no room', 'QuotaExceededError'));
    show(app, '#/log/foot_patrol');
    const note = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: /Anteckning/ });
    await fireEvent.input(note, { target: { value: 'Lampan' } });
    expect((await screen.findByRole('alert')).textContent).toContain('Telefonen kunde inte skriva ner utkastet.');
    expect(note.value).toBe('Lampan');
    full.mockRestore();
    await fireEvent.input(note, { target: { value: 'Lampan lyser' } });
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(app.kept[0]?.values.note).toBe('Lampan lyser');
  });
  test('undoing a correction writes back what stood before', async () => {
    const app = new FakeField();
    show(app, '#/edit/e1');
    await fireEvent.click(await screen.findByLabelText('60'));
    await pressed('Spara');
    await pressed('Ångra');
    await screen.findByText('Ångrad. Posten är som förut.', { selector: '.undo *' });
    expect(app.snap.entries.find((e) => e.e === 'e1')?.values.minutes).toBe(40);
    expect(app.calls).not.toContain('retract e1 undo');
  });
});

describe('enrolment', () => {
  test('reads a typed code as it was meant, then asks who it is', async () => {
    const app = new FakeField(scenes('enrol'));
    show(app, '#/connect/3');
    await fireEvent.input(await screen.findByRole('textbox', { name: 'Kod' }), { target: { value: 'oil1a bcd-ef' } });
    await pressed('Fortsätt');
    await waitFor(() => expect(app.calls).toEqual(['look 0111ABCDEF']));
    expect(await screen.findByRole('heading', { name: 'Den här telefonen kopplas till Munkfors' })).toBeTruthy();
    await pressed('Koppla telefonen');
    expect(await screen.findByText('Skriv ditt namn.')).toBeTruthy();
    await fireEvent.input(screen.getByRole('textbox', { name: 'Ditt namn' }), { target: { value: ' Kim ' } });
    await fireEvent.click(screen.getByLabelText('Polisen'));
    await pressed('Koppla telefonen');
    await waitFor(() => expect(app.calls).toContain('enrol 0111ABCDEF Kim police'));
  });
  test('asks for no code when the link had one', async () => {
    const app = new FakeField(scenes('enrol'));
    show(app, '#/connect/3', 'abc_DEF-1234567890abcd');
    await screen.findByRole('textbox', { name: 'Ditt namn' });
    expect(app.calls).toEqual(['look abc_DEF-1234567890abcd']);
  });
  test.each([
    ['used', 'Koden är redan använd. Be samordnaren om en ny.'],
    ['old', 'Koden gällde till 22.02. Be samordnaren om en ny.'],
    ['unknown', 'Koden känns inte igen. Titta efter igen, eller be samordnaren om en ny.'],
    ['too-many', 'Det har blivit många försök. Försök igen klockan 22.02.'],
    ['offline', 'Det behövs nät för att koppla telefonen. Försök igen när nätet är tillbaka. Sedan går det utan.'],
    ['portal', 'Nätet vill att du loggar in först. Gör det i webbläsaren, eller använd mobilnätet, och försök igen.'],
  ] as const)('says what to do when the code is %s', async (reason, words) => {
    const app = new FakeField(scenes('enrol'));
    app.code = { ok: false, reason, until: NOW };
    show(app, '#/connect/3', 'abc');
    expect((await screen.findByRole('alert')).textContent.trim()).toBe(words);
    expect(screen.queryByRole('textbox', { name: 'Kod' }) !== null).toBe(reason !== 'offline' && reason !== 'portal');
  });
  test('names what is missing or strange in a code before asking the server', async () => {
    const app = new FakeField(scenes('enrol'));
    show(app, '#/connect/3');
    const field = await screen.findByRole('textbox', { name: 'Kod' });
    await fireEvent.input(field, { target: { value: 'abcdefgh' } });
    await pressed('Fortsätt');
    expect(await screen.findByText('Koden har tio tecken. 2 fattas.')).toBeTruthy();
    await fireEvent.input(field, { target: { value: 'abcdefghu2' } });
    await pressed('Fortsätt');
    expect(await screen.findByText('Tecknet U finns inte i koden. Titta efter igen.')).toBeTruthy();
    expect(app.calls).toEqual([]);
  });
});

describe('the screens', () => {
  test.each(['#/', '#/mine', '#/promise', '#/unsent', '#/settings', '#/log/foot_patrol', '#/entry/e1', '#/entry/none'])(
    '%s has one heading of the first order',
    async (hash) => {
      show(new FakeField(), hash);
      await waitFor(() => expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1));
      expect(document.querySelectorAll('[style]')).toHaveLength(0);
    },
  );
  test('move the focus to their heading when one goes there', async () => {
    show(new FakeField());
    location.hash = '#/mine';
    const heading = await screen.findByRole('heading', { level: 1, name: 'Mina poster' });
    await waitFor(() => expect(document.activeElement).toBe(heading));
  });
  test('a measure that promises a number has a bar, one that does not says so', async () => {
    show(new FakeField(), '#/promise');
    expect(await screen.findByRole('img', { name: '21 av 24 gjorda med dina osända, 21 väntade i dag' })).toBeTruthy();
    expect(screen.getByText('Löftet nämner inget tal.').parentElement?.textContent).toContain('11 mottagna');
  });
  test('of one’s own entries draw fifty, and fifty more when asked', async () => {
    const [one] = snapshot().entries;
    if (!one) throw new Error('the sample has no entry');
    const app = new FakeField(snapshot());
    app.snap = {
      ...app.snap,
      entries: Array.from({ length: 120 }, (_, i) => ({ ...one, e: `many-${i}`, mine: true })),
    };
    show(app, '#/mine');
    const rows = () => document.querySelectorAll('a.item').length;
    await waitFor(() => expect(rows()).toBe(50));
    await pressed('Visa äldre (70 till)');
    expect(rows()).toBe(100);
    await pressed('Visa äldre (20 till)');
    expect(rows()).toBe(120);
    expect(screen.queryByRole('button', { name: /Visa äldre/ })).toBeNull();
  });
  test('an entry says why it waits for someone and what it counts toward', async () => {
    show(new FakeField(), '#/mine');
    expect(await screen.findByText('Datumet ligger i framtiden. Rätta och spara igen.')).toBeTruthy();
    expect(screen.getByText('Räknas mot Fotpatrull i centrum, blir 21 av 24')).toBeTruthy();
  });
  test('an entry says what was answered by an older catalogue, and what a later one asks', async () => {
    const app = new FakeField();
    const [patrol] = KINDS;
    if (!patrol) throw new Error('the fake has kinds');
    const mode = {
      f: 'mode',
      as: 'choice',
      until: 3,
      sv: { label: 'Hur?' },
      choices: [{ v: 'car', sv: 'Bil', until: 2 }],
    };
    const later = { f: 'drawing', as: 'other', sv: { label: 'Skiss' } };
    app.show({
      kinds: [{ ...patrol, fields: [...patrol.fields, mode, later] as typeof patrol.fields }],
      entries: app.snap.entries.map((e) =>
        e.e === 'e1' ? { ...e, values: { ...e.values, mode: 'car', drawing: 'två streck', dropped: 7 } } : e,
      ),
    });
    show(app, '#/entry/e1');
    const facts = await waitFor(() => {
      const dl = document.querySelector('dl.facts');
      if (!dl) throw new Error('not drawn yet');
      return [...dl.querySelectorAll('div')].map((d) => `${d.children[0]?.textContent}: ${d.children[1]?.textContent}`);
    });
    expect(facts).toEqual(expect.arrayContaining(['Hur?: Bil', 'Skiss: två streck', 'Uppgift: 7']));
  });
  test('an entry says how many there were of each', async () => {
    const app = new FakeField();
    const [former] = app.snap.entries;
    if (!former) throw new Error('the fake has entries');
    const values = { ...former.values, 'groups:residents': 14, 'groups:police': 2, participants: 19 };
    app.show({ entries: [{ ...former, e: 'w', kind: 'safety_walk', values }] });
    show(app, '#/entry/w');
    expect(await screen.findByText('16 (boende 14, polisen 2)')).toBeTruthy();
    expect(screen.getByText('Antal deltagare').nextElementSibling?.textContent).toBe('19');
  });
  test('an entry is taken back with a reason', async () => {
    const app = new FakeField();
    show(app, '#/entry/e3');
    await pressed('Ta tillbaka');
    const sheet = await screen.findByRole('dialog');
    await fireEvent.click(screen.getByLabelText('Loggad två gånger'));
    const buttons = [...sheet.querySelectorAll('button')];
    await fireEvent.click(buttons.find((b) => b.textContent?.includes('Ta tillbaka')) as HTMLElement);
    await waitFor(() => expect(app.calls).toContain('retract e3 Loggad två gånger'));
  });
  test('what sends is said once to those who listen', async () => {
    const app = new FakeField();
    show(app);
    const { sync } = snapshot();
    app.show({ sync: { ...sync, unsent: 0, oldest: null } });
    await tick();
    expect(screen.getByRole('status').textContent).toBe('Allt är skickat.');
  });
  test('are drawn in the language that is chosen', async () => {
    show(new FakeField(), '#/settings');
    await fireEvent.click(await screen.findByLabelText('English'));
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
  });
});
