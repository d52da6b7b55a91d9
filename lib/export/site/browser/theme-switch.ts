/** The switch of themes: as the system has it, light, dark. */
import { byId } from './dom.js';

const THEME = 'llm-embedding-theme';
const NAMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof NAMES)[number];

export function openThemeSwitch(): void {
  const button = byId<HTMLButtonElement>('theme');
  const name = byId('theme-name');
  const root = document.documentElement;
  const current = (): Theme => (root.dataset.theme as Theme | undefined) ?? 'system';
  const show = (): void => {
    name.textContent = current();
    button.title = `Theme: ${current()}`;
  };
  button.addEventListener('click', () => {
    const next = NAMES[(NAMES.indexOf(current()) + 1) % NAMES.length] as Theme;
    if (next === 'system') delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem(THEME);
      else localStorage.setItem(THEME, next);
    } catch {
      // it holds until the page is closed
    }
    show();
  });
  show();
}
