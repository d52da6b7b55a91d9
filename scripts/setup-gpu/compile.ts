/** Builds the unchanged binding of tfjs-node-gpu against the unpacked library: one call of the C++ compiler. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BINDING_FILE } from '../../lib/engine/tensorflow/installation.js';
import { diskFull, SetupFailure } from './failure.js';

const TIMEOUT = 300_000;

/** @throws SetupFailure where there is no compiler, or it fails  @returns name of the compiler that CXX names, or g++ */
export function checkCompiler(environment: NodeJS.ProcessEnv = process.env): string {
  const compiler = environment.CXX || 'g++';
  const { status } = spawnSync(compiler, ['--version'], { stdio: 'ignore', env: environment });
  if (status === 0) return compiler;
  throw new SetupFailure(
    `the C++ compiler ${compiler} does not run: install it (Debian, Ubuntu: sudo apt-get install -y g++), or set CXX`,
  );
}

/** @param build folder with tensorflow/ in it, which gets the binding  @param source folder of tfjs-node-gpu */
export function compileBinding(compiler: string, build: string, source: string): void {
  const tensorflow = join(build, 'tensorflow');
  const headers = createRequire(import.meta.url)('node-api-headers') as { include_dir: string };
  const { status, stderr, error } = spawnSync(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-s', '-DNAPI_VERSION=8'],
      ...[`-I${headers.include_dir}`, `-I${join(tensorflow, 'include')}`],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(source, 'binding', file)),
      ...[`-L${tensorflow}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
      // found by its own place, so that the folder can be moved
      ...['-Wl,-rpath,$ORIGIN/tensorflow', '-o', join(build, BINDING_FILE)],
    ],
    { encoding: 'utf8', timeout: TIMEOUT },
  );
  if (status === 0) return;
  if (/No space left on device/.test(stderr)) throw diskFull(build);
  const line = stderr?.split('\n').find((text) => /error|cannot|undefined/.test(text));
  throw new SetupFailure(
    `the binding does not compile with ${compiler} (${(line ?? error?.message ?? 'no message').trim()}): use g++ 9 or later, set by CXX`,
  );
}
