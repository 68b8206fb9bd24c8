/** The screens that are fetched when they are gone to, so that the first one is here sooner. The worker has them all. */
import type { Component } from 'svelte';
import { language, speak } from '../../text';
import type { Shell } from './shell.svelte';

const who = () => import('./who');
function about(name: 'persons' | 'code' | 'out' | 'stored' | 'slip' | 'install') {
  return () => who().then((all) => ({ default: all[name] }));
}

const LATER = {
  patrol: () => import('./Patrol.svelte'),
  form: () => import('./Form.svelte'),
  mine: () => import('./Mine.svelte'),
  entry: () => import('./EntryScreen.svelte'),
  promise: () => import('./PromiseScreen.svelte'),
  unsent: () => import('./Unsent.svelte'),
  settings: () => import('./Settings.svelte'),
  enrol: () => import('./Enrol.svelte'),
  persons: about('persons'),
  code: about('code'),
  out: about('out'),
  stored: about('stored'),
  slip: about('slip'),
  install: about('install'),
};
export type Later = keyof typeof LATER;
/** What an address may say; a screen takes what concerns it. */
type Said = { kind?: string | undefined; e?: string | undefined; after?: boolean | undefined };
export type Screen = { default: Component<Said> };

const fetched = new Map<Later, Promise<Screen>>();

/** A screen, fetched once; one that could not be fetched is asked for again next time. */
export function screen(name: Later): Promise<Screen> {
  const had = fetched.get(name);
  if (had) return had;
  const asked = fetchScreen(name);
  fetched.set(name, asked);
  asked.catch(() => fetched.delete(name));
  return asked;
}

/** With its words: what a screen brings of them is in Swedish until the language is asked for again. */
async function fetchScreen(name: Later): Promise<Screen> {
  const found = (await LATER[name]()) as unknown as Screen;
  await speak(language());
  return found;
}

/** Begins to look for the moment at which home offers a place on the home screen. */
export const watchInstall = async (s: Shell): Promise<unknown> => who().then(({ watch }) => watch(s));
