/** What can be measured of whether a screen can be used: by axe, by a ruler, and by the finger. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Rules about what only colours decide. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** No violation of WCAG 2.2 AA that a machine can see; with `colours`, of those that another theme can bring. */
export async function passesAxe(page: Page, where: string, only?: 'colours'): Promise<void> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (only ? axe.withRules(OF_COLOUR) : axe.withTags(TAGS)).analyze();
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
      const [top, bottom] = [-1, innerHeight + 1]; // a page scrolls by whole pixels, and a button may stand between two
      if (r.left < 0 || r.right > page.clientWidth + 0.5 || r.top < top || r.bottom > bottom)
        found.push(`not whole on the screen: ${b.innerText}`);
    }
    return found;
  });
  expect.soft(wrong, where).toEqual([]);
}

/**
 * Everything that a finger may press is at least 48 px each way: as drawn, or as it can be hit around its middle. A hidden
 * input is as large as its label. What lies behind an open sheet cannot be pressed.
 */
export async function pressable(page: Page, where: string): Promise<void> {
  const small = await page.evaluate(() => {
    const LEAST = 48 - 0.5;
    const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, select, summary')];
    return all.flatMap((e) => {
      const sheet = document.querySelector('dialog:modal');
      if (!e.checkVisibility() || (sheet && !sheet.contains(e))) return [];
      const label =
        e instanceof HTMLInputElement && (e.type === 'radio' || e.type === 'checkbox') ? e.labels?.[0] : null;
      const drawn = label ?? e;
      if (drawn.getBoundingClientRect().width === 0) return [];
      drawn.scrollIntoView({ block: 'center' });
      const r = drawn.getBoundingClientRect();
      const hit = (x: number, y: number) => {
        const there = document.elementFromPoint(r.x + r.width / 2 + x, r.y + r.height / 2 + y);
        return there !== null && (e.contains(there) || label?.contains(there) === true);
      };
      const half = LEAST / 2;
      const wide = r.width >= LEAST || (hit(-half, 0) && hit(half, 0));
      const high = r.height >= LEAST || (hit(0, -half) && hit(0, half));
      if (wide && high) return [];
      return [
        `${e.tagName} "${drawn.innerText || e.getAttribute('aria-label')}" ${Math.round(r.width)}×${Math.round(r.height)}`,
      ];
    });
  });
  expect.soft(small, where).toEqual([]);
}

/** The reader's own text size, as the browser's settings have it: what is measured in em follows, breakpoints too. */
export async function textSize(page: Page, percent: number): Promise<void> {
  const settings = await page.context().newCDPSession(page);
  await settings.send('Page.setFontSizes', {
    fontSizes: { standard: (16 * percent) / 100, fixed: (13 * percent) / 100 },
  });
  await settings.detach();
}

type Text = string | { one: string; other: string };
type Catalogue = Record<string, Text>;

/** Sentences of the one language, without anything to fill in, that are others in the other. */
export function sentences(of: Catalogue, other: Catalogue): string[] {
  const forms = (t: Text | undefined): string[] =>
    t === undefined ? [] : typeof t === 'string' ? [t] : [t.one, t.other];
  return Object.keys(of).flatMap((key) =>
    forms(of[key]).filter((t, i) => t !== forms(other[key])[i] && !t.includes('{')),
  );
}

/** No line of the screen is one of these sentences. The name of the other language may stand on the way to it. */
export async function speaksNoneOf(page: Page, others: string[], where: string): Promise<void> {
  const lines = (await page.locator('body').innerText()).split('\n').map((line) => line.trim());
  const said = lines.filter((line) => others.includes(line) && line !== 'Svenska' && line !== 'English');
  expect.soft(said, where).toEqual([]);
}
