import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../text/catalogue';
import Desk from './Desk.svelte';
import { FakeServer } from './fakeserver';
import { Nav } from './nav.svelte';
import { id, ME } from './testkit';

let server: FakeServer;
beforeEach(async () => {
  server = new FakeServer();
  await speak('sv');
  history.replaceState(null, '', '/desk/people');
  render(Desk, { props: { api: server.api, nav: new Nav() } });
});
afterEach(cleanup);

const row = async (name: string) => (await screen.findByRole('rowheader', { name })).closest('tr') as HTMLElement;

describe('people and phones', () => {
  it('say who is silent and what is not sent', async () => {
    const said = within(await row('Noor Berg'));
    expect(said.getByText('Tyst i 9 dygn')).toBeTruthy();
    expect(said.getByText('3 poster är inte skickade, den äldsta sedan 10 dygn.')).toBeTruthy();
    expect(said.getByText(/lovar inte att behålla/)).toBeTruthy();
  });

  it('say which phone was signed out of, and when', async () => {
    expect(await screen.findByText(/^Utloggad/)).toBeTruthy();
    expect(within(await row('Noor Berg')).queryByText(/^Utloggad/)).toBeNull();
  });

  it('are shut out at once, with a way back', async () => {
    await fireEvent.click(within(await row('Noor Berg')).getByRole('button', { name: 'Stäng av Noor Berg' }));
    await fireEvent.click(await screen.findByRole('button', { name: 'Ångra' }));
    expect(await screen.findAllByText(/Noor Berg kan komma in igen/)).toBeTruthy();
    expect(server.asked).toContain(`POST people/${id(911)}/revoke`);
    expect(server.asked).toContain(`POST people/${id(911)}/restore`);
  });

  it('keep the last coordinator, and say why', async () => {
    server.refused[`people/${ME.account}/revoke`] = [409, 'last-coordinator'];
    await fireEvent.click(await screen.findByRole('button', { name: 'Stäng av Kim Exempel' }));
    expect(await screen.findByText('Bjud in en till först.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Ångra' })).toBeNull();
  });

  it('are changed in their row, and the focus comes back', async () => {
    const button = within(await row('Noor Berg')).getByRole('button', { name: 'Ändra Noor Berg' });
    await fireEvent.click(button);
    await fireEvent.click(screen.getByRole('button', { name: 'Spara' }));
    expect(await screen.findAllByText('Ändringen av Noor Berg är sparad.')).toBeTruthy();
    expect(server.asked).toContain(`PATCH people/${id(911)}`);
    await waitFor(() => expect(document.activeElement).toBe(button));
  });

  it('are invited by a link, a picture and a code, with a word about https', async () => {
    await fireEvent.click(await screen.findByRole('button', { name: 'Gör en länk' }));
    expect(await screen.findByRole('img', { name: 'QR-kod med länken' })).toBeTruthy();
    expect(screen.getByText('ABCDE-FGHJK')).toBeTruthy();
    expect(screen.getByText('adb reverse tcp:8080 tcp:8080')).toBeTruthy();
  });
});
