import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../text/catalogue';
import { readCode } from './code';
import Desk from './Desk.svelte';
import { FakeServer } from './fakeserver';
import { codeIn, Nav } from './nav.svelte';

let server: FakeServer;
beforeEach(async () => {
  server = new FakeServer();
  server.signedIn = false;
  await speak('sv');
});
afterEach(cleanup);

/** Opens a link as main.ts does. */
function open(address: string): void {
  history.replaceState(null, '', address);
  const nav = new Nav();
  const code = codeIn(nav.takeFragment());
  render(Desk, { props: { api: server.api, nav, code } });
}
const inside = () => screen.findByRole('heading', { level: 1, name: 'Medborgarlöfte Munkfors 2026–2027' });
const outside = () => screen.findByRole('heading', { level: 1, name: 'Logga in på skrivbordet' });

describe('signing in', () => {
  it('takes the code from the link and leaves nothing of it in the address', async () => {
    open('/desk/#k=abc123');
    expect(location.href).not.toContain('abc123');
    await inside();
    expect(server.asked[0]).toBe('POST desk/session');
  });

  it('keeps the page that the link led to', async () => {
    open('/desk/promise?x=1#k=abc123');
    expect(location.pathname + location.search + location.hash).toBe('/desk/promise?x=1');
    expect(await screen.findByText('Vad som är lovat')).toBeTruthy();
  });

  it('says how one gets a link when there is neither code nor session', async () => {
    open('/desk/');
    await outside();
    expect(await screen.findByText('Be den som sköter er server om en länk till skrivbordet.')).toBeTruthy();
    expect(server.count('POST')).toBe(0);
  });

  it.each([
    [410, 'code-used', 'Länken är redan använd.'],
    [410, 'code-old', 'Länken gäller inte längre.'],
    [404, 'code-unknown', 'Koden finns inte.'],
    [429, 'code-attempts', 'Det blev många försök på kort tid.'],
    [403, 'desk-role', 'Koden är till en telefon och är inte förbrukad.'],
    [403, 'plain-http', 'Något hände.'],
    [500, 'internal', 'Något hände.'],
  ])('says in words what %i %s means', async (status, code, words) => {
    server.refused.abc = [status, code];
    open('/desk/#k=abc');
    expect(await screen.findByText(new RegExp(words))).toBeTruthy();
    expect(location.hash).toBe('');
  });

  it('lets the same code be tried again when the network is back', async () => {
    server.offline = true;
    open('/desk/#k=abc');
    const again = await screen.findByRole('button', { name: 'Försök igen' });
    server.offline = false;
    again.click();
    await inside();
  });

  it('stays signed in when a used link is opened once more, and says so', async () => {
    server.signedIn = true;
    server.refused.abc = [410, 'code-used'];
    open('/desk/#k=abc');
    await inside();
    expect(await screen.findByText(/Du är redan inloggad, som Kim Exempel i Munkfors\./)).toBeTruthy();
  });

  it('takes a typed code, and says what is not a code before it is sent', async () => {
    open('/desk/');
    await outside();
    const box = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Kod' });
    const type = (text: string) => {
      box.value = text;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      screen.getByRole('button', { name: 'Logga in' }).click();
    };
    type('abcde-fgh');
    expect(await screen.findByText('Koden har tio tecken. 2 fattas.')).toBeTruthy();
    expect(document.activeElement).toBe(box);
    expect(server.count('POST')).toBe(0);
    type('abcde-fghjk');
    await inside();
  });

  it('signs out and keeps nothing', async () => {
    open('/desk/#k=abc');
    await inside();
    screen.getByRole('button', { name: 'Logga ut' }).click();
    await outside();
    expect(await screen.findByText('Du är utloggad.')).toBeTruthy();
    expect(server.asked).toContain('DELETE desk/session');
    await waitFor(() => expect(screen.queryByText('Medborgarlöfte Munkfors 2026–2027')).toBeNull());
  });
});

describe('a typed code', () => {
  it('is read as it was meant', () => {
    expect(readCode(' o1abc-defgh ')).toEqual({ code: '01ABCDEFGH' });
    expect(readCode('https://example.se/desk/#k=0123456789abcdefghjkmnpqrs')).toEqual({
      code: '0123456789ABCDEFGHJKMNPQRS',
    });
  });

  it('is told apart from what is none', () => {
    expect(readCode('')).toEqual({ problem: 'Skriv koden som du har fått.' });
    expect(readCode('ABCDEFGHJU')).toEqual({ problem: 'Tecknet U finns inte i koden. Titta efter igen.' });
    expect(readCode('ABCDEFGHJKM')).toEqual({ problem: 'Koden har tio tecken. Här är det fler.' });
  });
});
