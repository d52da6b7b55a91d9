/** What the process that holds a FAISS index is asked, and what it answers. */
export type FaissRequest = { id: number } & FaissQuestion;

export type FaissQuestion =
  /** Loads the addon and nothing else. */
  | { do: 'load' }
  /** Reads an index file and checks its shape. */
  | { do: 'open'; file: string; n: number; d: number }
  /** Makes an index of the n x d floats that start at byte `vectorsAt` of a file. */
  | {
      do: 'build';
      file: string;
      vectorsAt: number;
      n: number;
      d: number;
      /** FAISS' factory string. */
      description: string;
      trainingRows: number;
      efSearch?: number;
      probes?: number;
      /** A path that can be written, for an intermediate file. */
      scratch: string;
    }
  /** Begins an index by squared L2 distance, of FAISS' factory string, that `sample`, `train` and `add` fill. */
  | { do: 'create'; d: number; description: string }
  /** More rows of the sample that `train` learns from. */
  | { do: 'sample'; vectors: Float32Array }
  | { do: 'train' }
  | { do: 'add'; vectors: Float32Array }
  /** Writes the index to a path that is known to be writable. */
  | { do: 'write'; file: string }
  /** @param alone queries are not made more for the sake of speed, which an index of cells has nothing of */
  | { do: 'search'; queries: Float32Array; k: number; alone?: boolean };

export interface FaissReply {
  id: number;
  error?: string;
  /** Of a search: [q, k] */
  rows?: Int32Array;
}
