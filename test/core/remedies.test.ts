import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { remedies, useNotebookRemedies } from '../../lib/core/remedies.js';

const lib = fileURLToPath(new URL('../../lib', import.meta.url));

/** Written for the command line alone: what it refuses before it trains, pre-training, and these words themselves. */
const OF_THE_COMMAND_LINE =
  /pipeline\/existing-run\.ts|training\/checkpoint\.ts|pretraining\/|core\/remedies\.ts|config\//;

it('no message below the command line names its options, so that those in a notebook name cells', () => {
  expect(remedies().resume).toBe('with --resume');
  useNotebookRemedies();
  expect(Object.values(remedies()).join()).not.toContain('--');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const naming = files.filter((name) => {
    const code = readFileSync(join(lib, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    return !OF_THE_COMMAND_LINE.test(name) && /--(resume|restart)\b/.test(code);
  });
  expect(naming).toEqual([]);
});
