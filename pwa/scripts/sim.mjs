// @ts-check
/**
 * Builds the phones of the simulator, src/sim, into one file that Node runs: node scripts/sim.mjs <folder> [overlay.json].
 */
import { build } from 'vite';
import { overlay } from './overlay.mjs';

const [folder, changed] = process.argv.slice(2);

await build({
  root: new URL('..', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  plugins: [overlay(changed)],
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
