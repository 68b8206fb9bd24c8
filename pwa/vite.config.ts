import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { fieldApp, pagesOfTheApps } from './scripts/field-app.mjs';

// Three pages, no inline script or style anywhere: the server's Content-Security-Policy allows none.
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  appType: 'mpa',
  plugins: [svelte(), pagesOfTheApps(), fieldApp()],
  build: {
    outDir: 'dist',
    emptyOutDir: false, // fieldApp empties it, and keeps .gitkeep
    assetsInlineLimit: 0, // a data: address would be stopped by the policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false, // npm run size does
    rolldownOptions: {
      input: { front: 'index.html', app: 'app/index.html', desk: 'desk/index.html' },
    },
  },
  server: {
    proxy: { '/api': 'http://localhost:8080', '/l': 'http://localhost:8080' },
  },
});
