import type { Page } from '@playwright/test';
import { expect, test } from './house';

/** Tab until the wanted thing has the focus, as someone without a pointer does. */
async function tabTo(page: Page, is: (el: Element) => boolean): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`(${is.toString()})(document.activeElement)`)) {
      const ring = await page.evaluate(() => {
        const seen = [
          document.activeElement,
          document.activeElement?.nextElementSibling,
          document.activeElement?.parentElement,
        ];
        return seen.some(
          (e) => e && (getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none'),
        );
      });
      expect(ring, 'the focus is seen').toBe(true);
      return;
    }
  }
  throw new Error('Tab does not lead there');
}

test('A patrol is logged from home without a pointer', async ({ house }) => {
  const phone = await house.installed();
  const { page } = phone;
  const { keyboard } = page;
  await page.reload();
  await expect(phone.start).toBeVisible();
  await tabTo(page, (el) => el.matches('.dock .split a.btn-2'));
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Fotpatrull' })).toBeFocused();
  await tabTo(page, (el) => el.matches('li.place input'));
  await keyboard.press('Space');
  await keyboard.press('ArrowDown');
  await tabTo(page, (el) => el.matches('.dock button.btn-1'));
  await keyboard.press('Enter');
  await expect(phone.latest).toHaveCount(1);
  await expect(phone.latest.first()).toContainText('Busstationen');
  await expect(page.locator('[role=status]').filter({ hasText: 'Sparad på telefonen.' })).toHaveCount(1);
});

test('A form that cannot be saved leads to what is missing', async ({ house }) => {
  const phone = await house.installed();
  await phone.tap(phone.after);
  await phone.tap(phone.save);
  await expect(phone.page.getByText('Välj en plats.')).toBeVisible();
  await expect(phone.page.locator('li.place input').first()).toBeFocused();
});
