/** The addresses of the field app, after the #. An address that is none leads home. */
import type { Draft } from '../../domain/app';

export type Route =
  | { at: (typeof PLAIN)[number] | 'home' }
  | { at: 'connect'; step: number }
  | { at: 'log'; kind: string; after: boolean }
  | { at: 'edit' | 'entry'; e: string };

const PLAIN = ['patrol', 'mine', 'promise', 'unsent', 'slip', 'settings', 'persons', 'code', 'out', 'stored'] as const;

/** Reads `#/log/foot_patrol`. */
export function read(hash: string): Route {
  const [first, second = '', third] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode);
  const plain = PLAIN.find((p) => p === first);
  if (plain) return { at: plain };
  if (first === 'connect') return { at: first, step: Number(second) || 1 };
  if (first === 'log' && second) return { at: 'log', kind: second, after: third === 'after' };
  if ((first === 'edit' || first === 'entry') && second) return { at: first, e: second };
  return { at: 'home' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** Where things are. */
export const to = {
  home: '#/',
  patrol: '#/patrol',
  mine: '#/mine',
  promise: '#/promise',
  unsent: '#/unsent',
  slip: '#/slip',
  settings: '#/settings',
  persons: '#/persons',
  code: '#/code',
  out: '#/out',
  stored: '#/stored',
  connect: '#/connect',
  /** One of the three screens of connecting. */
  step: (n: number) => `#/connect/${n}`,
  log: (kind: string) => `#/log/${encodeURIComponent(kind)}`,
  after: (kind: string) => `#/log/${encodeURIComponent(kind)}/after`,
  /** Where a draft is gone on with. */
  draft: (d: Draft) => (d.run ? to.patrol : d.e === null ? to.log(d.kind) : to.edit(d.e)),
  edit: (e: string) => `#/edit/${encodeURIComponent(e)}`,
  entry: (e: string) => `#/entry/${encodeURIComponent(e)}`,
};
