/**
 * The kernel of the notebooks: tslab (https://github.com/yunabe/tslab, last released in 2024) with what stands in the way of
 * a reader's own cells mended as it is loaded. Each module here says what it mends.
 *
 *   node start.js CONNECTION_FILE
 */
import { createRequire } from 'node:module';
import { mendConverter } from './converter.js';
import { mendLastValue } from './last-value.js';
import { mendProtocol } from './protocol.js';

const require = createRequire(import.meta.url);

const configPath = process.argv[2];
if (!configPath) throw new Error('expected the connection file of Jupyter as the first argument');
const tslab = createRequire(require.resolve('tslab/package.json'));
const { version } = tslab('@tslab/typescript-for-tslab') as { version: string };
mendConverter();
mendProtocol(version);
mendLastValue();
const { startKernel } = require('tslab/dist/main.js') as {
  startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
};
startKernel({ configPath, enableFindLocal: false });
