/** What moves numbers between processes; a communicator is made of it. */
/** What has to be there to join processes. Every call is collective. */
export interface Transport {
  readonly rank: number;
  readonly size: number;
  /** Ranks on this machine, this one included. */
  readonly localSize: number;
  /** Puts the parts of all ranks one behind another, `counts[r]` numbers of rank r, the same `counts` on every rank. */
  allGather(part: Float32Array, counts: readonly number[]): Promise<Float32Array>;
  /** Slice r of `values`, which has `size` slices of one length, goes to rank r; returns the slices that came, by rank. */
  exchange(values: Float32Array): Promise<Float32Array>;
  /** Overwrites the values of every rank with those of rank 0. */
  broadcast(values: Float32Array | Uint8Array): Promise<void>;
  barrier(): Promise<void>;
}
