/** The screens that are fetched when they are gone to, so that the first one is here sooner. The worker has them all. */
import type { Component } from 'svelte';

const LATER = {
  form: () => import('./Form.svelte'),
  mine: () => import('./Mine.svelte'),
  entry: () => import('./EntryScreen.svelte'),
  promise: () => import('./PromiseScreen.svelte'),
  unsent: () => import('./Unsent.svelte'),
  settings: () => import('./Settings.svelte'),
  enrol: () => import('./Enrol.svelte'),
};
export type Later = keyof typeof LATER;
export type Screen = { default: Component<Record<string, unknown>> };

const fetched = new Map<Later, Promise<Screen>>();

/** A screen, fetched once; one that could not be fetched is asked for again next time. */
export function screen(name: Later): Promise<Screen> {
  const had = fetched.get(name);
  if (had) return had;
  const asked = LATER[name]() as unknown as Promise<Screen>;
  fetched.set(name, asked);
  asked.catch(() => fetched.delete(name));
  return asked;
}
