// @ts-check
/**
 * Builds the phones of the simulator, src/sim, into one file that Node runs: node scripts/sim.mjs <folder> [overlay.json].
 * The overlay, {"Replace": {real: changed}} as Go's, has files of src read from elsewhere; the tree is never touched.
 */
import { readFile } from 'node:fs/promises';
import { build } from 'vite';

const [folder, overlay] = process.argv.slice(2);
/** @type {{ Replace: Record<string, string> }} */
const { Replace } = overlay ? JSON.parse(await readFile(overlay, 'utf8')) : { Replace: {} };

await build({
  root: new URL('..', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  plugins: [
    {
      name: 'overlay',
      enforce: 'pre',
      load: (id) => (Replace[id] ? readFile(Replace[id], 'utf8') : null),
    },
  ],
  ssr: { noExternal: true },
  build: {
    ssr: 'src/sim/host.ts',
    outDir: folder ?? '.build/sim',
    emptyOutDir: true,
    minify: false,
    target: 'node20',
    rolldownOptions: { output: { codeSplitting: false, entryFileNames: 'host.mjs' } },
  },
});
