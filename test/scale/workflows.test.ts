/** What stands between Snakemake and a command: another try after 75 and after a kill alone. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../workflows/try-again-on-75.sh', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'workflows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (attempt: number, note: string, command: string) => {
  const { status, stderr } = spawnSync('bash', [SCRIPT, String(attempt), join(folder, note), 'bash', '-c', command], {
    encoding: 'utf8',
  });
  return { status, stderr };
};

describe('try-again-on-75.sh', () => {
  it.each([
    ['exit 0', 0],
    ['exit 75', 75],
    ['kill -9 $$', 137],
  ])('lets Snakemake try again after %s', (command, status) => {
    const note = `again-${status}/note`;
    expect(run(1, note, command).status).toBe(status);
    expect(existsSync(join(folder, note))).toBe(false);
    expect(run(2, note, 'exit 0').status).toBe(0);
  });

  it('ends what no other try can mend, until somebody starts it anew', () => {
    expect(run(1, 'deep/note', 'exit 2').status).toBe(2);
    expect(readFileSync(join(folder, 'deep/note'), 'utf8')).toBe('2\n');
    const again = run(2, 'deep/note', 'exit 0');
    expect(again).toEqual({ status: 1, stderr: 'no other try: the first ended with 2\n' });
    expect(run(1, 'deep/note', 'exit 0').status).toBe(0);
  });
});
