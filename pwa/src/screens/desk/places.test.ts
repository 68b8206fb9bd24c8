import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode, type Event } from '../../domain/event';
import { speak } from '../../text/catalogue';
import Desk from './Desk.svelte';
import { FakeServer } from './fakeserver';
import { Nav } from './nav.svelte';
import { readPosition } from './places';
import { id } from './testkit';

let server: FakeServer;
beforeEach(async () => {
  server = new FakeServer();
  await speak('sv');
  history.replaceState(null, '', '/desk/places');
});
afterEach(cleanup);

const open = () => render(Desk, { props: { api: server.api, nav: new Nav() } });
/** What was sent with the latest push. */
const sent = () => (server.written.at(-1)?.events ?? []).map((item) => decode(item.ev) as Event);
const proposal = async () =>
  within((await screen.findByRole('heading', { name: 'Bron' })).closest('li') as HTMLElement);
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
const undo = async () => fireEvent.click(await screen.findByRole('button', { name: 'Ångra' }));

describe('a proposed place', () => {
  it('says where it is, who proposes it and what was done there', async () => {
    open();
    const said = await proposal();
    expect(said.getByText(/Gångtunnel · 100 m från Torget · Polisen, i fält/)).toBeTruthy();
    expect(said.getByRole('link', { name: '2 gjorda där' }).getAttribute('href')).toBe(
      `/desk/entries?place=${id(711)}`,
    );
  });

  it('is taken up last in the order, and let in after that', async () => {
    open();
    await proposal();
    await press('Ta upp i listan Bron');
    await screen.findAllByText(/Bron finns i listan/);
    expect(sent()).toMatchObject([
      { e: id(711), set: { order: 3 }, base: {} },
      { new: { t: 'decisions' }, set: { [`verdict:${id(711)}`]: 'release' } },
    ]);
  });

  it('is taken up under another name, which replaces the proposed one', async () => {
    server.places = { ...server.places, decisions: id(720) };
    open();
    await proposal();
    await press('Ta upp under annat namn Bron');
    const said = await proposal();
    await fireEvent.input(said.getByRole('textbox', { name: 'Namn' }), { target: { value: ' Gångbron ' } });
    await fireEvent.click(said.getByRole('button', { name: 'Ta upp i listan' }));
    await screen.findAllByText(/Gångbron finns i listan/);
    const [named, verdict] = sent();
    expect(named).toMatchObject({ set: { order: 3, name: 'Gångbron' }, base: { name: [id(711)] } });
    expect(verdict).toMatchObject({ e: id(720), set: { [`verdict:${id(711)}`]: 'release' } });
    expect(verdict?.new).toBeUndefined();
  });

  it('turns out to be another, the nearest unless one is chosen', async () => {
    open();
    await proposal();
    await press('Är en annan, eller avböj Bron');
    await press('Är samma');
    await screen.findAllByText('Bron räknas som Torget.');
    expect(sent()[0]).toMatchObject({ e: id(711), set: { same_as: id(701) } });
  });

  it('is declined with a sentence, never without', async () => {
    open();
    await proposal();
    await press('Är en annan, eller avböj Bron');
    await press('Avböj');
    expect(await screen.findByText('Skriv en mening.')).toBeTruthy();
    expect(server.written).toHaveLength(0);
    const said = await proposal();
    await fireEvent.input(said.getByRole('textbox', { name: /En mening/ }), { target: { value: 'Välj Torget.' } });
    await press('Avböj');
    await screen.findAllByText(/Telefonen får din mening/);
    expect(sent()[0]).toMatchObject({ set: { retracted: 'Välj Torget.' } });
  });

  it('waits again when the answer is undone, and a later answer holds alone', async () => {
    open();
    await proposal();
    await press('Är en annan, eller avböj Bron');
    await press('Är samma');
    await screen.findAllByText('Bron räknas som Torget.');
    const [same, verdict] = sent();
    await undo();
    await screen.findAllByText('Ångrat. Det är som förut.');
    expect(sent()).toMatchObject([
      { e: id(711), set: { same_as: null }, base: { same_as: [same?.id] } },
      { e: verdict?.e, set: { [`verdict:${id(711)}`]: null }, base: { [`verdict:${id(711)}`]: [verdict?.id] } },
    ]);
    const [undone] = sent();
    await press('Ta upp i listan Bron');
    await screen.findAllByText(/Bron finns i listan/);
    expect(sent()[0]).toMatchObject({ set: { same_as: null, order: 3 }, base: { same_as: [undone?.id] } });
  });
});

describe('the town’s list', () => {
  it('is put in another order by a button, and the focus stays with the place', async () => {
    open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Flytta ner Torget' }));
    await screen.findAllByText('Torget står som nummer 2.');
    expect(sent().map(({ e, set }) => [e, set])).toEqual([
      [id(702), { order: 0 }],
      [id(701), { order: 1 }],
    ]);
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Flytta ner Torget'));
  });

  it('is not moved past its ends', async () => {
    open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Flytta upp Torget' }));
    expect(server.written).toHaveLength(0);
  });

  it('is changed in its row, and only what was changed is written', async () => {
    open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Ändra Parken' }));
    const names = screen.getAllByRole('textbox', { name: 'Namn' });
    await fireEvent.input(names[0] as HTMLElement, { target: { value: 'Stadsparken' } });
    await press('Spara');
    await screen.findAllByText('Ändringen av Stadsparken är sparad.');
    expect(sent()).toMatchObject([{ e: id(702), set: { name: 'Stadsparken' }, base: { name: [id(702)] } }]);
  });

  it('takes a position as maps give it, and says what it cannot read', async () => {
    open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Ändra Skolan' }));
    const [position] = screen.getAllByRole('textbox', { name: /Position/ });
    await fireEvent.input(position as HTMLElement, { target: { value: 'vid sjön' } });
    await press('Spara');
    expect(await screen.findByText(/Skriv två tal/)).toBeTruthy();
    await fireEvent.input(position as HTMLElement, { target: { value: '59,8411 13,5492' } });
    await press('Spara');
    await screen.findAllByText('Ändringen av Skolan är sparad.');
    expect(sent()).toMatchObject([{ set: { lat: 5_984_110, lon: 1_354_920 } }]);
  });

  it('gets a new place at its end', async () => {
    open();
    await screen.findByRole('heading', { name: 'Lägg till en plats' });
    await fireEvent.input(screen.getByRole('textbox', { name: 'Namn' }), { target: { value: 'Bryggan' } });
    await press('Lägg till en plats');
    await screen.findAllByText(/Bryggan finns i listan/);
    expect(sent()).toMatchObject([{ new: { t: 'place' }, set: { name: 'Bryggan', order: 3 } }]);
  });

  it('loses a place with a reason, and gets it back', async () => {
    open();
    await fireEvent.click(await screen.findByRole('button', { name: 'Ta ur listan Parken' }));
    await fireEvent.input(screen.getByRole('textbox', { name: /Varför/ }), { target: { value: 'Byggs om.' } });
    await press('Ta ur listan');
    await screen.findAllByText('Parken visas inte längre på telefonerna.');
    const [closed] = sent();
    expect(closed).toMatchObject({ e: id(702), set: { retracted: 'Byggs om.' } });
    await undo();
    await screen.findAllByText('Ångrat. Det är som förut.');
    expect(sent()).toMatchObject([{ set: { retracted: null }, base: { retracted: [closed?.id] } }]);
    await press('Visa igen Kiosken');
    await screen.findAllByText('Kiosken finns i listan igen.');
    expect(sent()[0]).toMatchObject({ e: id(704), set: { retracted: null, order: 3 }, base: { retracted: [id(704)] } });
  });

  it('says when it is not known whether a change is saved, and sends the very same again', async () => {
    open();
    await screen.findByRole('button', { name: 'Flytta ner Torget' });
    server.offline = true;
    await press('Flytta ner Torget');
    expect(await screen.findByText(/Det är inte säkert att ändringen är sparad/)).toBeTruthy();
    server.offline = false;
    await fireEvent.click(screen.getAllByRole('button', { name: 'Försök nu' })[0] as HTMLElement);
    await screen.findAllByText('Torget står som nummer 2.');
    expect(server.written).toHaveLength(1);
    expect(sent()[0]?.n).toBe(1);
  });
});

describe('a position', () => {
  it.each([
    ['59.8387, 13.5438', { lat: 5_983_870, lon: 1_354_380 }],
    ['59,8387 13,5438', { lat: 5_983_870, lon: 1_354_380 }],
    ['-33.5, -70.6', { lat: -3_350_000, lon: -7_060_000 }],
    ['  ', null],
    ['59.8387', undefined],
    ['95, 13', undefined],
    ['torget', undefined],
  ])('%j is read', (text, want) => expect(readPosition(text)).toEqual(want));
});
