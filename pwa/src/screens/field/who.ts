/** The screens about who is on the phone and what came from it, fetched as one: each is small, and each would need a line of its own in the first load. */
export { default as persons } from './Persons.svelte';
export { default as code } from './Code.svelte';
export { default as out } from './SignOut.svelte';
export { default as stored } from './Stored.svelte';
export { default as slip } from './Slip.svelte';
export { default as install } from './Install.svelte';
export { watch } from './install';
