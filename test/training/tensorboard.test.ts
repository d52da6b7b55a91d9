import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openEventWriter } from '../../lib/training/tensorboard.js';
import { writeProjector } from '../../lib/training/tensorboard-projector.js';

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

describe('histograms and settings', () => {
  it('puts every value into one bucket between the least and the greatest', () => {
    const writer = openEventWriter(folder);
    writer.histograms(3, { spread: [0, 1, 1, 2.5, 30], alike: [2, 2, 2] });
    writer.close();
    const event = new Map(fields(records(writer.path)[1]!));
    const [spread, alike] = fields(event.get(5) as Buffer).map(([, value]) => {
      const parts = new Map(fields(value as Buffer));
      const histogram = new Map(fields(parts.get(5) as Buffer));
      const doubles = (field: number): number[] => {
        const bytes = histogram.get(field) as Buffer;
        return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
      };
      return {
        tag: String(parts.get(1)),
        limits: doubles(6),
        counts: doubles(7),
        numbers: [1, 2, 3, 4, 5].flatMap(doubles),
      };
    });
    expect(spread).toMatchObject({ tag: 'spread', numbers: [0, 30, 5, 34.5, 908.25] });
    expect(spread!.limits).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(spread!.counts.slice(0, 3)).toEqual([1, 2, 1]);
    expect(spread!.counts.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(alike).toMatchObject({ tag: 'alike', limits: [2], counts: [3], numbers: [2, 2, 3, 6, 12] });
  });

  it('tells the HPARAMS tab the settings and the ending of a run', () => {
    const writer = openEventWriter(folder);
    writer.startSession({ rate: 0.5, symmetric: true, method: 'lora' });
    writer.endSession('success');
    writer.close();
    const contents = records(writer.path)
      .slice(1)
      .map((record) => {
        const value = new Map(fields(new Map(fields(new Map(fields(record)).get(5) as Buffer)).get(1) as Buffer));
        const plugin = new Map(fields(new Map(fields(value.get(9) as Buffer)).get(1) as Buffer));
        expect(String(plugin.get(1))).toBe('hparams');
        return { tag: String(value.get(1)), data: new Map(fields(plugin.get(2) as Buffer)) };
      });
    expect(contents.map(({ tag }) => tag)).toEqual(['_hparams_/session_start_info', '_hparams_/session_end_info']);
    const settings = fields(contents[0]!.data.get(3) as Buffer)
      .filter(([field]) => field === 1)
      .map(([, entry]) => {
        const pair = new Map(fields(entry as Buffer));
        const [[kind, value]] = fields(pair.get(2) as Buffer) as [Field];
        return [
          String(pair.get(1)),
          kind === 2 ? (value as Buffer).readDoubleLE() : kind === 3 ? String(value) : value,
        ];
      });
    expect(settings).toEqual([
      ['rate', 0.5],
      ['symmetric', 1n],
      ['method', 'lora'],
    ]);
    expect(fields(contents[1]!.data.get(4) as Buffer)[0]).toEqual([1, 1n]);
  });

  it('forgets an earlier training when one starts anew', () => {
    openEventWriter(folder).close();
    writeFileSync(join(folder, 'projector_config.pbtxt'), '');
    const writer = openEventWriter(folder);
    writer.close();
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([writer.path, join(folder, 'projector_config.pbtxt')].sort());
  });
});

describe('writeProjector', () => {
  const labels = [
    { title: 'A\ttab', topic: 'gr-qc' },
    { title: 'B', topic: 'hep-th' },
  ];
  it('writes tables of vectors and labels, and what the plugin reads first', async () => {
    const embeddings = Float32Array.of(1, 2, 3, 4, 5, 6.5);
    await writeProjector(folder, [{ name: 'test papers', embeddings, dimensions: 3, labels }]);
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect(read('test-papers-vectors.tsv')).toBe('1\t2\t3\n4\t5\t6.5\n');
    expect(read('test-papers-labels.tsv')).toBe('title\ttopic\nA tab\tgr-qc\nB\thep-th\n');
    expect(read('projector_config.pbtxt')).toBe(
      'embeddings {\n  tensor_name: "test papers"\n  tensor_path: "test-papers-vectors.tsv"\n  metadata_path: "test-papers-labels.tsv"\n}\n',
    );
  });

  it('refuses labels that do not match', async () => {
    const projection = { name: 'x', embeddings: new Float32Array(6), dimensions: 2, labels };
    await expect(writeProjector(folder, [projection])).rejects.toThrow(/3 embeddings of 2 dimensions and 2 labels/);
  });
});
