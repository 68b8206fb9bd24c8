/**
 * Finding the way without loading the page anew: links inside the desk are taken here, and the browser's back and forward work.
 *
 * A move to another path puts the focus on the new page's title and begins at its top. A change of what the same page shows
 * (a filter, a year) leaves focus and scroll where they are.
 */
import { flushSync } from 'svelte';
import { read, type Route } from './route';

const here = (): string => location.pathname + location.search;

export class Nav {
  /** Path and query, as in the address bar. */
  address = $state(here());
  path = $derived(this.address.split('?')[0] ?? '');
  route: Route = $derived(read(this.address));
  /** False until the first move inside the desk: the first page takes no focus. */
  moved = false;

  /** Starts taking links; gives the way to stop. */
  start(): () => void {
    const turned = () => this.#show();
    document.addEventListener('click', this.#clicked);
    addEventListener('popstate', turned);
    return () => {
      document.removeEventListener('click', this.#clicked);
      removeEventListener('popstate', turned);
    };
  }

  /** Goes to an address of the desk. */
  go(address: string): void {
    const before = this.path;
    history.pushState(null, '', address);
    this.#show();
    if (this.path !== before) scrollTo(0, 0);
  }

  /** Takes what follows the # out of the address at once and gives it: a code must not stay where it is seen or shared. */
  takeFragment(): string {
    const { hash } = location;
    if (hash) history.replaceState(history.state, '', here());
    return hash;
  }

  #show(): void {
    this.moved = true;
    // The page is drawn before the browser puts its scroll back, or there is nothing to scroll to.
    flushSync(() => (this.address = here()));
  }

  #clicked = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || !link.pathname.startsWith('/desk/') || link.hash) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

/** The code in a link's fragment, `#k=…`, or null. */
export const codeIn = (hash: string): string | null => /^#k=([\w-]{1,64})$/.exec(hash)?.[1] ?? null;
