/** How an exported page looks: one column that reads like print, light or dark, from a phone's width upwards. */
import { CHOSEN_COLOURS, COLOURS } from '../../display/html/style.js';

const LIGHT = '--edge: #818b98; --mark: #fff3c4; --shadow: 0 1px 2px rgb(31 35 40 / .06);';
const DARK = '--edge: #6e7681; --mark: #4a3d0a; --shadow: none;';

export const PAGE_STYLE = `${COLOURS}${CHOSEN_COLOURS}
:root, :root[data-theme='light'] { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
:root[data-theme='light'] { ${LIGHT} }
:root[data-theme='dark'] { ${DARK} }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; scroll-padding: 1rem; }
body {
  margin: 0 auto; max-width: 48rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
h1, h2 { font-family: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Palatino Linotype', Georgia, 'DejaVu Serif', serif; }
.soft { color: var(--soft); font-size: .875rem; }
.hidden, .skip:not(:focus) {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip:focus { position: absolute; left: 1rem; top: .5rem; padding: .3rem .7rem; background: var(--card); }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }

header { display: flex; align-items: flex-start; justify-content: space-between; gap: 1rem; margin-bottom: 1.4rem; }
h1 { font-size: clamp(1.5rem, 5vw, 1.95rem); line-height: 1.2; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere; }
header p { margin: .25rem 0 0; overflow-wrap: anywhere; }
#theme {
  flex: none; display: inline-flex; align-items: center; gap: .45em; min-height: 2.25rem; padding: 0 .75rem; font-size: .8125rem;
  color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 2em;
}
#theme:hover { color: var(--ink); border-color: var(--edge); }
#theme svg { width: 1em; height: 1em; }

input, select, button { font: inherit; color: inherit; }
button { cursor: pointer; }
.field { display: flex; gap: .5rem; }
.field input {
  flex: 1; min-width: 0; min-height: 3.1rem; padding: 0 1rem; font-size: 1.0625rem; background: var(--card);
  border: 1px solid var(--edge); border-radius: 10px; box-shadow: var(--shadow);
}
.field input::placeholder { color: var(--soft); opacity: 1; }
.field button {
  min-height: 3.1rem; padding: 0 1.35rem; font-weight: 600; color: var(--paper); background: var(--accent);
  border: 1px solid var(--accent); border-radius: 10px;
}
.field label { flex: 1 0 100%; }
.choices { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem .75rem; margin-top: .75rem; font-size: .875rem; }
fieldset { display: inline-flex; margin: 0; padding: 3px; border: 0; border-radius: 9px; background: var(--faint); box-shadow: inset 0 0 0 1px var(--line); }
fieldset label { position: relative; }
fieldset input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
fieldset span { display: block; padding: .28rem .8rem; border-radius: 6px; color: var(--soft); }
fieldset input:checked + span { background: var(--card); color: var(--ink); font-weight: 600; box-shadow: 0 0 0 1px var(--edge); }
fieldset input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: 1px; }
fieldset input:disabled + span { text-decoration: line-through; }
.years { display: inline-flex; gap: .6rem; }
.filter { display: inline-flex; align-items: center; gap: .4rem; color: var(--soft); }
select { min-height: 2.25rem; max-width: 9.5rem; padding: 0 .5rem; color: var(--ink); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; }
.link { padding: 0; min-height: 1.75rem; color: var(--accent); background: none; border: 0; font-size: .875rem; }
.link:hover { text-decoration: underline; text-underline-offset: .15em; }

#status { min-height: 1.6em; margin: 1.1rem 0 0; }
#loading { display: flex; align-items: center; gap: .75rem; margin: .6rem 0 0; }
progress { flex: 0 1 14rem; height: .5rem; accent-color: var(--accent); }
.notice, #problem, .file { margin: 1rem 0 0; padding: .6rem .9rem; background: var(--faint); border-left: 3px solid var(--warm); border-radius: 0 6px 6px 0; font-size: .9375rem; overflow-wrap: anywhere; }
main > .notice:not(.file) { margin: 0 0 1rem; }
#problem p { margin: 0 0 .3rem; }
.file { display: none; }
:root[data-from='file'] .file { display: block; }
:root[data-from='file'] #loading { display: none; }

#start { margin-top: 1.5rem; }
#start h2 { font: 600 .875rem/1.5 inherit; font-family: inherit; font-size: .875rem; color: var(--soft); margin: 0 0 .5rem; }
#start ul { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; padding: 0; list-style: none; }
#start button { padding: .4rem .85rem; text-align: left; background: var(--faint); border: 1px solid var(--line); border-radius: 1.2rem; font-size: .9375rem; line-height: 1.4; }
#start button:hover { border-color: var(--edge); }

#results { margin-top: .4rem; }
ol { list-style: none; margin: 0; padding: 0; }
li > article { padding: 1.15rem 0 1.1rem; border-top: 1px solid var(--line); }
article:focus { outline: none; box-shadow: -1.25rem 0 0 -1rem var(--accent); }
article h2 { font-size: 1.1875rem; line-height: 1.35; font-weight: 600; margin: 0; overflow-wrap: anywhere; text-wrap: pretty; }
article p { margin: .35rem 0 0; overflow-wrap: anywhere; }
.facts, .scores { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem 1rem; font-variant-numeric: tabular-nums; }
.facts span, .scores span { min-width: 0; }
.scores { font-size: .8125rem; }
.scores b { font-weight: 600; }
.tag { padding: 0 .6em; border: 1px solid var(--line); border-radius: 1em; }
.abstract { text-wrap: pretty; }
mark { color: inherit; background: var(--mark); border-radius: 2px; padding: 0 .1em; margin: 0 -.1em; }
#more { display: block; margin: .5rem auto 0; min-height: 2.6rem; padding: 0 1.5rem; background: var(--card); border: 1px solid var(--edge); border-radius: 9px; }
#nothing { padding: 1.5rem 0; border-top: 1px solid var(--line); }

footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
summary { cursor: pointer; padding: .3rem 0; color: var(--ink); width: fit-content; }
footer p, footer dl { margin: .3rem 0 .8rem; max-width: 42rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; }
dt { color: var(--ink); }
dd { margin: 0; }
kbd { padding: .05em .4em; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; font: .8125rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (max-width: 34rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .field button { padding: 0 1rem; }
  fieldset { flex: 1 1 100%; }
  fieldset label { flex: 1; text-align: center; }
  fieldset span { padding: .4rem; }
  .years { flex: 1 1 100%; }
  .filter { flex: 1 1 auto; }
  .filter select { flex: 1; min-width: 0; max-width: none; }
}
@media print { form, #theme, #more, .link, footer { display: none; } }
`;
