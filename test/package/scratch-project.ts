/** Another project that installs the packed package from the registry, as a user's shell would. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Standard output of a program; rejects with what it said. */
export async function execute(program: string, args: string[], cwd: string): Promise<string> {
  const { stdout } = await run(program, args, { cwd, env: plainEnvironment(), maxBuffer: 2 ** 26 });
  return stdout;
}

/** Whether packages can be had at all: asks the configured registry once, without patience. */
export async function registryAnswers(): Promise<boolean> {
  const patience = ['--fetch-retries=0', '--fetch-timeout=10000', '--prefer-online'];
  return run('npm', ['view', 'picocolors', 'version', ...patience], { env: plainEnvironment(), timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

/** An empty project with these packages in it; their install scripts run, as npm does by default. */
export async function newProject(folder: string, packages: string[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'scratch', private: true, type: 'module' }));
  await execute('npm', ['install', '--no-fund', '--no-audit', '--ignore-scripts=false', ...packages], folder);
  return folder;
}

/** Without what `npm test` and vitest add for their own project. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_(lifecycle|package|command|config_(ignore_scripts|local_prefix|omit))|VITEST|NODE_ENV|INIT_CWD)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
