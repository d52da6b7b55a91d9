/**
 * Where `npm run setup:gpu` puts TensorFlow, and which of the builds there is in use.
 *
 *   .tensorflow/
 *     current.json                     { "build": "cuda-2.21.0" }
 *     cuda-2.21.0/
 *       installation.json              what it is made of
 *       tfjs_binding.node              the binding of tfjs-node-gpu; finds the libraries by its own place
 *       tensorflow/libtensorflow_*.so.2
 *       nvidia/<package>/lib/*.so      found by the libraries above, by their own place
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `cpu`: no CUDA in it. `cuda`: with CUDA. `stock`: the package's own download, libtensorflow 2.9.1 with CUDA 11.2. */
export type BuildKind = 'cpu' | 'cuda' | 'stock';

export interface Installation {
  kind: BuildKind;
  /** Folder of the build. */
  folder: string;
  /** The native module. */
  binding: string;
}

export const BINDING_FILE = 'tfjs_binding.node';

/** LLM_EMBEDDING_TENSORFLOW names another folder, so that several checkouts can share one. */
export function tensorflowFolder(): string {
  return process.env.LLM_EMBEDDING_TENSORFLOW || fileURLToPath(new URL('../../../../.tensorflow', import.meta.url));
}

/** The build in use, or null where none is set up. */
export function currentInstallation(root: string = tensorflowFolder()): Installation | null {
  try {
    const { build } = JSON.parse(readFileSync(join(root, 'current.json'), 'utf8')) as { build: string };
    return installationIn(join(root, build));
  } catch {
    return null;
  }
}

/** The build in a folder, or null where it is not complete. */
export function installationIn(folder: string): Installation | null {
  try {
    const { kind } = JSON.parse(readFileSync(join(folder, 'installation.json'), 'utf8')) as { kind: BuildKind };
    const binding = kind === 'stock' ? stockBinding() : join(folder, BINDING_FILE);
    return binding !== null && existsSync(binding) ? { kind, folder, binding } : null;
  } catch {
    return null;
  }
}

/** The folder of the package tfjs-node-gpu, or null: it is an optional dependency. */
export function bindingPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch {
    return null;
  }
}

/** Where the package's own installation puts its binding. */
export function stockBinding(): string | null {
  const folder = bindingPackage();
  return folder && join(folder, 'lib', 'napi-v8', BINDING_FILE);
}
