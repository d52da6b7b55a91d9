/** The version of this library, as its package says. */
import { fileURLToPath } from 'node:url';
import { readJsonValueSync } from '../files/json-file.js';

const PACKAGE = fileURLToPath(new URL('../../../package.json', import.meta.url));

export function libraryVersion(): string {
  return (readJsonValueSync(PACKAGE, 'install the package again') as { version: string }).version;
}
