/**
 * The values of TensorBoard's events, as protocol buffers: tensorboard/compat/proto/{summary,histogram,tensor}.proto and
 * tensorboard/plugins/hparams/{api,plugin_data}.proto. Numbers are those of their fields.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const VALUE = { tag: 1, simpleValue: 2, histogram: 5, tensor: 8, metadata: 9 };
const HISTOGRAM = { min: 1, max: 2, count: 3, sum: 4, sumOfSquares: 5, limits: 6, buckets: 7 };
const METADATA = { pluginData: 1 };
const PLUGIN_DATA = { name: 1, content: 2 };
const TENSOR = { dtype: 1, shape: 2, floats: 5 };
const DT_FLOAT = 1;
const HPARAMS = { version: 1, sessionStart: 3, sessionEnd: 4 };
const SESSION_START = { hparams: 1, startTime: 5 };
const SESSION_END = { status: 1, endTime: 2 };
const STATUS = { success: 1, failure: 2 };
const MAP_ENTRY = { key: 1, value: 2 };
const ANY_VALUE = { number: 2, string: 3, boolean: 4 };

/** Writes one value of a summary. */
export type SummaryValue = (value: BinaryWriter) => void;

export function scalarValue(tag: string, value: number): SummaryValue {
  return (out) => {
    out.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
    // beyond the range of float32 the writer would throw; TensorBoard draws an infinity
    out.tag(VALUE.simpleValue, WireType.Bit32).float(Math.fround(value));
  };
}

/** Buckets of equal width between the least and the greatest value, as TensorBoard's own writer makes them. */
const BUCKETS = 30;

/** @param values at least one, all finite */
export function histogramValue(tag: string, values: readonly number[]): SummaryValue {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const buckets = max > min ? BUCKETS : 1;
  const width = (max - min) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  for (const value of values) counts[width > 0 ? Math.min(buckets - 1, Math.floor((value - min) / width)) : 0]!++;
  const limits = counts.map((_, i) => (i === buckets - 1 ? max : min + (i + 1) * width));
  const sum = (of: (value: number) => number): number => values.reduce((total, value) => total + of(value), 0);
  return (out) => {
    out.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
    out.tag(VALUE.histogram, WireType.LengthDelimited).fork();
    out.tag(HISTOGRAM.min, WireType.Bit64).double(min);
    out.tag(HISTOGRAM.max, WireType.Bit64).double(max);
    out.tag(HISTOGRAM.count, WireType.Bit64).double(values.length);
    out.tag(HISTOGRAM.sum, WireType.Bit64).double(sum((value) => value));
    out.tag(HISTOGRAM.sumOfSquares, WireType.Bit64).double(sum((value) => value * value));
    for (const [field, numbers] of [
      [HISTOGRAM.limits, limits],
      [HISTOGRAM.buckets, counts],
    ] as const) {
      out.tag(field, WireType.LengthDelimited).fork();
      for (const number of numbers) out.double(number);
      out.join();
    }
    out.join();
  };
}

export type Hyperparameters = Readonly<Record<string, string | number | boolean>>;

/** Begins a session of the HPARAMS plugin, whose tab compares the runs below one folder by these settings. */
export function sessionStartValue(hyperparameters: Hyperparameters, startTime: number): SummaryValue {
  return pluginValue('_hparams_/session_start_info', (content) => {
    content.tag(HPARAMS.sessionStart, WireType.LengthDelimited).fork();
    for (const [name, value] of Object.entries(hyperparameters)) {
      content.tag(SESSION_START.hparams, WireType.LengthDelimited).fork();
      content.tag(MAP_ENTRY.key, WireType.LengthDelimited).string(name);
      content.tag(MAP_ENTRY.value, WireType.LengthDelimited).fork();
      if (typeof value === 'number') content.tag(ANY_VALUE.number, WireType.Bit64).double(value);
      else if (typeof value === 'boolean') content.tag(ANY_VALUE.boolean, WireType.Varint).bool(value);
      else content.tag(ANY_VALUE.string, WireType.LengthDelimited).string(value);
      content.join().join();
    }
    content.tag(SESSION_START.startTime, WireType.Bit64).double(startTime).join();
  });
}

export function sessionEndValue(status: keyof typeof STATUS, endTime: number): SummaryValue {
  return pluginValue('_hparams_/session_end_info', (content) => {
    content.tag(HPARAMS.sessionEnd, WireType.LengthDelimited).fork();
    content.tag(SESSION_END.status, WireType.Varint).int32(STATUS[status]);
    content.tag(SESSION_END.endTime, WireType.Bit64).double(endTime).join();
  });
}

/** The content stands in the metadata; the tensor is a zero, since a value without one is dropped. */
function pluginValue(tag: string, write: (content: BinaryWriter) => void): SummaryValue {
  const content = new BinaryWriter().tag(HPARAMS.version, WireType.Varint).int32(0);
  write(content);
  return (out) => {
    out.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
    out.tag(VALUE.tensor, WireType.LengthDelimited).fork();
    out.tag(TENSOR.dtype, WireType.Varint).int32(DT_FLOAT);
    // of the shape [1]
    out.tag(TENSOR.shape, WireType.LengthDelimited).fork();
    out.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(1).join().join();
    out.tag(TENSOR.floats, WireType.LengthDelimited).fork().float(0).join().join();
    out.tag(VALUE.metadata, WireType.LengthDelimited).fork();
    out.tag(METADATA.pluginData, WireType.LengthDelimited).fork();
    out.tag(PLUGIN_DATA.name, WireType.LengthDelimited).string('hparams');
    out.tag(PLUGIN_DATA.content, WireType.LengthDelimited).bytes(content.finish());
    out.join().join();
  };
}
