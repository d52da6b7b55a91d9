/** The figures as a table of Markdown, ready for an issue or a report. */
import type { ModelConfig } from '../../lib/models/architecture.js';
import { linearWeights, operationsPerToken, type Work } from './arithmetic.js';
import type { Experiment } from './checks.js';
import type { Profile } from './profile.js';
import type { PytorchResult } from './pytorch.js';
import type { Throughput } from './throughput.js';

export interface Figures {
  date: string;
  device: string;
  engine: string;
  model: ModelConfig;
  /** Operations a second: of the data sheet, where known, and of a plain product of matrices here. */
  peak: number | undefined;
  measuredPeak: number;
  throughput: Throughput[];
  pytorch: PytorchResult | null;
  profile: Profile | null;
  /** Bytes that the device or the process had taken in the end. */
  memory: number;
  agreement: boolean | null;
  experiments: Experiment[];
}

/** What the project aims at, for Qwen2.5-0.5B on an H200: 40 % of its peak. */
const AIM: Record<Work, number> = { training: 276_000, encoding: 553_000 };

export function markdown(figures: Figures): string {
  const { device, engine, model, peak, measuredPeak, pytorch, memory, agreement, experiments } = figures;
  const tera = (operations: number): string => `${(operations / 1e12).toPrecision(3)} TFLOPS`;
  const lines = [
    `# ${device}, ${figures.date}`,
    '',
    `${engine}. Model: ${model.layers} layers of Qwen2.5-0.5B's shape, ${(linearWeights(model) / 1e6).toFixed(0)} M weights in linear layers, LoRA of rank 16 on all of them.`,
    `A plain product of matrices reaches ${tera(measuredPeak)}${peak ? ` of the ${tera(peak)} of the data sheet` : ''}. Memory in the end: ${(memory / 1e9).toFixed(2)} GB.`,
    'Tokens without padding. MFU: 2 (encoding) or 4 (training) operations a token and weight; recomputation, attention and padding do not count.',
    '',
    ...throughputTable(figures),
    '',
    pytorch
      ? `PyTorch ${pytorch.torch} with PEFT in bfloat16, same model and micro-batches, on ${pytorch.device}.`
      : 'PyTorch with transformers and PEFT is not installed (PYTHON names an interpreter that has them): no comparison.',
    `Aim, on an H200: ${AIM.training} tokens/s training, ${AIM.encoding} encoding (40 % MFU).`,
  ];
  if (figures.profile) lines.push('', ...profileTable(figures.profile));
  if (agreement !== null) lines.push('', `Agreement tests: ${agreement ? 'all passed' : 'FAILED, see above'}.`);
  for (const { engine: name, precision, seconds, mrr } of experiments) {
    lines.push(`Sample experiment, ${name} in ${precision}: MRR@10 ${mrr.toFixed(4)}, ${seconds.toFixed(0)} s.`);
  }
  return `${lines.join('\n')}\n`;
}

function throughputTable({ throughput, pytorch, peak, measuredPeak, model }: Figures): string[] {
  const rows = throughput.map(({ work, budget, tokensPerSecond, padding }) => {
    const other = pytorch?.results.find((result) => result.work === work && result.budget === budget)?.tokensPerSecond;
    const operations = (tokensPerSecond ?? 0) * operationsPerToken(model, work);
    return [
      work,
      String(budget),
      `${(100 * padding).toFixed(1)} %`,
      tokensPerSecond?.toFixed(0) ?? 'out of memory',
      peak ? `${((100 * operations) / peak).toFixed(1)} %` : '-',
      `${((100 * operations) / measuredPeak).toFixed(1)} %`,
      other?.toFixed(0) ?? '-',
      other && tokensPerSecond ? (tokensPerSecond / other).toFixed(2) : '-',
    ];
  });
  const head = ['work', 'micro-batch', 'padding', 'tokens/s', 'MFU', 'of a product', 'PyTorch', 'ratio'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** Op kinds that matter; the rest in one line. */
function profileTable({ budget, preparation, total, serialized, dispatch, ops }: Profile): string[] {
  const milliseconds = (value: number): string => value.toFixed(1);
  const shown = ops.slice(0, 12);
  const rest = ops.slice(12).reduce((sum, op) => sum + op.milliseconds, 0);
  const count = ops.reduce((sum, op) => sum + op.count, 0);
  return [
    `Training micro-batch of ${budget} tokens: ${milliseconds(total)} ms, ${count} ops. The host prepares ${milliseconds(preparation)} ms of it; the same ops on one text of 8 tokens take ${milliseconds(dispatch)} ms, the floor that handing them over sets. With a wait after each op, ${milliseconds(serialized)} ms:`,
    '',
    '| op | count | ms | share |',
    '| --- | --- | --- | --- |',
    ...shown.map(
      (op) =>
        `| ${op.name} | ${op.count} | ${milliseconds(op.milliseconds)} | ${((100 * op.milliseconds) / serialized).toFixed(1)} % |`,
    ),
    `| others | | ${milliseconds(rest)} | ${((100 * rest) / serialized).toFixed(1)} % |`,
  ];
}
