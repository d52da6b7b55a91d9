/**
 * Texts of many requests that wait for the encoder. Requests take turns text by text, so that a short one does not wait for a
 * long one to end.
 */

/** The texts of one request. */
export class Job {
  /** [n, D] */
  readonly rows: Float32Array;
  /** The first text that still waits. */
  next = 0;
  /** Texts without a row. */
  private left: number;
  private isEnded = false;

  constructor(
    readonly ids: readonly Int32Array[],
    private readonly dimensions: number,
    private readonly whenEnded: (result: { rows: Float32Array } | { error: unknown }) => void,
  ) {
    this.rows = new Float32Array(ids.length * dimensions);
    this.left = ids.length;
  }

  /** Ends with the last row. */
  setRow(text: number, row: Float32Array): void {
    this.rows.set(row, text * this.dimensions);
    this.left--;
    if (this.left === 0) this.end({ rows: this.rows });
  }

  /** Ends once; what comes after is for nobody. */
  end(result: { rows: Float32Array } | { error: unknown }): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.whenEnded(result);
  }
}

/** One text that was taken. */
export interface Taken {
  job: Job;
  /** Its place in the request. */
  text: number;
  ids: Int32Array;
}

export class WaitingTexts {
  private readonly jobs: Job[] = [];
  tokens = 0;
  texts = 0;

  add(job: Job): void {
    this.tokens += tokensOf(job.ids);
    this.texts += job.ids.length;
    this.jobs.push(job);
  }

  /** A text of each request in turn, until there are so many tokens. */
  take(most: number): Taken[] {
    const taken: Taken[] = [];
    let tokens = 0;
    for (let job = this.jobs.shift(); job !== undefined; job = tokens < most ? this.jobs.shift() : undefined) {
      const text = job.next++;
      const ids = job.ids[text] as Int32Array;
      taken.push({ job, text, ids });
      tokens += ids.length;
      if (job.next < job.ids.length) this.jobs.push(job);
    }
    this.tokens -= tokens;
    this.texts -= taken.length;
    return taken;
  }

  /** Takes out what still waits of a request. */
  remove(job: Job): void {
    const place = this.jobs.indexOf(job);
    if (place < 0) return;
    this.jobs.splice(place, 1);
    this.tokens -= tokensOf(job.ids.slice(job.next));
    this.texts -= job.ids.length - job.next;
  }
}

export function tokensOf(ids: readonly Int32Array[]): number {
  return ids.reduce((sum, { length }) => sum + length, 0);
}
