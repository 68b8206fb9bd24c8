/// <reference lib="webworker" />
import { APP_VERSION, PRECACHE } from './build.ts';

declare const self: ServiceWorkerGlobalScope;

const CACHE = `app-${APP_VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PRECACHE.map((file) => file.url))));
});
