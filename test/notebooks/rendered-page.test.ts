/** The page of a rendered notebook needs nothing else. */
import { describe, expect, it } from 'vitest';
import { renderedPage } from '../../scripts/notebook/rendered-page.js';

const CLASSIC = `<!DOCTYPE html><html><head><title>3-batches</title>
<script src="https://cdn.example/require.min.js"></script>
<style type="text/css">
pre { line-height: 125%; }
.highlight .hll { background-color: #ffffcc }
.highlight .k { color: #008000; font-weight: bold } /* Keyword */
</style>
<style>/* Bootstrap */ .col-xs-1 { width: 8% }</style></head>
<body class="notebook"><main><div class="input_area"><div class="highlight"><pre><span class="k">const</span> a</pre></div></div>
<script>MathJax.Hub.Config({});</script>
<img alt="No description has been provided for this image" src="data:image/png;base64,AAAA">
<p>Next: <a href="4-encoder.ipynb">4 · Encoder</a>, or <a href="https://example.org/x.ipynb">elsewhere</a></p></main></body></html>`;

describe('the page of a rendered notebook', () => {
  const page = renderedPage(CLASSIC, '3-batches');

  it('has the cells, the colours of code and a title', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>3-batches</title>');
    expect(page).toContain('.highlight .k { color: #008000; font-weight: bold }');
    expect(page).toContain('<span class="k">const</span> a');
    expect(page).toContain('src="data:image/png;base64,AAAA"');
  });

  it('has nothing of others, and leads to the other pages', () => {
    expect(page).not.toMatch(/<script|cdn\.example|Bootstrap|MathJax|No description/);
    expect(page).toContain('href="4-encoder.html"');
    expect(page).toContain('href="https://example.org/x.ipynb"');
    expect(() => renderedPage('nothing', '3-batches')).toThrow('3-batches: nbconvert wrote no page');
  });
});
