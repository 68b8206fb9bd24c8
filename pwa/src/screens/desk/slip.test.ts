import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { speak } from '../../text/catalogue';
import Desk from './Desk.svelte';
import { FakeServer } from './fakeserver';
import { Nav } from './nav.svelte';
import { id } from './testkit';

let server: FakeServer;
beforeEach(async () => {
  server = new FakeServer();
  await speak('sv');
  history.replaceState(null, '', `/desk/slip?phone=${id(912)}`);
});
afterEach(cleanup);
const open = () => render(Desk, { props: { api: server.api, nav: new Nav() } });
const row = async (day: RegExp) => (await screen.findByRole('rowheader', { name: day })).closest('tr');

it('a slip says whose it is, what came, what counts and which numbers never came', async () => {
  open();
  expect(await screen.findByRole('heading', { level: 1, name: 'Kvitto för Noor Berg' })).toBeTruthy();
  const said = (await row(/20 november/))?.textContent ?? '';
  for (const words of [
    '6 uppgifter',
    'Nummer 5–6 har aldrig kommit fram.',
    '4 mottagna',
    'Kontrolltal 3f9a 21c0',
    '2 poster räknas',
  ])
    expect(said).toContain(words);
  expect((await row(/19 november/))?.textContent).toContain('Inget nummer saknas.');
});

it('a slip says why something of a day does not count, by number and id', async () => {
  open();
  await fireEvent.click(await screen.findByRole('button', { name: /Visa det som inte räknas Fredag 20 november/ }));
  expect((await screen.findByRole('link', { name: 'Nummer 7' })).getAttribute('href')).toBe(`/desk/entry/${id(2)}`);
  expect(screen.getByText(id(2))).toBeTruthy();
  expect(screen.getByText('1 ändring räknas i sin post.')).toBeTruthy();
  expect(server.asked).toContain(`GET phones/${id(912)}/slip?from=2026-11-20&to=2026-11-20`);
});

it('a phone that is not there says so', async () => {
  history.replaceState(null, '', `/desk/slip?phone=${id(1)}`);
  open();
  expect(await screen.findByRole('heading', { level: 1, name: 'Telefonen finns inte' })).toBeTruthy();
});
