/** Whether this machine can run the pinned build: system, C library, driver, room on the disk. */
import { mkdirSync, statfsSync } from 'node:fs';
import type { Gpu } from '../../lib/engine/tensorflow/gpu.js';
import { explainDiskErrors, SetupFailure } from './failure.js';

/** Of the wheels (manylinux_2_27). */
const OLDEST_GLIBC = '2.27';
/** The first driver of CUDA 12; later libraries of CUDA 12 run on it too (NVIDIA's minor version compatibility). */
const OLDEST_DRIVER = '525.60.13';
/** Volta's predecessor, the oldest GPU that the build has kernels for. */
const OLDEST_COMPUTE_CAPABILITY = '6.0';

export interface Machine {
  platform: string;
  architecture: string;
  /** Undefined where the C library is another one, such as musl. */
  glibc: string | undefined;
}

export function thisMachine(): Machine {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, architecture: process.arch, glibc: header.glibcVersionRuntime };
}

/** @throws SetupFailure naming what is too old or foreign */
export function checkMachine({ platform, architecture, glibc }: Machine): void {
  if (platform !== 'linux' || architecture !== 'x64') {
    throw new SetupFailure(
      `this set-up is for Linux on x86-64, this machine is ${platform} on ${architecture}: use the engine onnx, which runs here`,
    );
  }
  if (glibc === undefined) {
    throw new SetupFailure(
      'TensorFlow needs the GNU C library, this system (such as Alpine) has another: use the engine onnx, or a Debian image such as node:20-bookworm',
    );
  }
  if (isOlder(glibc, OLDEST_GLIBC)) {
    throw new SetupFailure(
      `the C library is glibc ${glibc}, TensorFlow needs ${OLDEST_GLIBC} or later: use a newer system (Debian 10, Ubuntu 18.04 or later)`,
    );
  }
}

/** @throws SetupFailure where the driver or the GPU is too old for CUDA 12 */
export function checkGpu({ name, driver, computeCapability }: Gpu): void {
  if (isOlder(driver, OLDEST_DRIVER)) {
    throw new SetupFailure(
      `the NVIDIA driver is ${driver}, CUDA 12 needs ${OLDEST_DRIVER} or later: update the driver, or use --cpu`,
    );
  }
  if (isOlder(computeCapability, OLDEST_COMPUTE_CAPABILITY)) {
    throw new SetupFailure(
      `${name} has compute capability ${computeCapability}, TensorFlow needs ${OLDEST_COMPUTE_CAPABILITY} or later: use --cpu`,
    );
  }
}

/** @param bytes that the set-up will write  @throws SetupFailure where they do not fit */
export function checkDisk(folder: string, bytes: number): void {
  try {
    mkdirSync(folder, { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    if (free >= bytes) return;
    throw new SetupFailure(
      `the disk of ${folder} has ${gigabytes(free)} free, the set-up takes ${gigabytes(bytes)}: free some space, or set LLM_EMBEDDING_TENSORFLOW to a folder on another disk`,
    );
  } catch (error) {
    throw explainDiskErrors(error, folder);
  }
}

/** Compares versions number by number. */
export function isOlder(version: string, oldest: string): boolean {
  const [mine, theirs] = [version, oldest].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < theirs.length; i++) {
    const difference = (mine[i] ?? 0) - (theirs[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
