/**
 * Gives the memory of released tensors back. They are outside of the heap, and a thread that does little but wait for ONNX
 * Runtime leaves them to later: a step of 24 layers would take a gigabyte more.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Tensor } from 'onnxruntime-node';

/** Bytes of released tensors that are worth the milliseconds of a collection. */
const WORTH_COLLECTING = 100e6;

export class TensorCollector {
  private bytes = 0;
  private collectGarbage: (() => void) | undefined;

  released(tensor: Tensor | undefined): void {
    if (tensor) this.bytes += (tensor.data as Float32Array).byteLength;
  }

  /** Once enough was released, and nothing refers to it any more. */
  collect(): void {
    if (this.bytes < WORTH_COLLECTING) return;
    this.bytes = 0;
    this.collectGarbage ??= exposedCollection();
    this.collectGarbage();
  }
}

/** As `node --expose-gc` has it, in this thread alone. */
function exposedCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
