/** Runs before anything is drawn, so that a page in the dark does not flash: the theme that its reader chose. */
const THEME = 'llm-embedding-theme';
const root = document.documentElement;
try {
  const chosen = localStorage.getItem(THEME);
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;
} catch {
  // a browser that keeps nothing: the system's theme
}
// from a file, browsers load no modules: the page says what to do
if (location.protocol === 'file:') root.dataset.from = 'file';
