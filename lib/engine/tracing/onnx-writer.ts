/**
 * Serializes a {@link Graph} as an ONNX model (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): only the
 * messages and fields that traced graphs use, written field by field. The field numbers are those of onnx.proto.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Graph, OnnxConstant, OnnxNode, OnnxType, OnnxValueInfo } from './graph.js';

/** Of the standard operators, in a version that every execution provider of ONNX Runtime implements. */
const OPSET = 17;
const IR_VERSION = 9;
/** Operators of ONNX Runtime's own that graphs for its CPU provider use. */
const OWN_OPERATORS: ReadonlySet<string> = new Set(['MatMulIntegerToFloat', 'FusedMatMul']);
const OWN_DOMAIN = 'com.microsoft';
/** TensorProto.DataType */
const DATA_TYPES: Record<OnnxType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};
/** AttributeProto.AttributeType */
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
/** TensorProto.DataLocation */
const LOCATION_EXTERNAL = 1;

/** The bytes of a ModelProto. */
export function writeModel(graph: Graph): Uint8Array {
  const model = new BinaryWriter();
  model.tag(1, WireType.Varint).int64(IR_VERSION);
  message(model, 8, (opset) => opset.tag(2, WireType.Varint).int64(OPSET));
  if (graph.nodes.some(({ operator }) => OWN_OPERATORS.has(operator))) {
    message(model, 8, (opset) => {
      text(opset, 1, OWN_DOMAIN);
      opset.tag(2, WireType.Varint).int64(1);
    });
  }
  message(model, GRAPH, (body) => writeGraph(body, graph));
  return model.finish();
}

/** Field of GraphProto in ModelProto; of the constants and the inputs in GraphProto; of the name in ValueInfoProto. */
const GRAPH = 7;
const INITIALIZER = 5;
const INPUT = 11;
const INPUT_NAME = 1;

/**
 * The model with values in the place of some of its inputs. As inputs with a default they could change at every run, and
 * ONNX Runtime would prepare nothing for them.
 */
export function withInitializers(model: Uint8Array, values: readonly OnnxConstant[]): Uint8Array {
  if (values.length === 0) return model;
  const given = new Set(values.map(({ name }) => name));
  const writer = new BinaryWriter();
  eachField(model, (field, whole, content) => {
    if (field !== GRAPH) {
      writer.raw(whole);
      return;
    }
    message(writer, GRAPH, (graph) => {
      eachField(content, (part, bytes, input) => {
        if (part !== INPUT || !given.has(inputName(input))) graph.raw(bytes);
      });
      for (const value of values) message(graph, INITIALIZER, (body) => writeConstant(body, value));
    });
  });
  return writer.finish();
}

/** Calls with the number of each field, its bytes, and its content where it is a message. */
function eachField(bytes: Uint8Array, use: (field: number, whole: Uint8Array, content: Uint8Array) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) {
      const content = reader.bytes();
      use(field, bytes.subarray(start, reader.pos), content);
    } else {
      reader.skip(type);
      use(field, bytes.subarray(start, reader.pos), new Uint8Array());
    }
  }
}

function inputName(valueInfo: Uint8Array): string {
  let name = '';
  eachField(valueInfo, (field, _, content) => {
    if (field === INPUT_NAME) name = new TextDecoder().decode(content);
  });
  return name;
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const node of graph.nodes) message(writer, 1, (body) => writeNode(body, node));
  text(writer, 2, 'traced');
  for (const constant of graph.constants) message(writer, INITIALIZER, (body) => writeConstant(body, constant));
  for (const input of graph.inputs) message(writer, INPUT, (body) => writeValueInfo(body, input));
  for (const output of graph.outputs) message(writer, 12, (body) => writeValueInfo(body, output));
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 3, node.outputs[0] as string);
  text(writer, 4, node.operator);
  if (OWN_OPERATORS.has(node.operator)) text(writer, 7, OWN_DOMAIN);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(writer, 5, (attribute) => {
      text(attribute, 1, name);
      if (typeof value === 'number') {
        attribute.tag(3, WireType.Varint).int64(value);
        attribute.tag(20, WireType.Varint).int32(ATTRIBUTE_INT);
      } else {
        for (const item of value) attribute.tag(8, WireType.Varint).int64(item);
        attribute.tag(20, WireType.Varint).int32(ATTRIBUTE_INTS);
      }
    });
  }
}

function writeConstant(writer: BinaryWriter, { name, type, shape, data, external }: OnnxConstant): void {
  for (const dimension of shape) writer.tag(1, WireType.Varint).int64(dimension);
  writer.tag(2, WireType.Varint).int32(DATA_TYPES[type]);
  text(writer, 8, name);
  if (external) {
    for (const [key, value] of Object.entries(external)) {
      message(writer, 13, (entry) => {
        text(entry, 1, key);
        text(entry, 2, String(value));
      });
    }
    writer.tag(14, WireType.Varint).int32(LOCATION_EXTERNAL);
    return;
  }
  writer.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo(writer: BinaryWriter, { name, type, shape }: OnnxValueInfo): void {
  text(writer, 1, name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(DATA_TYPES[type]);
      message(tensor, 2, (shapeProto) => {
        for (const dimension of shape) {
          message(shapeProto, 1, (body) => {
            if (typeof dimension === 'number') body.tag(1, WireType.Varint).int64(dimension);
            else text(body, 2, dimension);
          });
        }
      });
    }),
  );
}

function message(writer: BinaryWriter, field: number, write: (body: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
