/** The main thread's end of the line to the thread of ONNX Runtime: requests with answers, in order. */
import { Worker } from 'node:worker_threads';
import { WorkError } from '../../core/errors.js';
import type { Answer, Envelope, Request } from './messages.js';

type Success = Extract<Answer, { ok: true }>;

export class Connection {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(answer: Success): void; reject(error: Error): void }>();
  private nextId = 0;
  private failure: Error | undefined;
  private closing: Promise<void> | undefined;

  constructor() {
    // without the options of this process: a thread refuses some of them, such as the --input-type of `node -e`
    this.worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] });
    this.worker.unref();
    this.worker.on('message', ({ id, body }: Envelope<Answer>) => {
      const request = this.waiting.get(id);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.worker.unref();
      if (body.ok) request?.resolve(body);
      else request?.reject(new WorkError(`ONNX Runtime: ${body.message}`));
    });
    const broken = (error: Error): void =>
      this.fail(new WorkError(`the thread of ONNX Runtime failed: ${error.message}`, { cause: error }));
    this.worker.on('error', broken);
    this.worker.on('messageerror', broken);
    this.worker.on('exit', (code) => this.fail(new WorkError(`the thread of ONNX Runtime ended with code ${code}`)));
  }

  /** Buffers in `transfer` move to the other thread; everything else is copied. */
  request(body: Request, transfer: ArrayBuffer[] = []): Promise<Success> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      // throws for data that cannot be sent, such as an array that was transferred before
      this.worker.postMessage({ id, body } satisfies Envelope<Request>, transfer);
      this.waiting.set(id, { resolve, reject });
      // the process stays alive exactly while an answer is outstanding
      this.worker.ref();
    });
  }

  /** Answers what is under way, refuses what comes later, and ends the thread. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    // a thread that is terminated inside ONNX Runtime aborts the whole process, so this waits for the last answer
    const idle = this.request({ kind: 'release', tensors: [] }).catch(() => undefined);
    this.failure ??= new WorkError('the engine is closed');
    await idle;
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const request of this.waiting.values()) request.reject(this.failure);
    this.waiting.clear();
  }
}
