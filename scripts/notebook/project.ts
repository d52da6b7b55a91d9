/** The folder of the project; this file runs compiled, in dist/scripts/notebook. */
import { fileURLToPath } from 'node:url';

export const PROJECT: string = fileURLToPath(new URL('../../../', import.meta.url));
