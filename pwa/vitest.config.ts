import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { overlay } from './scripts/overlay.mjs';

// Two kinds of tests. What has no document runs in Node, which starts faster and notices when the
// lower layers reach for one; screens and parts run in happy-dom.
const DRAWN = ['src/screens/**/*.test.ts', 'src/parts/**/*.test.ts'];

export default defineConfig({
  test: {
    allowOnly: false,
    maxWorkers: '100%', // else all but one, which is one on a build server
    projects: [
      {
        plugins: [overlay(process.env.LOFTESLOGG_OVERLAY)], // of make mutants
        test: {
          name: 'logic',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: DRAWN,
          setupFiles: ['vitest.setup.ts'],
        },
      },
      {
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'drawn',
          environment: 'happy-dom',
          include: DRAWN,
          setupFiles: ['vitest.setup.ts'],
        },
      },
    ],
  },
});
