/** The NVIDIA GPU that this process would use, as the driver's own tool describes it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Gpu {
  name: string;
  driver: string;
  /** Bytes. */
  memory: number;
  freeMemory: number;
  /** Such as "9.0". */
  computeCapability: string;
}

const FIELDS = ['index', 'uuid', 'name', 'driver_version', 'memory.total', 'memory.free', 'compute_cap'];
const TIMEOUT = 10_000;

/** Null where there is no driver, or it does not answer. */
export async function visibleGpu(environment: NodeJS.ProcessEnv = process.env): Promise<Gpu | null> {
  try {
    const { stdout } = await promisify(execFile)(
      'nvidia-smi',
      [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'],
      { timeout: TIMEOUT, env: environment },
    );
    return chooseGpu(stdout, environment.CUDA_VISIBLE_DEVICES);
  } catch {
    return null;
  }
}

/**
 * @param listing what nvidia-smi prints, a GPU a line
 * @param visible CUDA_VISIBLE_DEVICES: numbers or UUIDs, of which CUDA takes the first; empty or -1 hides all
 */
export function chooseGpu(listing: string, visible: string | undefined): Gpu | null {
  const gpus = listing
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === FIELDS.length);
  const wanted = visible?.split(',')[0]?.trim();
  const [, , name = '', driver = '', total, free, computeCapability = ''] =
    (wanted === undefined
      ? gpus[0]
      : gpus.find(([index, uuid]) => wanted !== '' && (index === wanted || uuid?.startsWith(wanted)))) ?? [];
  if (!name) return null;
  const bytes = (mebibytes: string | undefined): number => Number(mebibytes) * 2 ** 20;
  return { name, driver, memory: bytes(total), freeMemory: bytes(free), computeCapability };
}
