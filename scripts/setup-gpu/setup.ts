/**
 * The set-up: fetch, verify, unpack, build, prove. It works in a folder of its own, which takes the place of the build
 * only when a process has multiplied with it: a step that fails leaves a working build in use. Finished downloads stay
 * until the build works, so that the next attempt continues with them.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpu } from '../../lib/engine/tensorflow/gpu.js';
import {
  type BuildKind,
  bindingPackage,
  type Installation,
  installationIn,
} from '../../lib/engine/tensorflow/installation.js';
import { type ProbeResult, probe } from '../../lib/engine/tensorflow/probe.js';
import { writeFileAtomic } from '../../lib/files/atomic-file.js';
import { checkCompiler, compileBinding } from './compile.js';
import { downloadWheels, missingWheels } from './download.js';
import { explainDiskErrors, SetupFailure } from './failure.js';
import { checkDisk, gigabytes } from './machine.js';
import { type Command, findPip } from './pip.js';
import { installStock } from './stock.js';
import { unpack } from './unpack.js';
import { fileName, type Wheel } from './wheels.js';

export interface SetupOptions {
  kind: BuildKind;
  /** What to build from; the first is TensorFlow itself. */
  wheels: Wheel[];
  /** Folder of all builds. */
  root: string;
  gpu: Gpu | null;
  say(line: string): void;
  /** Asked before more than {@link ASK_ABOVE} bytes are fetched. */
  confirm(question: string): Promise<boolean>;
  signal?: AbortSignal;
}

export interface SetupResult extends ProbeResult {
  installation: Installation;
  /** False where it was there already. */
  built: boolean;
}

const ASK_ABOVE = 2e9;

/** @throws SetupFailure, whose message says what to do */
export async function setUp(options: SetupOptions): Promise<SetupResult> {
  const { kind, wheels, root } = options;
  const name = kind === 'stock' ? 'stock' : `${kind}-${wheels[0]?.version}`;
  const present = installationIn(join(root, name));
  if (present) {
    const result = await probe(present).catch(() => null);
    if (result) {
      // another build of the same would not see it either
      checkSeesGpu(result, options);
      await use(root, name);
      return { ...result, installation: present, built: false };
    }
    options.say(`the build in ${present.folder} does not work any more: making it anew`);
  }
  const source = bindingPackage();
  if (!source) {
    throw new SetupFailure(
      'the package @tensorflow/tfjs-node-gpu is not installed: run npm ci, without --omit=optional',
    );
  }
  const staging = join(root, `incomplete-${process.pid}`);
  try {
    removeAbandoned(root);
    mkdirSync(staging, { recursive: true });
    if (kind === 'stock') installStock(source);
    else await build(options, staging, source);
    const contents = { kind, wheels: wheels.map(({ project, version, sha256 }) => ({ project, version, sha256 })) };
    writeFileSync(join(staging, 'installation.json'), `${JSON.stringify(contents, null, 2)}\n`);
    const result = await prove(installationIn(staging), options);
    replaceFolder(join(root, name), staging);
    await use(root, name);
    rmSync(downloads(root), { recursive: true, force: true });
    return { ...result, installation: installationIn(join(root, name)) as Installation, built: true };
  } catch (error) {
    throw explainDiskErrors(error, root);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function build(options: SetupOptions, staging: string, source: string): Promise<void> {
  const { wheels, root, say, signal } = options;
  const folder = downloads(root);
  // what is not there is found out before minutes of downloading
  const compiler = checkCompiler();
  const missing = missingWheels(wheels, folder);
  const fetched = sum(missing.map((wheel) => wheel.size));
  const unpacked = sum(wheels.map((wheel) => wheel.unpackedSize));
  let command: Command | undefined;
  const pip = (): Command => {
    command ??= findPip();
    return command;
  };
  if (missing.length > 0) pip();
  checkDisk(root, fetched + unpacked);
  say(
    `${missing.length > 0 ? `${gigabytes(fetched)} to fetch` : 'all is fetched'}, ${gigabytes(unpacked)} in ${root} in the end`,
  );
  if (fetched > ASK_ABOVE && !(await options.confirm(`Fetch ${gigabytes(fetched)}?`))) {
    throw new SetupFailure(
      `${gigabytes(fetched)} were not fetched: --yes agrees to it, --cpu takes the build without CUDA`,
    );
  }
  await downloadWheels(wheels, folder, pip, say, signal);
  for (const wheel of wheels) {
    say(`unpacking ${wheel.project} ${wheel.version}`);
    await unpack(join(folder, fileName(wheel)), staging, wheel.wanted, signal);
  }
  say('building the binding');
  compileBinding(compiler, staging, source);
}

async function prove(installation: Installation | null, options: SetupOptions): Promise<ProbeResult> {
  if (!installation) throw new SetupFailure('the binding is missing after the installation: run it again');
  options.say('trying it in a process of its own');
  let result: ProbeResult;
  try {
    result = await probe(installation);
  } catch (error) {
    throw new SetupFailure(
      `the build does not work on this machine (${(error as Error).message}): report it with the output of \`node bin/llm-embedding.mjs doctor\`; the engine onnx works without it`,
    );
  }
  checkSeesGpu(result, options);
  return result;
}

/** Where there is a GPU, a build with CUDA has to find it. */
function checkSeesGpu({ gpu }: ProbeResult, options: SetupOptions): void {
  if (options.kind === 'cpu' || options.gpu === null || gpu) return;
  throw new SetupFailure(
    `TensorFlow does not see the GPU ${options.gpu.name} (driver ${options.gpu.driver}): docs/gpu.md says how to see its log; in a container, start it with --gpus all; --cpu takes the build without CUDA`,
  );
}

/** Makes a build the one that the engine takes. */
async function use(root: string, name: string): Promise<void> {
  await writeFileAtomic(join(root, 'current.json'), `${JSON.stringify({ build: name })}\n`);
}

function downloads(root: string): string {
  return join(root, 'downloads');
}

/** Folders of set-ups whose process has ended without cleaning up. */
function removeAbandoned(root: string): void {
  if (!existsSync(root)) return;
  for (const entry of readdirSync(root)) {
    const owner = /^incomplete-(\d+)(-old)?$/.exec(entry)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) rmSync(join(root, entry), { recursive: true, force: true });
  }
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
}

function replaceFolder(target: string, from: string): void {
  const old = `${from}-old`;
  if (existsSync(target)) renameSync(target, old);
  renameSync(from, target);
  rmSync(old, { recursive: true, force: true });
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
