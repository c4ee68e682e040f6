/**
 * Remembers what has the keyboard, and what is being typed there, before the view is built anew: a capture that is being
 * written grows every second, and nobody could finish a filter. What comes back gives it to the same control of the new
 * view, known by its kind, role and name; returns whether that has it.
 */
export function heldKeyboard(): (view: HTMLElement) => boolean {
  const held = document.activeElement;
  if (!(held instanceof HTMLElement) || held === document.body) return () => false;
  const draft = held instanceof HTMLInputElement ? held : null;
  const range = draft === null ? null : ([draft.selectionStart, draft.selectionEnd] as const);
  return (view) => {
    const same = [...view.querySelectorAll<HTMLElement>(held.localName)].find(
      (other) =>
        NAMED_BY.every((name) => other.getAttribute(name) === held.getAttribute(name)) &&
        other.getClientRects().length > 0,
    );
    if (same === undefined) return false;
    // An element must not take the keyboard from another frame, where the user has gone meanwhile.
    if (document.hasFocus()) same.focus();
    const isHeld = document.activeElement === same;
    if (draft !== null && same instanceof HTMLInputElement && same.value !== draft.value) {
      same.value = draft.value;
      same.setSelectionRange(range![0], range![1]);
      same.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    return isHeld;
  };
}

const NAMED_BY = ['role', 'id', 'aria-label'];
