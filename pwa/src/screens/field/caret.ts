/** Where the caret stands in a form: kept with the draft, so that who comes back goes on in the middle of the word. */

type Text = HTMLTextAreaElement | HTMLInputElement;

const isText = (e: Element | null | undefined): e is Text =>
  e instanceof HTMLTextAreaElement || (e instanceof HTMLInputElement && e.type === 'text');

/** Characters before the caret of the text that is written in inside `form`; null when none is. */
export function caretIn(form: HTMLElement | undefined): number | null {
  const at = document.activeElement;
  return isText(at) && form?.contains(at) ? at.selectionEnd : null;
}

/** Puts the caret of a text after `caret` characters; anything else has none. */
export function putCaret(into: Element | undefined, caret: number | null | undefined): void {
  if (isText(into) && typeof caret === 'number') into.setSelectionRange(caret, caret);
}
