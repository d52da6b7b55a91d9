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
  /** Writes the index to a path that is known to be writable. */
  | { do: 'write'; file: string }
  | { do: 'search'; queries: Float32Array; k: number };

export interface FaissReply {
  id: number;
  error?: string;
  /** Of a search: [q, k] */
  rows?: Int32Array;
}
