/** How the app comes to the home screen, and when that is offered. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { t } from '../../text';
import { held, type Offer } from './held';
import { ask, way } from './install';
import { start } from './start';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15';
const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36';

/** Has the page be on such a device. */
function on(userAgent: string, more: { platform?: string; maxTouchPoints?: number; standalone?: boolean } = {}): void {
  vi.stubGlobal('navigator', { userAgent, platform: '', maxTouchPoints: 5, ...more });
}
const shownAs = (mode: string) =>
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === `(display-mode: ${mode})` }));

afterEach(() => {
  vi.unstubAllGlobals();
  held.offer = null;
});

describe('the way to the home screen', () => {
  test.each([
    ['an iPhone in a tab is told how', IPHONE, {}, 'ios'],
    ['an iPad that says it is a Mac is told how', MAC, { platform: 'MacIntel', maxTouchPoints: 5 }, 'ios'],
    ['a Mac is told of a menu', MAC, { platform: 'MacIntel', maxTouchPoints: 0 }, 'menu'],
    ['an Android that has not offered is told of a menu', ANDROID, {}, 'menu'],
    ['an iPhone that has it there is told nothing', IPHONE, { standalone: true }, 'there'],
  ] as const)('%s', (_, userAgent, more, wanted) => {
    shownAs('browser');
    on(userAgent, more);
    expect(way()).toBe(wanted);
  });

  test('what was opened from there is told nothing', () => {
    shownAs('standalone');
    on(ANDROID);
    expect(way()).toBe('there');
  });

  test('a browser that offers it is asked, once', async () => {
    shownAs('browser');
    on(ANDROID);
    const prompt = vi.fn(async () => Promise.resolve({ outcome: 'accepted' as const }));
    held.offer = { prompt } as unknown as Offer;
    expect(way()).toBe('ask');
    await ask();
    await ask();
    expect([prompt.mock.calls.length, way()]).toEqual([1, 'menu']);
  });
});

test('a phone that lets nothing be kept is told so, in place of an app that would lose what it is given', async () => {
  document.body.innerHTML = '<div id="root"></div>';
  await start(Promise.reject(new DOMException('no', 'SecurityError')), null);
  expect(document.getElementById('root')?.textContent).toBe(t('nav.noStorage'));
});
