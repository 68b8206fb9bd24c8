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
    modulePreload: { polyfill: false },
    reportCompressedSize: false, // npm run size does
    rolldownOptions: { input },
  },
});

// The desk is built apart: in one build the phone would load what only the desk uses of the code they share.
const desk: InlineConfig = {
  ...pages({ front: 'index.html', desk: 'desk/index.html' }),
  configFile: false,
  plugins: [svelte()],
};

export default defineConfig({
  ...pages({ app: 'app/index.html' }),
  appType: 'mpa',
  plugins: [svelte(), pagesOfTheApps(), fieldApp(desk)],
  server: {
    proxy: { '/api': 'http://localhost:8080', '/l': 'http://localhost:8080' },
  },
});
