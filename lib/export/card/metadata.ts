/** What the hub reads of a card: the lines between `---` (https://huggingface.co/docs/hub/model-cards). */

import { dataSets } from '../../datasets/pairs/sets.js';
import { metricLabel } from '../../display/format.js';
import type { MetricValue, Report } from '../../evaluation/report.js';
import type { CardContent } from './content.js';
import { yaml } from './markdown.js';

/** The fields in the order in which people write them; those without a value are left out. */
export function cardMetadata(content: CardContent): string {
  const { source, target, licence, language, datasets } = content;
  const isSentence = target.name === 'sentence-transformers';
  const fields: Record<string, unknown> = {
    library_name: target.library,
    pipeline_tag: isSentence ? 'sentence-similarity' : 'feature-extraction',
    license: licence,
    language,
    base_model: source.hubBase,
    base_model_relation: source.hubBase === null ? null : relation(content),
    datasets: datasets.length > 0 ? datasets : null,
    tags: tagsOf(content),
    'model-index': source.run?.report ? [modelIndex(content, source.run.report)] : null,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value == null ? [] : [`${name}: ${yaml(value)}`]));
  return `---\n${lines.join('\n')}\n---\n`;
}

function relation({ source, target }: CardContent): string {
  if (target.name === 'peft') return 'adapter';
  return source.run || source.adapter ? 'finetune' : 'quantized';
}

function tagsOf({ source, target }: CardContent): string[] {
  const tags = ['sentence-transformers', 'sentence-similarity', 'feature-extraction', 'information-retrieval'];
  if (target.name === 'onnx') tags.push('onnx', 'transformers.js');
  if (source.adapter) tags.push('lora');
  return [...tags, source.config.modelType, 'llm-embedding'];
}

function modelIndex({ source, title, ofPairs }: CardContent, report: Report): unknown {
  const tuned = report.systems.find(({ name }) => name === 'tuned');
  return {
    name: title,
    results: tuned
      ? [
          {
            task: { type: 'information-retrieval', name: 'Information Retrieval' },
            dataset: {
              name: `${ofPairs ? 'queries against documents' : 'titles against abstracts'}, ${report.config.evaluation.split} side`,
              type: dataSets(source.settings.datasets)
                .map((set) => dataName(set.source))
                .join(', '),
              split: report.config.evaluation.split,
            },
            metrics: Object.entries(tuned.metrics).map(([name, value]) => metricEntry(name, value)),
          },
        ]
      : [],
  };
}

function metricEntry(name: string, { value, low, high }: MetricValue): unknown {
  // what the hub knows: "mrr_at_10"
  const { name: kind, cutoff } = partsOf(name);
  return {
    type: cutoff === null ? kind : `${kind}_at_${cutoff}`,
    name: metricLabel(name),
    value: round(value),
    args: { confidence_interval_95: [round(low), round(high)] },
  };
}

function partsOf(metric: string): { name: string; cutoff: string | null } {
  const [name = metric, cutoff = null] = metric.split('@');
  return { name, cutoff };
}

function round(value: number): number {
  return Number(value.toFixed(4));
}

/** A source of papers as others may see it: not where it lies on this machine. */
export function dataName(source: string): string {
  return source.split(/[\\/]/).filter(Boolean).at(-1) ?? source;
}
