// @ts-check
import { readFileSync } from 'node:fs';

/**
 * Has files of src read from elsewhere, so that a rule can be left out and the tree is never touched. `file` is
 * {"Replace": {real: changed}}, as of Go's -overlay; without one nothing is replaced.
 *
 * @param {string | undefined} file
 * @returns {import('vite').Plugin}
 */
export function overlay(file) {
  /** @type {{ Replace: Record<string, string> }} */
  const { Replace } = file ? JSON.parse(readFileSync(file, 'utf8')) : { Replace: {} };
  return {
    name: 'overlay',
    enforce: 'pre',
    load: (id) => (Replace[id] ? readFileSync(Replace[id], 'utf8') : null),
  };
}
