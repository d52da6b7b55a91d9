/**
 * Event files for TensorBoard: scalars and histograms by tag and step, and the settings of the run.
 *
 * A file is a sequence of records (TensorFlow's TFRecord), each
 *
 *   8 bytes  length of the data, little-endian     4 bytes  masked CRC-32C of those 8 bytes
 *   n bytes  data: an Event in protocol buffers    4 bytes  masked CRC-32C of the data
 *
 * The messages are those of tensorboard/compat/proto/{event,summary}.proto. TensorBoard reads all files of a folder in the
 * order of their names and shows them as one run, so a resumed training adds a file of its own. A training that starts anew
 * removes the files of the one before, which would otherwise show through.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { WorkError } from '../core/errors.js';
import {
  type Hyperparameters,
  histogramValue,
  type SummaryValue,
  scalarValue,
  sessionEndValue,
  sessionStartValue,
} from './tensorboard-summaries.js';

// The package types only its CRC-32; the Castagnoli variant is a second CommonJS file of the same interface.
const crc32c = createRequire(import.meta.url)('crc-32/crc32c.js') as typeof import('crc-32');

/** Field numbers. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const SUMMARY = { value: 1 };
const SESSION_LOG = { status: 1 };
/** A session that starts at a step makes TensorBoard forget what an earlier, interrupted one wrote from there on. */
const SESSION_START = 1;

const EVENT_FILE = /^events\.out\.tfevents\.(\d+)\./;

export interface EventWriter {
  /** The file being written. */
  readonly path: string;
  /** @param wallTime seconds since 1970, now by default */
  scalars(step: number, values: Record<string, number>, wallTime?: number): void;
  /** @param values finite numbers, at least one for each tag */
  histograms(step: number, values: Readonly<Record<string, readonly number[]>>): void;
  /** Tells the HPARAMS tab the settings of the run, once at its start. */
  startSession(hyperparameters: Hyperparameters): void;
  /** Tells it how the run ended. */
  endSession(status: 'success' | 'failure'): void;
  /** Waits until what was written is on the disk. */
  flush(): void;
  close(): void;
}

/**
 * Starts a new event file in a folder, which is made if needed.
 *
 * @param options.resumeStep first step of a resumed training; older events from this step on are no longer shown. Without
 *   it the folder's event files are removed
 * @throws WorkError where the file can't be written
 */
export function openEventWriter(folder: string, options: { resumeStep?: number } = {}): EventWriter {
  try {
    mkdirSync(folder, { recursive: true });
    if (options.resumeStep === undefined) {
      for (const name of readdirSync(folder)) if (EVENT_FILE.test(name)) rmSync(join(folder, name));
    }
    const path = join(folder, nextFileName(readdirSync(folder)));
    const writer = new EventFile(path, openSync(path, 'wx'));
    writer.write(newEvent().tag(EVENT.fileVersion, WireType.LengthDelimited).string('brain.Event:2'));
    if (options.resumeStep !== undefined) {
      const event = newEvent().tag(EVENT.step, WireType.Varint).int64(options.resumeStep);
      event.tag(EVENT.sessionLog, WireType.LengthDelimited).fork();
      event.tag(SESSION_LOG.status, WireType.Varint).int32(SESSION_START).join();
      writer.write(event);
    }
    return writer;
  } catch (error) {
    throw new WorkError(`could not write events to ${folder}: ${(error as Error).message}`, { cause: error });
  }
}

class EventFile implements EventWriter {
  constructor(
    readonly path: string,
    private readonly descriptor: number,
  ) {}

  scalars(step: number, values: Record<string, number>, wallTime?: number): void {
    const scalars = Object.entries(values).map(([tag, value]) => scalarValue(tag, value));
    this.summary(step, scalars, wallTime);
  }

  histograms(step: number, values: Readonly<Record<string, readonly number[]>>): void {
    const histograms = Object.entries(values).map(([tag, numbers]) => histogramValue(tag, numbers));
    this.summary(step, histograms);
  }

  startSession(hyperparameters: Hyperparameters): void {
    this.summary(0, [sessionStartValue(hyperparameters, Date.now() / 1000)]);
  }

  endSession(status: 'success' | 'failure'): void {
    this.summary(0, [sessionEndValue(status, Date.now() / 1000)]);
  }

  flush(): void {
    fsyncSync(this.descriptor);
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private summary(step: number, values: readonly SummaryValue[], wallTime?: number): void {
    const event = newEvent(wallTime).tag(EVENT.step, WireType.Varint).int64(step);
    event.tag(EVENT.summary, WireType.LengthDelimited).fork();
    for (const writeValue of values) {
      event.tag(SUMMARY.value, WireType.LengthDelimited).fork();
      writeValue(event);
      event.join();
    }
    this.write(event.join());
  }

  /** One record in one write, so that a reader of the growing file never waits for half of one for long. */
  write(event: BinaryWriter): void {
    const data = event.finish();
    const record = Buffer.alloc(data.length + 16);
    record.writeBigUInt64LE(BigInt(data.length), 0);
    record.writeUInt32LE(maskedChecksum(record.subarray(0, 8)), 8);
    record.set(data, 12);
    record.writeUInt32LE(maskedChecksum(data), 12 + data.length);
    writeSync(this.descriptor, record);
  }
}

function newEvent(wallTime: number = Date.now() / 1000): BinaryWriter {
  return new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(wallTime);
}

/** Rotated and offset, since a CRC over data that holds its own CRC says little (TFRecord). */
function maskedChecksum(bytes: Uint8Array): number {
  const checksum = crc32c.buf(bytes) >>> 0;
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

/** Names start with the time in seconds; a later file must sort behind an earlier one even within a second. */
function nextFileName(present: string[]): string {
  const times = present.map((name) => Number(EVENT_FILE.exec(name)?.[1] ?? 0));
  const time = Math.max(Math.floor(Date.now() / 1000), ...times.map((t) => t + 1));
  return `events.out.tfevents.${String(time).padStart(10, '0')}.${hostname()}.${process.pid}`;
}
