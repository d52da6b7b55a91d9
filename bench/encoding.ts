/**
 * Encoding abstracts with a small encoder by the distinct tokens of its texts, beside the same encoder on all tokens and
 * another model, tokenizing included. The sides take turns on the same texts.
 *
 *     node dist/bench/encoding.js --data SNAPSHOT [--texts 2000] [--turns 4] [--threads 1] [--model sample]
 *                                 [--other HUB_ID_OR_DIR] [--max-length 512]
 *
 * "start" is what a process takes before its first text: Node.js, the model, the checks of its weights. The first turn has
 * what is paid once: tracing, and the tables of tokens.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveModelFolder } from '../lib/hub/resolve-model.js';
import { nodeContender } from './contender.js';
import type { EncodingContenderOptions } from './contenders/encoding.js';
import { measure } from './measure.js';
import { realPairs, smallestCosine } from './real-pairs.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'sample' },
    texts: { type: 'string', default: '2000' },
    turns: { type: 'string', default: '4' },
    threads: { type: 'string', default: '1' },
    model: { type: 'string', default: 'sample' },
    other: { type: 'string' },
    'max-length': { type: 'string', default: '512' },
  },
});

const [count, turns] = [Number(values.texts), Number(values.turns)];
const pairs = await realPairs(values.data, count);
const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-bench-'));
const texts = join(folder, 'texts.json');
writeFileSync(texts, JSON.stringify(pairs.map(([, abstract]) => abstract)));

const sides: { name: string; model: string; plan: EncodingContenderOptions['plan'] }[] = [
  { name: 'distinct tokens', model: values.model, plan: 'distinct-tokens' },
  { name: 'all tokens', model: values.model, plan: 'whole-graph' },
];
if (values.other) sides.push({ name: values.other, model: values.other, plan: 'auto' });

try {
  const outputs = sides.map((_, i) => join(folder, `${i}.f32`));
  const contenders = await Promise.all(
    sides.map(async ({ name, model, plan }, i) =>
      nodeContender(name, 'encoding', {
        model: await resolveModelFolder(model, { revision: 'main' }),
        plan,
        texts,
        turns,
        maxLength: Number(values['max-length']),
        threads: Number(values.threads),
        out: outputs[i] as string,
      } satisfies EncodingContenderOptions),
    ),
  );
  const measurements = await measure(contenders, {
    turns,
    warmUp: false,
    onTurn: (note) => process.stderr.write(`\r\u001b[K${note}`),
  });
  process.stderr.write('\r\u001b[K');
  const total = measurements.map(({ allProcessorSeconds }) => allProcessorSeconds);
  console.log(`${count} abstracts in ${turns} turns, tokenizing included; seconds of processor time, of all threads`);
  console.log('                 side   start  encoding  texts/s  ratio');
  measurements.forEach(({ name, description, loadProcessorSeconds }, i) => {
    console.log(
      [
        name.slice(-21).padStart(21),
        loadProcessorSeconds.toFixed(2).padStart(7),
        total[i]!.toFixed(2).padStart(9),
        (count / total[i]!).toFixed(0).padStart(8),
        (total[i]! / total[0]!).toFixed(1).padStart(6),
        ` ${description}`,
      ].join(' '),
    );
  });
  const [own, reference] = outputs.map((path) => new Float32Array(readFileSync(path).buffer));
  console.log(`smallest cosine between the first two: ${smallestCosine(own!, reference!, count).toFixed(8)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
