/** pip as the fetch client: it knows the user's index, proxy and certificates. A Python of any version will do. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskFull, SetupFailure } from './failure.js';
import type { Wheel } from './wheels.js';

export type Command = [program: string, ...args: string[]];

const OTHER_HASH = /DO NOT MATCH THE HASHES/i;
const CANDIDATES: Command[] = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];

/** @throws SetupFailure where there is no pip that runs; PIP in the environment names another one */
export function findPip(environment: NodeJS.ProcessEnv = process.env): Command {
  const told = environment.PIP?.split(/\s+/).filter(Boolean) as Command | undefined;
  const candidates = told?.length ? [told] : CANDIDATES;
  const runs = ([program, ...args]: Command): SpawnSyncReturns<string> =>
    spawnSync(program, [...args, '--version'], { encoding: 'utf8', env: environment, timeout: 60_000 });
  const found = candidates.find((candidate) => runs(candidate).status === 0);
  if (found) return found;
  throw new SetupFailure(
    told?.length
      ? `PIP is set to "${told.join(' ')}", which does not run: unset it, or name a pip`
      : 'pip is missing, which fetches TensorFlow: install it (Debian, Ubuntu: sudo apt-get install -y python3-pip; elsewhere: python3 -m ensurepip)',
  );
}

/**
 * Fetches one wheel into a folder; pip compares its hash.
 *
 * @throws SetupFailure for a wrong hash, a broken or missing connection, a full disk, a wheel that the index lacks
 */
export async function fetchWheel(
  pip: Command,
  wheel: Wheel,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { project, version, tags, sha256 } = wheel;
  // what pip has under way lies on the same disk as its destination, not in a small /tmp
  const temporary = join(folder, 'incomplete');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const requirements = join(temporary, 'requirements.txt');
  writeFileSync(requirements, `${project}==${version} --hash=sha256:${sha256}\n`);
  const [program, ...before] = pip;
  const platforms = tags.platform.split('.').flatMap((platform) => ['--platform', platform]);
  const args = [
    ...before,
    ...['download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--no-cache-dir', '--dest', folder],
    ...['--implementation', tags.python.slice(0, 2), '--abi', tags.abi, ...platforms],
    ...(tags.python === 'py3' ? [] : ['--python-version', tags.python.slice(2)]),
    ...['--disable-pip-version-check', '--no-input', '-r', requirements],
  ];
  try {
    let { code, output } = await runPip(program, args, temporary, signal);
    // older versions of pip take half a file for a whole one when the connection breaks
    if (code !== 0 && OTHER_HASH.test(output)) ({ code, output } = await runPip(program, args, temporary, signal));
    if (code !== 0) throw explain(wheel, output, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function runPip(
  program: string,
  args: string[],
  temporary: string,
  signal: AbortSignal | undefined,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, TMPDIR: temporary, PYTHONUNBUFFERED: '1' },
      // pip draws its progress bar only on a terminal
      stdio: ['ignore', process.stderr.isTTY ? process.stderr : 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function explain({ project, version, sha256 }: Wheel, output: string, folder: string): SetupFailure {
  const what = `${project} ${version}`;
  if (OTHER_HASH.test(output)) {
    const got = /Got\s+([0-9a-f]{64})/.exec(output)?.[1];
    return new SetupFailure(
      `${what} came with the hash ${got ?? 'of another file'}, expected ${sha256}, twice: the connection breaks (run it again; finished downloads are kept), or the index serves another file (set PIP_INDEX_URL to https://pypi.org/simple)`,
    );
  }
  if (/No space left on device|Errno 28/i.test(output)) return diskFull(folder);
  if (
    /No matching distribution|Could not find a version/i.test(output) &&
    !/connection|retry|timed out/i.test(output)
  ) {
    return new SetupFailure(
      `the package index has no ${what} for Linux on x86-64: use one that mirrors https://pypi.org/simple (PIP_INDEX_URL)`,
    );
  }
  const lines = output.split('\n').map((line) => line.trim());
  const last = lines.filter((line) => /error|exception|timed out|connection|incomplete/i.test(line)).at(-1);
  return new SetupFailure(
    `${what} could not be fetched (${last ?? lines.filter(Boolean).at(-1) ?? 'pip gave no reason'}): check the network (PIP_INDEX_URL, HTTPS_PROXY), then run it again; finished downloads are kept`,
  );
}
