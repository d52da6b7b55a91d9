/**
 * Loads a CommonJS module with some of its text replaced, in place of the module as it is installed: everyone who requires
 * it afterwards gets the mended one. The files in node_modules are not touched.
 */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Text that occurs once in the module, and what stands in its place. */
export interface Replacement {
  find: string;
  replace: string;
}

interface LoadableModule {
  exports: Record<string, unknown>;
  filename: string;
  paths: string[];
  loaded: boolean;
  _compile(text: string, filename: string): void;
}

const require = createRequire(import.meta.url);
const ModuleClass = Module as unknown as {
  new (filename: string): LoadableModule;
  _nodeModulePaths(folder: string): string[];
};

/**
 * @param name as `require` takes it
 * @returns what the module exports
 * @throws Error where a text does not occur exactly once: another version of the module is installed
 */
export function loadPatched(name: string, replacements: readonly Replacement[]): Record<string, unknown> {
  const filename = require.resolve(name);
  if (require.cache[filename]) throw new Error(`${name} is loaded already: it can't be mended any more`);
  let text = readFileSync(filename, 'utf8');
  for (const { find, replace } of replacements) {
    const parts = text.split(find);
    if (parts.length !== 2) {
      throw new Error(
        `${filename} is not the version that this project mends ("${find.trim().slice(0, 60)}" occurs ${parts.length - 1} times): run npm ci`,
      );
    }
    text = parts.join(replace);
  }
  const loading = new ModuleClass(filename);
  loading.filename = filename;
  loading.paths = ModuleClass._nodeModulePaths(dirname(filename));
  require.cache[filename] = loading as unknown as NodeJS.Module;
  loading._compile(text, filename);
  loading.loaded = true;
  return loading.exports;
}
