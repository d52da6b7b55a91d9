/** A fetch against the loopback arXiv, in a folder of its own, on a clock that nobody waits for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../lib/datasets/arxiv/clock.js';
import type { FetchOptions } from '../../../lib/datasets/arxiv/options.js';

/** A clock whose waits pass at once and are noted. */
export class TestClock implements Clock {
  time: number = Date.parse('2026-01-05T10:00:00Z');
  readonly waits: number[] = [];

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.time += milliseconds;
  }
}

export class Workplace {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'llm-embedding-test-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  options(name: string, clock: Clock, baseUrl: string, categories: string[]): FetchOptions {
    return {
      categories,
      baseUrl,
      clock,
      out: this.path(`${name}.jsonl`),
      cacheFolder: this.path(`${name}-pages`),
      lockFile: this.path(`${name}-pacing.json`),
      pageSize: 10,
      timeout: 0.2,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
