/** How the search page looks: one column, light or dark as the reader's system is, from a phone's width upwards. */
import { COLOURS } from '../display/html/style.js';

export const SEARCH_STYLE = `${COLOURS}
:root { --edge: #818b98; }
@media (prefers-color-scheme: dark) { :root { --edge: #6e7681; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 50rem; padding: 1.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; margin-bottom: 1rem; }
h1 { font-size: 1.25rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
header p { margin: 0; }
.soft { color: var(--soft); font-size: .875rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; }
label { flex: 1 0 100%; font-size: .875rem; color: var(--soft); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
input, select, button {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: 6px;
  min-height: 2.75rem; padding: 0 .75rem;
}
input { flex: 1 1 18rem; min-width: 0; }
select { flex: 0 1 auto; min-width: 0; }
button { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; cursor: pointer; padding: 0 1.1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
section { margin-top: 1rem; }
ol { list-style: none; margin: 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: 1rem 0; }
h2 { font-size: 1.08rem; line-height: 1.35; font-weight: 600; margin: 0 0 .2rem; overflow-wrap: anywhere; }
li p { margin: .3rem 0 0; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-variant-numeric: tabular-nums; }
.facts span { min-width: 0; }
.tag { padding: 0 .55em; border-radius: 1em; border: 1px solid var(--line); }
details { margin-top: .3rem; overflow-wrap: anywhere; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::after { content: ' more'; color: var(--accent); font-size: .875rem; }
details[open] summary::after { content: 'less'; }
details[open] > summary { font-size: 0; }
details[open] > p { margin-top: 0; }
.problem { margin-top: 1rem; padding: .75rem 1rem; border-left: 4px solid var(--warm); background: var(--faint); overflow-wrap: anywhere; }
@media (max-width: 34rem) { select { flex: 1 1 8rem; } }
`;
