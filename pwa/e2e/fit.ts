/** What can be measured of whether a screen can be used: by axe, by a ruler, and by the finger. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No violation of WCAG 2.2 AA that a machine can see. */
export async function passesAxe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(
    (v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).join(' | ')}`,
  );
  expect.soft(told, where).toEqual([]);
}

/** Nothing leads past the right edge, and the primary button is whole. */
export async function fits(page: Page, where: string): Promise<void> {
  const wrong = await page.evaluate(() => {
    const found: string[] = [];
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) {
      const wide = [...document.querySelectorAll('body *')].filter(
        (e) => e.getBoundingClientRect().right > page.clientWidth + 1,
      );
      found.push(
        `scrolls sideways: ${wide
          .slice(0, 3)
          .map((e) => `${e.tagName}.${e.className}`)
          .join(', ')}`,
      );
    }
    for (const b of document.querySelectorAll<HTMLElement>('.btn-1')) {
      b.scrollIntoView({ block: 'nearest' });
      const r = b.getBoundingClientRect();
      const clipped = b.scrollWidth > b.clientWidth + 1 || b.scrollHeight > b.clientHeight + 1;
      if (clipped) found.push(`clipped inside: ${b.innerText}`);
      if (r.left < 0 || r.right > page.clientWidth + 0.5 || r.top < 0 || r.bottom > innerHeight + 0.5)
        found.push(`not whole on the screen: ${b.innerText}`);
    }
    return found;
  });
  expect.soft(wrong, where).toEqual([]);
}

/** Everything that a finger may press is at least 48 px each way; a hidden input is as large as its label. */
export async function pressable(page: Page, where: string): Promise<void> {
  const small = await page.evaluate(() => {
    const LEAST = 48 - 0.5;
    const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, select, summary')];
    return all.flatMap((e) => {
      if (!e.checkVisibility()) return [];
      const label =
        e instanceof HTMLInputElement && (e.type === 'radio' || e.type === 'checkbox') ? e.labels?.[0] : null;
      const r = (label ?? e).getBoundingClientRect();
      if (r.width === 0 || (r.width >= LEAST && r.height >= LEAST)) return [];
      return [
        `${e.tagName} "${(label ?? e).innerText || e.getAttribute('aria-label')}" ${Math.round(r.width)}×${Math.round(r.height)}`,
      ];
    });
  });
  expect.soft(small, where).toEqual([]);
}

/** The reader's own text size, as the browser's settings have it. */
export async function textSize(page: Page, percent: number): Promise<void> {
  await page.evaluate((p) => (document.documentElement.style.fontSize = p === 100 ? '' : `${p}%`), percent);
}
