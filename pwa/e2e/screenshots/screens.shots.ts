import path from 'node:path';
import { test } from '../house';
import { writePast } from '../past';
import { DESK, FIELD, livedIn } from '../screens';
import { ROOT } from '../server';

/** Looked at by people and kept by nobody. */
const INTO = path.join(ROOT, 'docs/screenshots');
const SIZES = [
  ['360', { width: 360, height: 800 }],
  ['1280', { width: 1280, height: 800 }],
] as const;

for (const lang of ['sv', 'en'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`phone ${lang} ${theme}`, async ({ house }) => {
      test.setTimeout(120_000);
      await writePast(house);
      const phone = await house.phone({ dark: theme === 'dark' });
      await livedIn(house, phone);
      if (lang === 'en') await phone.speak('English');
      for (const screen of FIELD) {
        await screen.open(phone);
        for (const [width, size] of SIZES) {
          await phone.page.setViewportSize(size);
          await phone.page.screenshot({ path: path.join(INTO, `phone-${screen.name}-${lang}-${theme}-${width}.png`) });
        }
        await phone.page.setViewportSize(SIZES[0][1]);
        await phone.page.screenshot({
          path: path.join(INTO, `phone-${screen.name}-${lang}-${theme}-whole.png`),
          fullPage: true,
        });
      }
    });

    test(`desk ${lang} ${theme}`, async ({ house }) => {
      test.setTimeout(120_000);
      await writePast(house);
      const desk = await house.desk({ dark: theme === 'dark' });
      if (lang === 'en') await desk.speak('English');
      for (const screen of DESK) {
        await screen.open(desk);
        for (const [width, size] of SIZES) {
          await desk.page.setViewportSize(size);
          await desk.page.screenshot({ path: path.join(INTO, `desk-${screen.name}-${lang}-${theme}-${width}.png`) });
        }
        await desk.page.setViewportSize(SIZES[1][1]);
        await desk.page.screenshot({
          path: path.join(INTO, `desk-${screen.name}-${lang}-${theme}-whole.png`),
          fullPage: true,
        });
      }
    });
  }
}
