/**
 * Starts the field app in a page: theme and language before the first paint, the code of a link out of the address bar,
 * then the screens. A draft that was being written when the app was closed is opened again.
 */
import { mount } from 'svelte';
import type { FieldApp } from '../../domain/app';
import { startLanguage } from '../../text';
import { inLink } from './code';
import Field from './Field.svelte';
import { to } from './route';
import { Shell } from './shell.svelte';
import { dress } from './theme';

const STILL_WRITING_MS = 30 * 60_000;

/** Takes the code of a link out of the address bar and gives it; null when there is none. */
export function takeCode(): string | null {
  const code = inLink(location.hash);
  if (code !== null) history.replaceState(history.state, '', to.connect);
  return code;
}

export async function start(app: FieldApp, code: string | null): Promise<void> {
  const target = document.getElementById('root');
  if (!target) throw new Error('app/index.html has no #root');
  dress();
  const [kept] = await Promise.all([app.drafts().catch(() => []), startLanguage()]);
  const shell = new Shell(app, code);
  const open = kept.sort((a, b) => b.at - a.at).find((d) => shell.now - d.at < STILL_WRITING_MS);
  shell.start();
  if (open && shell.route.at === 'home') shell.leave(open.e === null ? to.log(open.kind) : to.edit(open.e));
  mount(Field, { target, props: { shell } });
}
