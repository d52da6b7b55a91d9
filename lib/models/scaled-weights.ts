/** Tensors that mean nothing without a scale stored beside them, as quantised checkpoints have them. */
import { UserError } from '../core/errors.js';
import type { SafetensorsFile } from '../files/safetensors.js';

/** @throws UserError where the tensor has a scale: numbers of 8 bits are read as plain values */
export function refuseScaled(file: SafetensorsFile, storedName: string): void {
  const scale = [`${storedName}_scale`, `${storedName}_scale_inv`].find((name) => file.tensors.has(name));
  if (scale === undefined) return;
  throw new UserError(`${file.path}: ${storedName} is scaled by ${scale}: take the checkpoint that is not quantised`);
}
