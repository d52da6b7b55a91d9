/**
 * Reads event files as TensorBoard does: all files of a folder in the order of their names, a file up to the first record
 * that is cut short or damaged, and from a session's start on only what it wrote itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire';

const crc32c = createRequire(import.meta.url)('crc-32/crc32c.js') as typeof import('crc-32');

export interface EventPoint {
  step: number;
  /** NaN where the value is no scalar. */
  value: number;
}

/** What a folder of event files shows, by tag. */
export function readEvents(folder: string): Map<string, EventPoint[]> {
  const shown = new Map<string, EventPoint[]>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.startsWith('events.out.tfevents.')) continue;
    for (const record of records(readFileSync(join(folder, file)))) {
      const { step, sessionStarts, values } = eventOf(record);
      if (sessionStarts) {
        for (const [tag, points] of shown)
          shown.set(
            tag,
            points.filter((point) => point.step < step),
          );
      }
      for (const [tag, value] of values) shown.set(tag, [...(shown.get(tag) ?? []), { step, value }]);
    }
  }
  return shown;
}

function* records(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const end = at + 16 + length;
    if (end > bytes.length) return;
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (bytes.readUInt32LE(at + 8) !== masked(bytes.subarray(at, at + 8))) return;
    if (bytes.readUInt32LE(end - 4) !== masked(data)) return;
    yield data;
    at = end;
  }
}

function masked(bytes: Uint8Array): number {
  const checksum = crc32c.buf(bytes) >>> 0;
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

function eventOf(record: Uint8Array): { step: number; sessionStarts: boolean; values: [string, number][] } {
  let step = 0;
  let sessionStarts = false;
  const values: [string, number][] = [];
  eachField(record, (field, reader, type) => {
    if (field === 2) step = Number(reader.int64());
    else if (field === 7) {
      eachField(reader.bytes(), (inner, log, innerType) => {
        if (inner === 1) sessionStarts = log.int32() === 1;
        else log.skip(innerType);
      });
    } else if (field === 5) {
      eachField(reader.bytes(), (inner, summary, innerType) => {
        if (inner === 1) values.push(scalarOf(summary.bytes()));
        else summary.skip(innerType);
      });
    } else reader.skip(type);
  });
  return { step, sessionStarts, values };
}

function scalarOf(message: Uint8Array): [string, number] {
  let tag = '';
  let value = Number.NaN;
  eachField(message, (field, reader, type) => {
    if (field === 1) tag = reader.string();
    else if (field === 2) value = reader.float();
    else reader.skip(type);
  });
  return [tag, value];
}

function eachField(message: Uint8Array, visit: (field: number, reader: BinaryReader, type: WireType) => void): void {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    visit(field, reader, type);
  }
}
