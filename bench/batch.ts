/** The batch that all contenders get, by formulas that are the same in Python (contenders/torch_encoder.py). */

/** Texts without padding: token j of text i is (7919 i + 104729 j + 13) modulo the vocabulary. */
export function batchTexts(size: { batch: number; sequence: number }, vocabulary: number): Int32Array[] {
  return Array.from({ length: size.batch }, (_, i) =>
    Int32Array.from({ length: size.sequence }, (_, j) => (7919 * i + 104_729 * j + 13) % vocabulary),
  );
}

/** dL/dE: element k is cos(k). */
export function embeddingGradient(length: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => Math.cos(k));
}
