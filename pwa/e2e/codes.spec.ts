import { expect, PATROLS, test } from './house';

test('A code that is typed connects the phone, however it is typed', async ({ house }) => {
  const phone = await house.phone();
  const { short } = await house.server.invite('field');
  await phone.open();
  await phone.skipWelcome();
  const code = phone.page.getByRole('textbox', { name: 'Kod' });
  const next = phone.page.getByRole('button', { name: 'Fortsätt' });
  await code.fill(short.slice(0, 5));
  await phone.tap(next);
  await expect(phone.page.getByText('Koden har tio tecken. 5 fattas.')).toBeVisible();
  await code.fill(short.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'));
  await phone.tap(next);
  await expect(phone.page.getByRole('heading', { name: 'Den här telefonen kopplas till Munkfors' })).toBeVisible();
  await phone.tellWho('Kim Lind', 'Kommunen');
  const desk = await house.desk();
  await phone.logPatrol('Torget');
  await expect.poll(() => desk.counted(PATROLS)).toBe(1);
});

test('The code of a link is gone from the address bar at once', async ({ house }) => {
  const phone = await house.phone();
  const { key } = await house.server.invite('field');
  await phone.open(`#k=${key}`);
  await expect(phone.page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(phone.page.url()).not.toContain(key);
  await phone.page.reload();
  expect(phone.page.url()).not.toContain(key);
  expect(await phone.page.evaluate((k) => JSON.stringify(history.state ?? '').includes(k), key)).toBe(false);
});

test('The code of a desk link is gone from the address bar at once', async ({ house }) => {
  const desk = await house.desk();
  expect(desk.page.url()).not.toContain('k=');
  await desk.page.reload();
  await expect(desk.page.getByRole('heading', { level: 1 })).toContainText('Munkfors');
});

test('A used code says what to do, typed or in a link', async ({ house }) => {
  house.watch.status(410);
  const { key, short } = await house.server.invite('field');
  const first = await house.phone();
  await first.install(key);
  const second = await house.phone();
  await second.open(`#k=${key}`);
  await second.skipWelcome();
  await expect(second.page.getByText(/redan använd. Be samordnaren om en ny/)).toBeVisible();
  await second.page.getByRole('textbox', { name: 'Kod' }).fill(short);
  await second.tap(second.page.getByRole('button', { name: 'Fortsätt' }));
  await expect(second.page.getByText(/redan använd. Be samordnaren om en ny/)).toBeVisible();
});

test('An unknown code says what to do, and too many of them when to try again', async ({ house }) => {
  house.watch.status(404);
  house.watch.status(429);
  const phone = await house.phone();
  await phone.open();
  await phone.skipWelcome();
  const code = phone.page.getByRole('textbox', { name: 'Kod' });
  const next = phone.page.getByRole('button', { name: 'Fortsätt' });
  await code.fill('00000-00000');
  await phone.tap(next);
  await expect(
    phone.page.getByText('Koden känns inte igen. Titta efter igen, eller be samordnaren om en ny.'),
  ).toBeVisible();
  for (let i = 1; i < 6; i++) {
    await code.fill(`00000-0000${i}`);
    await phone.tap(next);
    await expect(next).toHaveAttribute('aria-busy', 'false');
  }
  await expect(phone.page.getByText(/Det har blivit många försök/)).toBeVisible();
});

test('A code that is tried without a network is kept until there is one', async ({ house }) => {
  const road = await house.road();
  const phone = await house.phone({}, road.origin);
  const { key } = await house.server.invite('field');
  await phone.open();
  await phone.skipWelcome();
  await expect(phone.page.getByRole('textbox', { name: 'Kod' })).toBeVisible();
  await phone.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  house.watch.badWeather();
  road.weather = 'closed';
  await phone.page.goto('about:blank');
  await phone.open(`#k=${key}`);
  await expect(phone.page.getByText(/Det behövs nät för att koppla telefonen/)).toBeVisible();
  await phone.skipWelcome();
  road.weather = 'fine';
  await phone.tap(phone.page.getByRole('button', { name: 'Fortsätt' }));
  await phone.tellWho('Kim Lind', 'Polisen');
});
