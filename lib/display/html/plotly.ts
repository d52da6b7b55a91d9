/**
 * plotly.js inside of a page, without a network: compressed, as text, unpacked by the browser when a plot comes in sight.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { adaptFigure } from './adapt-figure.js';
import type { Html } from './element.js';

const require = createRequire(import.meta.url);
let packed: string | null | undefined;

/** The library as base64 of gzip (about 2.6 MB); null where the package is not installed: pages then keep their SVG. */
function packedPlotly(): string | null {
  if (packed === undefined) {
    try {
      packed = gzipSync(readFileSync(require.resolve('plotly.js-dist/plotly.js')), { level: 9 }).toString('base64');
    } catch {
      packed = null;
    }
  }
  return packed;
}

/**
 * Scripts that turn each element with `data-figure="name"` into an interactive plot of the figure of that name in the
 * JSON script `figures`. Until then, without scripts, and where anything fails, the page shows what the element holds.
 */
export function interactiveFigures(): Html {
  const library = packedPlotly();
  if (library === null) return '';
  return `<script type="text/plain" id="plotly">${library}</script>\n<script>${PAGE_SCRIPT}</script>`;
}

const PAGE_SCRIPT = `(() => {
  'use strict';
  const source = document.getElementById('plotly');
  if (!source || !window.DecompressionStream || !window.IntersectionObserver) return;
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const settings = { responsive: true, displaylogo: false, showSendToCloud: false };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  ${adaptFigure.toString()}

  let loading;
  const plotly = () => (loading ??= (async () => {
    const bytes = Uint8Array.from(atob(source.textContent), (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    const code = await new Response(unpacked, { headers: { 'Content-Type': 'text/javascript' } }).blob();
    const script = document.createElement('script');
    script.src = URL.createObjectURL(code);
    await new Promise((loaded, failed) => {
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    });
    URL.revokeObjectURL(script.src);
    return window.Plotly;
  })());

  const colours = (element) => {
    const style = getComputedStyle(element);
    return [style.color, style.backgroundColor];
  };
  const upgrade = async (element) => {
    const figure = figures[element.dataset.figure];
    const Plotly = await plotly();
    const plot = document.createElement('div');
    plot.className = 'interactive';
    element.append(plot);
    const { data, layout } = adaptFigure(figure, ...colours(element));
    try {
      await Plotly.newPlot(plot, data, layout, settings);
      element.classList.add('upgraded');
    } catch (error) {
      plot.remove();
      throw error;
    }
    dark.addEventListener('change', () => {
      const again = adaptFigure(figure, ...colours(element));
      Plotly.react(plot, again.data, again.layout, settings);
    });
  };

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      upgrade(target).catch((error) => console.warn('the plot stays a picture:', error));
    }
  }, { rootMargin: '120px' });
  const start = () => document.querySelectorAll('[data-figure]').forEach((element) => seen.observe(element));
  if (document.readyState === 'complete') start();
  else addEventListener('load', start);
})();`;
