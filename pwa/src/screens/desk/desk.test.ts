import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../text/catalogue';
import Desk from './Desk.svelte';
import { FakeServer } from './fakeserver';
import { Nav } from './nav.svelte';
import { SOON } from './live';
import { figures, fresh, MEASURES } from './testkit';

let server: FakeServer;
beforeEach(async () => {
  server = new FakeServer();
  await speak('sv');
});
afterEach(cleanup);

/** Many rows take their time to be drawn in a document without a screen. */
const SLOW = { timeout: 4000 };

/** Opens an address as main.ts does. */
function open(address: string, code: string | null = null) {
  history.replaceState(null, '', address);
  const nav = new Nav();
  render(Desk, { props: { api: server.api, nav, code } });
  return nav;
}
const link = (name: string | RegExp) => screen.findByRole('link', { name });
const hrefOf = async (name: string | RegExp) => (await link(name)).getAttribute('href');
const title = (name: string) => screen.findByRole('heading', { level: 1, name });

describe('the overview', () => {
  it('leads from every number to its entries', async () => {
    server.figures = figures('count');
    open('/desk/');
    const of = `/desk/entries?measure=${MEASURES[0]}&year=1`;
    expect(await hrefOf('21 av 24')).toBe(of);
    expect(await hrefOf('Fotpatrull i centrum, Polisen: 13. Visa posterna.')).toBe(`${of}&party=police`);
    expect(await hrefOf('Fotpatrull i centrum, Gemensamt: 8. Visa posterna.')).toBe(`${of}&party=joint`);
    expect(await hrefOf('Räknat på 47 poster.')).toBe('/desk/entries?year=1');
    expect(await hrefOf('två')).toBe(`/desk/entries?measure=${MEASURES[3]}&year=1`);
  });

  it('gives a verdict only where there is one, and else says that there is no number', async () => {
    open('/desk/');
    const row = (await link('Fotpatrull i centrum')).closest('tr') as HTMLElement;
    expect(within(row).getByText('Inget tal i löftet.')).toBeTruthy();
    expect(document.querySelectorAll('tbody .verdict')).toHaveLength(1);
  });

  it('tells a fresh town the next step', async () => {
    server.figures = fresh(true);
    open('/desk/');
    expect(await screen.findByText('Öppna länken på telefonen. Den kopplas till Munkfors.')).toBeTruthy();
  });

  it('tells a town without a promise how it gets one', async () => {
    server.figures = fresh(false);
    open('/desk/');
    expect(await screen.findByText('Löftet är inte inlagt än')).toBeTruthy();
  });

  it('says that phones are silent', async () => {
    server.figures = figures('effort', { silent: 2 });
    open('/desk/');
    expect(
      await screen.findByText('2 telefoner har varit tysta i mer än sju dagar. Siffrorna kan vara låga.'),
    ).toBeTruthy();
  });

  it('asks for the year of the address, and links with it', async () => {
    open('/desk/?year=2');
    await title('Medborgarlöfte Munkfors 2026–2027');
    expect(server.count('GET follow-up?year=2')).toBe(1);
  });
});

describe('a measure', () => {
  it('leads from each month to its entries', async () => {
    open(`/desk/measure/${MEASURES[0]}`);
    expect(await hrefOf('Fotpatrull i centrum, april 2026: 3. Visa posterna.')).toBe(
      `/desk/entries?measure=${MEASURES[0]}&year=1&month=2026-04`,
    );
  });
});

describe('the entries', () => {
  it('are those of the address, and the address follows the filters', async () => {
    open('/desk/entries?year=1&month=2026-11');
    await link('Trygghetsvandring');
    expect(server.asked).toContain('GET entries?year=1&month=2026-11&limit=100');
    const kind = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Slag' });
    kind.value = 'foot_patrol';
    kind.dispatchEvent(new Event('change', { bubbles: true }));
    await waitFor(() => expect(location.search).toBe('?kind=foot_patrol&year=1&month=2026-11'));
    expect(server.asked).toContain('GET entries?kind=foot_patrol&year=1&month=2026-11&limit=100');
    expect(await screen.findByText(/^3 räknas med det här filtret\.$/)).toBeTruthy();
  });

  it('show all at once when there are few', async () => {
    open('/desk/entries?kind=foot_patrol');
    expect(await screen.findByText('Visar 5 poster')).toBeTruthy();
    expect(screen.queryByText('Visa fler')).toBeNull();
  });

  it('show as many more as are asked for', async () => {
    server.pages = 25;
    open('/desk/entries?kind=foot_patrol');
    (await screen.findByText('Visa fler', {}, SLOW)).click();
    expect(await screen.findByText('Visar 125 poster', {}, SLOW)).toBeTruthy();
    expect(screen.queryByText('Visa fler')).toBeNull();
  });

  it('open each its own page', async () => {
    open('/desk/entries');
    const [first] = await screen.findAllByRole('link', { name: 'Fotpatrull' });
    first?.click();
    await title('Fotpatrull, Torget');
    expect(document.activeElement?.tagName).toBe('H1');
    expect(screen.getByText('Antal personer ute')).toBeTruthy();
    expect(screen.getByText('Två olika svar: Minuter')).toBeTruthy();
  });
});

describe('live', () => {
  it('shows what came within moments of a poke, and moves neither focus nor page', async () => {
    open('/desk/');
    const focused = await link('Fotpatrull i centrum');
    focused.focus();
    const asked = server.count('GET follow-up');
    const f = figures();
    server.figures = { ...f, entries: 48, measures: f.measures.map((m, i) => (i === 0 ? { ...m, done: 22 } : m)) };
    server.send('poke');
    expect(await screen.findByRole('link', { name: '22 fotpatruller' }, { timeout: SOON + 1500 })).toBeTruthy();
    expect(server.count('GET follow-up')).toBe(asked + 1);
    expect(document.activeElement).toBe(focused);
    expect(await screen.findByText('Fotpatrull i centrum: nu 22.')).toBeTruthy();
  });

  it('keeps the figures when the network goes, and says from when they are', async () => {
    open('/desk/');
    await link('21 fotpatruller');
    server.offline = true;
    server.send('poke');
    expect(
      await screen.findByText(/^Utan nät just nu\. Det här är från i dag/, {}, { timeout: SOON + 1500 }),
    ).toBeTruthy();
    expect(screen.getByRole('link', { name: '21 fotpatruller' })).toBeTruthy();
  });

  it('asks for a new link when the session is over', async () => {
    open('/desk/entries?month=2026-11');
    await title('Poster');
    server.signedIn = false;
    server.send('poke');
    expect(await screen.findByText(/^Du är inte längre inloggad/, {}, { timeout: SOON + 1500 })).toBeTruthy();
    expect(location.search).toBe('?month=2026-11');
  });
});
