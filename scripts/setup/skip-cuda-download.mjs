/**
 * The package's `preinstall`: keeps the install script of onnxruntime-node from downloading CUDA libraries (Linux, x64).
 * It takes them from nuget.org, hundreds of megabytes, and fails the whole installation where that host is not reachable;
 * the processor needs none of them. npm runs the preinstall scripts of all packages before the first postinstall.
 *
 * ONNXRUNTIME_NODE_INSTALL=cuda12 at the installation, or the package's script by hand afterwards, fetches them:
 *
 *   node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MARK = '// llm-embedding: no CUDA libraries unless they are asked for';
const LINE = `if (process.env.npm_lifecycle_event === 'postinstall') process.env.ONNXRUNTIME_NODE_INSTALL ||= 'skip';`;

/**
 * Where onnxruntime-node is installed for a package and for those of its dependencies that may have a copy of their own.
 *
 * @param {string} from a file of the package
 * @returns {string[]}
 */
export function installScripts(from) {
  const direct = createRequire(from);
  const found = [direct];
  try {
    found.push(createRequire(direct.resolve('@huggingface/transformers')));
  } catch {
    // not installed: nothing of its own to look for
  }
  const scripts = found.flatMap((require) => {
    try {
      return [path.join(path.dirname(require.resolve('onnxruntime-node/package.json')), 'script', 'install.js')];
    } catch {
      return [];
    }
  });
  return [...new Set(scripts)].filter((file) => fs.existsSync(file));
}

/**
 * Writes the file anew instead of changing it in place: a package manager may share it with other projects by a hard link.
 *
 * @param {string} file the install script of onnxruntime-node
 */
export function skipDownload(file) {
  const text = fs.readFileSync(file, 'utf8');
  if (text.includes(MARK)) return;
  const patched = `${file}.${process.pid}`;
  fs.writeFileSync(patched, `${MARK}\n${LINE}\n${text}`);
  fs.renameSync(patched, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of installScripts(fileURLToPath(import.meta.url))) {
    try {
      skipDownload(file);
    } catch (error) {
      // a folder that cannot be written to: the script of onnxruntime-node then does as it would
      console.error(`llm-embedding: ${error instanceof Error ? error.message : error}`);
    }
  }
}
