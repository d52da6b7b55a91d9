/** Vectors as `/v1/embeddings` gives them: numbers, or Base64 of little-endian 32-bit floats. */

export interface EmbeddingsAnswer {
  object: 'list';
  data: { object: 'embedding'; index: number; embedding: number[] | string }[];
  model: string;
  usage: { prompt_tokens: number; total_tokens: number };
}

/** @param tokens that the encoder read */
export function embeddingsAnswer(
  vectors: readonly Float32Array[],
  { format, model, tokens }: { format: 'float' | 'base64'; model: string; tokens: number },
): EmbeddingsAnswer {
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'base64' ? base64(vector) : Array.from(vector, shortest),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, 4 * i);
  });
  return bytes.toString('base64');
}

/** Nine digits name a 32-bit float; the seventeen of the same number in 64 bits would double the answer. */
function shortest(value: number): number {
  return Number(value.toPrecision(9));
}
