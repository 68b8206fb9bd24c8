/**
 * Starts the field app in a page: theme and language before the first paint, the code of a link out of the address bar,
 * then the screens. What was being written when the app was closed is opened again, and a patrol that runs.
 */
import { mount } from 'svelte';
import type { FieldApp } from '../../domain/app';
import { adopt, startLanguage, t } from '../../text';
import { inLink } from './code';
import Field from './Field.svelte';
import { to } from './route';
import { Shell } from './shell.svelte';
import { dress } from './theme';

/** Takes the code of a link out of the address bar and gives it; null when there is none. */
export function takeCode(): string | null {
  const code = inLink(location.hash);
  if (code !== null) history.replaceState(history.state, '', to.connect);
  return code;
}

/** Draws the app when it is open; when the phone lets nothing be kept, says so. */
export async function start(opening: Promise<FieldApp>, code: string | null): Promise<void> {
  const target = document.getElementById('root');
  if (!target) throw new Error('app/index.html has no #root');
  dress();
  const [app] = await Promise.all([opening.catch(() => null), startLanguage()]);
  if (!app) {
    target.textContent = t('nav.noStorage');
    return;
  }
  if (adopt(app.choices(), (what, value) => app.keepChoice(what, value))) {
    dress();
    await startLanguage();
  }
  const shell = new Shell(app, code);
  if (shell.route.at === 'entry' || shell.route.at === 'edit') await app.whole().catch(() => undefined);
  shell.start();
  await shell.resume();
  mount(Field, { target, props: { shell } });
  requestAnimationFrame(() => setTimeout(() => void app.whole().catch(() => undefined))); // once home is seen; else whoever needs it asks again
}
