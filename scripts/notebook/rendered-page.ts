/**
 * What nbconvert makes of a notebook, as a page that needs nothing else: no scripts of others, no style sheet of a quarter of a
 * megabyte, links to the other pages in place of the notebooks.
 */

/** What cells, text and code look like; the rest is in the outputs themselves. */
const STYLE = `
body { margin: 0; background: #fff; color: #1f2328; font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .75rem; }
h1 { margin-top: 0; }
a { color: #0969da; }
.anchor-link { display: none; }
pre, code { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
p code, li code { background: #f3f4f6; padding: .1em .35em; border-radius: 4px; }
.input_area { margin: 1rem 0 .5rem; padding: .6rem .8rem; background: #f6f8fa; border: 1px solid #d8dee4; border-radius: 6px; overflow-x: auto; }
.input_area pre, .output pre { margin: 0; }
.output_text pre, .output_stream pre { white-space: pre-wrap; padding: .15rem .75em; }
.output_stderr pre { color: #953800; }
.output_area { overflow-x: auto; }
.output img { display: block; max-width: 100%; height: auto; }
.output table { font-size: .86rem; line-height: 1.4; }
.output thead { border-bottom: 1px solid #57606a; }
.output tbody tr:nth-child(odd) { background: #f6f8fa; }
`;

/**
 * @param html as nbconvert's template "classic" writes it
 * @param title of the page
 */
export function renderedPage(html: string, title: string): string {
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1];
  if (body === undefined) throw new Error(`${title}: nbconvert wrote no page`);
  const content = body
    .replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
    .replaceAll(/href="(\d-[a-z]+)\.ipynb"/g, 'href="$1.html"')
    .replaceAll(/alt="No description has been provided for this image"/g, 'alt="Plot"');
  // colours of code, for the light and the dark of nbconvert alike
  const code = [...html.matchAll(/^\.highlight \.[\w-]+ \{[^}\n]*\}.*$/gm)].map(([rule]) => rule).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}${code}
</style>
</head>
<body>
${content.trim()}
</body>
</html>
`;
}
