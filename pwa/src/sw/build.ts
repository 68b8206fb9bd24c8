/** What the build knows and the worker needs; vite.config.ts puts the values in. */
export interface PrecacheFile {
  /** Path on our own origin, as the app asks for it. */
  readonly url: string;
  /** The first 16 hex digits of the SHA-256 of its bytes. */
  readonly hash: string;
}

declare const __PRECACHE__: readonly PrecacheFile[];
declare const __APP_VERSION__: string;

/** Every file the field app needs to start without a network. */
export const PRECACHE: readonly PrecacheFile[] = __PRECACHE__;

/** Changes when any of them does, and only then. */
export const APP_VERSION: string = __APP_VERSION__;
