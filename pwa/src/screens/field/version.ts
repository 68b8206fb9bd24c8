/** Which build this is, by the name that its own file got from its content. `dev` while developing. */
export const version = /-([\w-]{6,})\.js$/.exec(import.meta.url)?.[1] ?? 'dev';
