/** Keys: "/" goes to the field, arrows (or j and k) from result to result, Enter opens, Escape goes back to the field. */
import { byId } from './dom.js';

export function openKeyboard(): void {
  const field = byId<HTMLInputElement>('q');
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isField = document.activeElement === field;
    const isTyping =
      document.activeElement instanceof HTMLSelectElement || document.activeElement instanceof HTMLInputElement;
    const does = isField ? inField(event.key) : isTyping ? null : elsewhere(event.key);
    if (does === null) return;
    event.preventDefault();
    does();
  });

  const toField = (): void => {
    field.focus();
    field.select();
  };

  function inField(key: string): (() => void) | null {
    if (key === 'ArrowDown' && articles().length > 0) return () => walk(1);
    return null;
  }

  function elsewhere(key: string): (() => void) | null {
    if (key === '/') return toField;
    if (current() < 0) return key === 'Escape' || key === 'j' ? (key === 'j' ? () => walk(1) : toField) : null;
    if (key === 'Escape') return toField;
    if (key === 'ArrowDown' || key === 'j') return () => walk(1);
    if (key === 'ArrowUp' || key === 'k') return () => (current() === 0 ? toField() : walk(-1));
    if (key === 'Enter' && document.activeElement?.localName === 'article') return openCurrent;
    return null;
  }
}

function articles(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('#list article')];
}

/** The place of the article that the focus is in; -1 for none. */
function current(): number {
  return articles().findIndex((article) => article.contains(document.activeElement));
}

function walk(by: number): void {
  const all = articles();
  const next = all[Math.min(all.length - 1, Math.max(0, current() + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** The paper on arXiv; one that is not there unfolds. */
function openCurrent(): void {
  articles()[current()]?.querySelector<HTMLElement>('h2 a, button')?.click();
}
