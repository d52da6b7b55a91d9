/**
 * The scale of a row is multiplied in where it costs least, in graphs with weights in 8 bits. A product in bytes gives rows
 * that their scales r [N, 1] are still missing from, and multiplying them in is one more pass over a wide matrix:
 *
 *   y = r P        h = (y + t B) u        next product: bytes of h, by the largest magnitude of each of its rows
 *
 * Where y is only multiplied element by element, added to thin products, and in the end quantized again or multiplied with
 * narrow matrices, the pass is left out. What each row is quantized to does not depend on its scale, and narrow matrices
 * take it in little time:
 *
 *   h' = (P + (t / r) B) u        next product: bytes of h', its result times r
 */
import type { Graph, OnnxNode, ScaledProduct } from './graph.js';
import { type GraphUses, usesOf } from './graph-uses.js';

/** Rewrites the nodes of a graph that is not finished yet. */
export function deferScales(graph: Graph): void {
  if (graph.scaledProducts.size === 0) return;
  let uses = usesOf(graph);
  for (const product of graph.scaledProducts.values()) {
    const reached = reachedBy(graph, product.name, uses);
    if (!reached) continue;
    leaveOut(graph, product, reached);
    uses = usesOf(graph);
  }
  sortNodes(graph, uses);
}

/** What lacks the scale of a product where it is left out, and takes it in another way. */
interface Reached {
  /** Thin products that are added to it: without the scale too. */
  added: OnnxNode[];
  /** Narrow products v t, v^T t and t^T v, and a few columns of v. */
  products: { node: OnnxNode; kind: 'left' | 'transposed left' | 'right' }[];
  /** What is quantized. */
  rows: Set<string>;
}

/** @returns undefined where something needs the scale multiplied in */
function reachedBy(graph: Graph, name: string, uses: GraphUses): Reached | undefined {
  const { producers, readers, thinTerm } = uses;
  const reached: Reached = { added: [], products: [], rows: new Set() };
  const quantizing = new Set(
    [...graph.scaledProducts.values()].flatMap((product) => [product.name, ...product.quantizing]),
  );
  const isNarrow = (node: OnnxNode): boolean => graph.narrowProducts.has(node.outputs[0] as string);
  const lacking = new Set<string>();
  const pending = [name];

  /** Whether a node that reads a value bears that it lacks the scale. */
  const bears = (node: OnnxNode, value: string): boolean => {
    const output = node.outputs[0] as string;
    const [left, right] = node.inputs as [string, string];
    if (node.operator === 'Mul') return pending.push(output) > 0;
    if (node.operator === 'Add') {
      const thin = thinTerm(left === value ? right : left)?.product;
      if (thin) reached.added.push(thin);
      return thin !== undefined && pending.push(output) > 0;
    }
    if (node.operator === 'Gather' && isNarrow(node) && left === value) {
      return reached.products.push({ node, kind: 'left' }) > 0;
    }
    if (node.operator === 'MatMul' && isNarrow(node)) {
      const isRight = right === value;
      if (isRight && producers.get(left)?.operator !== 'Transpose') return false;
      return reached.products.push({ node, kind: isRight ? 'right' : 'left' }) > 0;
    }
    if (node.operator === 'Transpose') {
      const products = readers.get(output) ?? [];
      if (graph.outputValues.includes(output)) return false;
      reached.products.push(...products.map((product) => ({ node: product, kind: 'transposed left' as const })));
      return products.every((product) => product.inputs[0] === output && isNarrow(product));
    }
    reached.rows.add(value);
    return isQuantizing(output);
  };
  /** Whether a node is there to quantize rows, and nothing else reads it or what it leads to. */
  const isQuantizing = (output: string): boolean => {
    if (!quantizing.has(output) || graph.outputValues.includes(output)) return false;
    // the shape and the bytes are those of any scale
    if (INDIFFERENT.has(producers.get(output)?.operator ?? '')) return true;
    const product = graph.scaledProducts.get(output);
    return (
      product !== undefined || (readers.get(output) ?? []).every(({ outputs }) => isQuantizing(outputs[0] as string))
    );
  };
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (lacking.has(value)) continue;
    lacking.add(value);
    const by = value;
    if (graph.outputValues.includes(by) || !(readers.get(by) ?? []).every((node) => bears(node, by))) return undefined;
  }
  // a product of two that both lack it would lack it twice
  const isTwice = ({ operator, inputs }: OnnxNode): boolean =>
    operator === 'Mul' && inputs.every((one) => lacking.has(one));
  return graph.nodes.some(isTwice) ? undefined : reached;
}

/** Operators whose result does not depend on the scale of the rows that they read. */
const INDIFFERENT: ReadonlySet<string> = new Set(['Shape', 'QuantizeLinear']);
/** Keeps what is divided by the scale of a row of zeros from 0 / 0: the smallest number in full precision. */
const SMALLEST = 2 ** -126;

function leaveOut(graph: Graph, left: ScaledProduct, { added, products, rows }: Reached): void {
  const { name, product, scale } = left;
  const times = (value: string): string => graph.addOne('Mul', [value, scale]);
  for (const node of graph.nodes) node.inputs = node.inputs.map((input) => (input === name ? product : input));
  for (const node of added) node.inputs[0] = graph.addOne('Div', [node.inputs[0] as string, scale]);
  for (const { node, kind } of products) {
    if (kind === 'left') multiplyOutput(graph, node, scale);
    else if (kind === 'transposed left') node.inputs[1] = times(node.inputs[1] as string);
    else {
      const transpose = graph.nodes.find(({ outputs }) => outputs[0] === node.inputs[0]) as OnnxNode;
      // anew, since others may read it too
      node.inputs[0] = graph.addOne('Transpose', [times(transpose.inputs[0] as string)], transpose.attributes);
    }
  }
  for (const next of graph.scaledProducts.values()) {
    if (!rows.has(next.rows)) continue;
    const multiplied = graph.nodes.find(({ outputs }) => outputs[0] === next.name) as OnnxNode;
    const both = times(next.scale);
    next.scale = graph.addOne('Max', [both, graph.constant('float32', [], Float32Array.of(SMALLEST))]);
    next.quantizing = [...next.quantizing, both, next.scale];
    multiplied.inputs = [next.product, next.scale];
    if (next.rows === name) next.rows = product;
  }
}

/** The node's output under its name is that times the scale. */
function multiplyOutput(graph: Graph, node: OnnxNode, scale: string): void {
  const output = node.outputs[0] as string;
  const unscaled = `${output}_unscaled`;
  node.outputs = [unscaled];
  graph.nodes.push({ operator: 'Mul', inputs: [unscaled, scale], outputs: [output], attributes: {} });
  graph.narrowProducts.add(unscaled);
  if (graph.thinProducts.delete(output)) graph.thinProducts.add(unscaled);
}

/** Nodes behind what they read, else in the order that they had. */
function sortNodes(graph: Graph, { producers }: GraphUses): void {
  const sorted = new Set<OnnxNode>();
  const place = (node: OnnxNode): void => {
    if (sorted.has(node)) return;
    for (const input of node.inputs) {
      const producer = producers.get(input);
      if (producer) place(producer);
    }
    sorted.add(node);
  };
  for (const node of graph.nodes) place(node);
  graph.nodes.splice(0, graph.nodes.length, ...sorted);
}
