/**
 * Part of `npm run build`: the scripts of exported search pages, each in one file for browsers. They use modules of lib/ that
 * the library itself runs (BM25, fusion, ranking, tokenizer), so that a page finds what the library finds.
 */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const BROWSER = new URL('../lib/export/site/browser/', import.meta.url);
const OUT = fileURLToPath(new URL('../dist/lib/export/site/browser/', import.meta.url));

/** Modules where browsers load them as such; a plain script for what runs before a page, and for service workers. */
const SCRIPTS = { page: 'es', worker: 'es', theme: 'iife', 'service-worker': 'iife' };

for (const [name, format] of Object.entries(SCRIPTS)) {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`${name}.ts`, BROWSER)),
    platform: 'browser',
    // an export copies it beside these files
    external: [/onnxruntime\.mjs$/],
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    onLog(level, log) {
      if (level !== 'info' && level !== 'debug') throw new Error(log.message);
    },
  });
  await bundle.write({ file: `${OUT}${name}.js`, format, minify: true, comments: { legal: true } });
  await bundle.close();
}
