import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openEventWriter } from '../../lib/training/tensorboard.js';

const root = mkdtempSync(join(tmpdir(), 'tensorboard-'));
const folder = join(root, 'run');
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => rmSync(folder, { recursive: true, force: true }));

/** CRC-32C bit by bit, from its polynomial. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The records of a file; every length and checksum must be right. */
function records(path: string): Buffer[] {
  const bytes = readFileSync(path);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmask(bytes.readUInt32LE(at + 8))).toBe(crc32c(bytes.subarray(at, at + 8)));
    expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(crc32c(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

type Field = [number, bigint | Buffer];

/** The fields of a protocol buffers message, in their order. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    if (type === 0) found.push([tag >>> 3, varint()]);
    else {
      expect([1, 2, 5]).toContain(type);
      const length = type === 1 ? 8 : type === 5 ? 4 : Number(varint());
      expect(at + length).toBeLessThanOrEqual(message.length);
      found.push([tag >>> 3, message.subarray(at, at + length)]);
      at += length;
    }
  }
  return found;
}

interface Scalars {
  step: number;
  wallTime: number;
  values: Record<string, number>;
}

function scalarsOf(record: Buffer): Scalars {
  const event = new Map(fields(record));
  const values: Record<string, number> = {};
  for (const [number, value] of fields(event.get(5) as Buffer)) {
    expect(number).toBe(1);
    const scalar = new Map(fields(value as Buffer));
    values[(scalar.get(1) as Buffer).toString()] = (scalar.get(2) as Buffer).readFloatLE();
  }
  return { step: Number(event.get(2)), wallTime: (event.get(1) as Buffer).readDoubleLE(), values };
}

describe('openEventWriter', () => {
  it('writes the version, then scalars by tag and step', () => {
    const writer = openEventWriter(folder);
    writer.scalars(1, { 'train/loss': 2.5, 'train/learning_rate': 0.25 }, 1_700_000_000.5);
    writer.scalars(3_000_000_000, { 'train/loss': -0.125 });
    writer.scalars(2, { é: Infinity, overflow: 1e300, undefined: NaN });
    writer.flush();
    const [version, first, second, third, ...rest] = records(writer.path);
    expect((new Map(fields(version!)).get(3) as Buffer).toString()).toBe('brain.Event:2');
    expect(scalarsOf(first!)).toEqual({
      step: 1,
      wallTime: 1_700_000_000.5,
      values: { 'train/loss': 2.5, 'train/learning_rate': 0.25 },
    });
    expect(scalarsOf(second!)).toMatchObject({ step: 3_000_000_000, values: { 'train/loss': -0.125 } });
    expect(Math.abs(scalarsOf(second!).wallTime - Date.now() / 1000)).toBeLessThan(60);
    expect(scalarsOf(third!).values).toEqual({ é: Infinity, overflow: Infinity, undefined: NaN });
    expect(rest).toEqual([]);
    writer.close();
  });

  it('adds a file that sorts behind the others on resumption, and says from which step it counts', () => {
    const paths = [0, 1, 2].map((resumeStep) => {
      const writer = openEventWriter(folder, resumeStep > 0 ? { resumeStep: resumeStep * 10 } : {});
      writer.scalars(resumeStep * 10, { loss: 1 });
      writer.close();
      return writer.path;
    });
    expect(
      readdirSync(folder)
        .sort()
        .map((name) => join(folder, name)),
    ).toEqual(paths);
    const [, start, scalars] = records(paths[2]!);
    const event = new Map(fields(start!));
    expect(event.get(2)).toBe(20n);
    expect(fields(event.get(7) as Buffer)).toEqual([[1, 1n]]);
    expect(scalarsOf(scalars!)).toMatchObject({ step: 20, values: { loss: 1 } });
  });

  it('never touches an older file on resumption, even one cut by a kill', () => {
    const first = openEventWriter(folder);
    first.scalars(1, { loss: 1 });
    first.close();
    appendFileSync(first.path, Buffer.from([7, 0, 0]));
    const before = readFileSync(first.path);
    openEventWriter(folder, { resumeStep: 2 }).close();
    expect(readFileSync(first.path).equals(before)).toBe(true);
  });

  it('says where it could not write', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => openEventWriter(join(file, 'run'))).toThrow(`could not write events to ${join(file, 'run')}`);
  });
});
