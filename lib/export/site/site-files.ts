/** What a page loads beside its papers: the scripts that the build made, and ONNX Runtime out of its package. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { UserError } from '../../core/errors.js';
import { PAGE_STYLE } from './page-style.js';

const BROWSER = fileURLToPath(new URL('./browser/', import.meta.url));
/** The build with WebAssembly alone, a third of the size of the one with WebGPU. */
const RUNTIME = 'ort-wasm-simd-threaded.wasm';
const RUNTIME_SCRIPT = 'ort.wasm.bundle.min.mjs';

const compress = promisify(gzip);

export function zipped(bytes: Uint8Array | string): Promise<Uint8Array> {
  return compress(bytes, { level: constants.Z_BEST_COMPRESSION });
}

/** Scripts and styles by their names, as they are loaded. */
export async function pageFiles(): Promise<Record<string, string>> {
  const script = (name: string): Promise<string> =>
    readFile(join(BROWSER, name), 'utf8').catch(() => {
      throw new UserError(
        `the script ${name} of exported pages is missing: run "npm run build", or install the package again`,
      );
    });
  const runtime = await readFile(join(runtimeFolder(), RUNTIME_SCRIPT), 'utf8');
  return {
    'page.js': await script('page.js'),
    'worker.js': await script('worker.js'),
    'theme.js': await script('theme.js'),
    'page.css': PAGE_STYLE,
    // the map is not copied
    'onnxruntime.mjs': runtime.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n'),
  };
}

/** @param site of which the script keeps the files */
export async function serviceWorkerScript(site: { version: string; files: string[] }): Promise<string> {
  return `const SITE = ${JSON.stringify(site)};\n${await readFile(join(BROWSER, 'service-worker.js'), 'utf8')}`;
}

export function runtimeBinary(): Promise<Uint8Array> {
  return readFile(join(runtimeFolder(), RUNTIME));
}

function runtimeFolder(): string {
  return dirname(createRequire(import.meta.url).resolve(`onnxruntime-web/${RUNTIME}`));
}
