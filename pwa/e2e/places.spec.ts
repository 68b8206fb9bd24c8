import { fits, passesAxe, pressable, textSize } from './fit';
import { expect, test } from './house';
import type { Phone } from './phone';

/** The park of the example town, and some way off it. */
const PARK = { latitude: 59.8405, longitude: 13.5399, accuracy: 20 };
const rows = (phone: Phone) => phone.page.locator('li.place label');
const near = (phone: Phone) => phone.page.getByRole('button', { name: /Närmast först|Ordna efter avstånd/ });
const status = (phone: Phone) => phone.page.locator('fieldset:has(li.place) > [role=status]');

/** Puts a hand on the phone's sense of place: it answers when the test says so, or never. */
async function slowSense(phone: Phone): Promise<(at: object) => Promise<void>> {
  await phone.context.addInitScript(() => {
    const asked: PositionCallback[] = [];
    navigator.geolocation.getCurrentPosition = (found) => void asked.push(found);
    Object.assign(window, {
      answer: (coords: object) => asked.splice(0).forEach((found) => found({ coords } as GeolocationPosition)),
    });
  });
  return (at) => phone.page.evaluate((coords) => (window as never as { answer: (c: object) => void }).answer(coords), at);
}

test('Places stand nearest first when the phone may say where it is, and next time without asking', async ({
  house,
}) => {
  const phone = await house.installed();
  await phone.context.grantPermissions(['geolocation'], { origin: phone.origin });
  await phone.context.setGeolocation(PARK);
  await phone.tap(phone.after);
  await expect(rows(phone).first()).toHaveText('Torget');
  await expect(status(phone)).toContainText('Den sparas inte och skickas inte');
  await phone.tap(near(phone));
  await expect(status(phone)).toHaveText(/Ordnad efter avstånd|Positionen är hämtad/);
  if ((await near(phone).innerText()) === 'Ordna efter avstånd') await phone.tap(near(phone));
  await expect(rows(phone)).toHaveText([/Parken nära dig/, /Torget 300 m/, /Skolgården 500 m/, /Busstationen/, /Bad.* 1,7 km/]);
  await phone.tap(phone.place('Torget'));
  await phone.tap(phone.save);

  await phone.tap(phone.after);
  await expect(rows(phone).first()).toHaveText(/Parken nära dig/);
  await expect(phone.page.getByRole('radio', { name: /Torget/ })).toBeChecked();
});
