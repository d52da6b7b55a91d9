/** Whether the engine `tensorflow` is the one to take on this machine: where it is set up and sees a GPU. */
import type { Reporting } from '../../core/events.js';
import { visibleGpu } from './gpu.js';
import { currentInstallation } from './installation.js';
import { probe } from './probe.js';

/** Tries it in a process of its own: a broken driver would end this one. */
export async function suitsMachine(reporting: Reporting): Promise<boolean> {
  const installation = currentInstallation();
  if (!installation || installation.kind === 'cpu' || !(await visibleGpu())) return false;
  let reason = 'it sees no GPU';
  try {
    if ((await probe(installation)).gpu) return true;
  } catch (error) {
    reason = (error as Error).message;
  }
  reporting.onMessage?.({
    level: 'warning',
    text: `engine onnx, since TensorFlow does not run on the GPU: ${reason}; npm run setup:gpu sets it up again`,
  });
  return false;
}
