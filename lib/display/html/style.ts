const LIGHT = `--ink: #1f2328; --soft: #59636e; --paper: #ffffff; --card: #ffffff; --line: #d1d9e0; --faint: #f6f8fa;
  --accent: #0072b2; --warm: #d55e00;`;
const DARK = `--ink: #e6e6e6; --soft: #9aa4af; --paper: #0d1117; --card: #151b23; --line: #30363d; --faint: #1a212a;
  --accent: #56b4e9; --warm: #e69f00;`;

/** The colours of every page, by what they are for: light or dark as the reader's system is. */
export const COLOURS = `:root {
  color-scheme: light dark;
  ${LIGHT}
}
@media (prefers-color-scheme: dark) {
  :root {
    ${DARK}
  }
}
`;

/** The same, where a page lets its reader choose: `data-theme` of the root is "light" or "dark". */
export const CHOSEN_COLOURS = `:root[data-theme='light'] { color-scheme: light; ${LIGHT} }
:root[data-theme='dark'] { color-scheme: dark; ${DARK} }
`;

/**
 * How the report looks: one column of text, plots two abreast where there is room, tables with aligned digits, light or
 * dark as the reader's system is.
 */
export const STYLE = `
${COLOURS}* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--soft); font-size: .85rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.8rem 0 .8rem; padding-top: .3rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .5rem; }
p { max-width: 52rem; margin: .5rem 0 1rem; }
.corpus-note { margin: 0 0 .6rem; padding-left: .75rem; border-left: 3px solid var(--warm); }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .15em; }
a:hover { text-decoration-color: currentcolor; }
.lead, .note { color: var(--soft); }
.note { font-size: .875rem; }
.key {
  margin: 1.4rem 0 0; padding: 1rem 1.25rem; border-left: 4px solid var(--accent); background: var(--faint);
  border-radius: 0 6px 6px 0; font-size: 1.08rem;
}
.key p { max-width: none; margin: 0; }
.key p + p { margin-top: .5rem; }
.key.unproven { border-color: var(--warm); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1rem; margin: 1rem 0; }
/* a plot alone in its section, or in its last row, takes the row */
.plots > :only-child { grid-column: 1 / -1; max-width: 45rem; }
figure { margin: 0; min-width: 0; }
.plot {
  position: relative; height: 100%; background: var(--card); color: var(--ink); border: 1px solid var(--line);
  border-radius: 8px; padding: .25rem; overflow-x: auto;
}
.plot > svg { display: block; width: 100%; min-width: 26rem; height: auto; }
.plot .interactive { position: absolute; inset: .25rem; visibility: hidden; }
.plot.upgraded > svg { display: none; }
.plot.upgraded .interactive { position: static; visibility: visible; min-width: 26rem; }
.table { overflow-x: auto; margin: 1rem 0; min-width: 0; }
.plots > .table { margin: 0; }
.plots > .table table { font-size: .8rem; }
.plots > .table th, .plots > .table td { padding-left: .35rem; padding-right: .35rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { padding: .38rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.whole { white-space: nowrap; }
.interval { display: block; color: var(--soft); font-size: .82em; }
td b { font-weight: 700; }
.swatch { display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .5em; }
.system-name, .verdict { white-space: nowrap; }
.verdict.above { color: var(--accent); }
.verdict.below { color: var(--warm); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2rem; }
.example { border-top: 1px solid var(--line); padding: .7rem 0; }
.example > p { margin: 0 0 .3rem; overflow-wrap: anywhere; }
.example ol { margin: 0; padding: 0; list-style: none; font-size: .875rem; color: var(--soft); }
.example li { display: grid; grid-template-columns: 1.6rem minmax(0, 1fr) auto 3rem; gap: .5rem; padding: .1rem 0; }
.example li > span { overflow-wrap: anywhere; }
.example li > :first-child, .example li > :last-child { text-align: right; font-variant-numeric: tabular-nums; }
.example li.own { color: var(--ink); font-weight: 600; }
.tag {
  display: inline-block; font-size: .75rem; line-height: 1.5; padding: 0 .5em; border-radius: 1em; border: 1px solid var(--line);
  color: var(--soft); font-weight: 400; white-space: nowrap; align-self: start;
}
details { border: 1px solid var(--line); border-radius: 8px; padding: 0 1rem; margin: .8rem 0; }
summary { cursor: pointer; padding: .6rem 0; font-weight: 600; }
pre { overflow-x: auto; font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; margin: 0 0 1rem; }
@media print { .plot, .example { break-inside: avoid; } details { border: 0; padding: 0; } }
`;
