import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type InlineConfig, type UserConfig } from 'vite';
import { fieldApp, pagesOfTheApps } from './scripts/field-app.mjs';

const root = import.meta.dirname;

// Three pages, no inline script or style anywhere: the server's Content-Security-Policy allows none.
const pages = (input: Record<string, string>): UserConfig => ({
  root,
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: false, // fieldApp empties it, and keeps .gitkeep
    assetsInlineLimit: 0, // a data: address would be stopped by the policy
    // What a chunk needs comes with the worker's store: to name it ahead, link by link, held a slow phone up for half a second.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, needs, { hostType }) => (hostType === 'js' ? [] : needs),
    },
    reportCompressedSize: false, // npm run size does
    rolldownOptions: { input },
  },
});

// Each is built apart: in one build the phone would load what only the desk uses of the code they share, and a style
// sheet that two pages share would come after those that mean to change it.
const apart = (input: Record<string, string>): InlineConfig => ({
  ...pages(input),
  configFile: false,
  plugins: [svelte()],
});
const others = [apart({ front: 'index.html' }), apart({ desk: 'desk/index.html' })];

export default defineConfig({
  ...pages({ app: 'app/index.html' }),
  appType: 'mpa',
  plugins: [svelte(), pagesOfTheApps(), fieldApp(others)],
  server: {
    proxy: { '/api': 'http://localhost:8080', '/l': 'http://localhost:8080' },
  },
});
