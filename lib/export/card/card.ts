/** The model card of an export: README.md, which the hub shows. */
import type { Config } from '../../config/config.js';
import { dataSets } from '../../datasets/pairs/sets.js';
import { formatCount, formatQuantity } from '../../display/format.js';
import { lossText } from '../../display/loss-text.js';
import type { CardContent } from './content.js';
import { code, plain, table } from './markdown.js';
import { cardMetadata, dataName } from './metadata.js';
import { filesSection, resultSections } from './results.js';
import { usageSection } from './usage.js';

export function modelCard(content: CardContent): string {
  const { source, title, version } = content;
  const sections: [string, string][] = [
    ['', introduction(content)],
    ['Use', usageSection(content)],
    ...(source.run?.report ? [['Results', resultSections(source.run.report).join('\n\n')] as [string, string]] : []),
    ['Files', filesSection(content)],
    ...(source.run ? [['Training', trainingSection(content)] as [string, string]] : []),
    ['Data', dataSection(content)],
    ['Limits', limitsSection(content)],
    ['Licence', licenceSection(content)],
  ];
  const body = sections.map(([heading, text]) => (heading === '' ? text : `## ${heading}\n\n${text}`));
  return `${cardMetadata(content)}\n# ${plain(title)}\n\n${body.join('\n\n')}\n\nMade by llm-embedding ${plain(version)}.\n`;
}

function introduction({ source }: CardContent): string {
  const { run, config, use } = source;
  const made = run ? `fine-tuned from ${plain(source.baseName)}` : `of ${plain(source.baseName)}`;
  const state =
    run && run.reported.state !== 'finished'
      ? `\n\n**The training is unfinished: ${run.reported.state} at step ${formatCount(run.reported.step)} of ${formatCount(run.reported.totalSteps)}.**`
      : '';
  const dimensions = source.sentence.dense.at(-1)?.outputs ?? config.hiddenSize;
  const rows = [
    ['dimensions', formatCount(dimensions)],
    ['longest input', formatQuantity(use.maxTokens, 'tokens')],
    ['pooling', plain(use.pooling.replaceAll('_', ' '))],
    ['attention', use.causal ? 'causal' : 'bidirectional'],
    ['vectors', use.normalize ? 'of length 1' : 'of any length'],
    ['compared by', use.similarity],
  ];
  return `A text encoder for retrieval, ${made}.${state}\n\n${table(['', ''], rows)}`;
}

function trainingSection({ source }: CardContent): string {
  const { settings, adapter, run } = source;
  const { training, batches, encoder } = settings;
  const lora = adapter?.config;
  const rows: [string, string][] = [
    ['base', code(source.baseName)],
    ...(source.hubBase ? [['revision', code(encoder.revision)] as [string, string]] : []),
    ['method', lora ? `LoRA, rank ${lora.rank}, alpha ${lora.alpha}` : 'all weights'],
    ...(lora ? [['adapted modules', lora.targetModules.map(code).join(', ')] as [string, string]] : []),
    [
      'loss',
      plain(`${lossText(training)}${training.loss === 'infonce' && training.symmetric ? ', both directions' : ''}`),
    ],
    ['pairs per batch', formatCount(batches.pairs * training.accumulationSteps)],
    [
      'steps',
      `${formatCount(run?.provenance?.step ?? run?.reported.step)} of ${formatCount(run?.reported.totalSteps)}`,
    ],
    ['learning rate', `${training.learningRate}, ${training.schedule}`],
    ['weight decay', String(training.weightDecay)],
    ['seed', String(settings.seed)],
  ];
  const own = run?.provenance?.identity.inputs.loss;
  if (own) rows[rows.findIndex(([name]) => name === 'loss')] = ['loss', plain(own)];
  if (training.matryoshkaDimensions.length > 0) {
    rows.push(['Matryoshka dimensions', training.matryoshkaDimensions.join(', ')]);
  }
  return table(['', ''], rows);
}

function dataSection({ source, papers, ofPairs }: CardContent): string {
  const { datasets } = source.settings;
  if (!source.run) return 'See the card of the base model.';
  const counted = papers
    ? ` ${formatQuantity(papers.train, ofPairs ? 'pairs' : 'papers')} to train, ${formatCount(papers.validation)} to validate, ${formatCount(papers.test)} to test.`
    : '';
  const sources = sourcesOf(datasets)
    .map((name) => code(dataName(name)))
    .join(', ');
  if (ofPairs) {
    const sides =
      datasets.leaks === 'keep'
        ? 'Queries and documents of the training may be on the other sides too, as the data have them.'
        : 'No query and no document is on two sides.';
    return `Pairs of a query and a document that answers it: ${sources}.${counted} ${sides}`;
  }
  const categories = Object.entries(datasets.categories)
    .filter(([, names]) => names.length > 0)
    .map(([role, names]) => [plain(role), names.map(code).join(', ')]);
  return `Titles and abstracts of scientific papers, a title being the query for its own abstract: ${sources}.${counted} Near-duplicate titles are on the same side.

${table(['role', 'categories'], categories)}`;
}

function sourcesOf(datasets: Config['datasets']): string[] {
  return dataSets(datasets).map(({ source }) => source);
}

function limitsSection({ source: { use }, target, ofPairs }: CardContent): string {
  const learned = ofPairs ? 'these pairs say' : 'titles and abstracts of these categories say';
  const limits = [
    `It knows what its base knows and what ${learned}; other fields and other languages were not measured.`,
    `Longer texts than ${formatQuantity(use.maxTokens, 'tokens')} lose their end.`,
    ofPairs
      ? 'Measure on queries of your own before you rely on it.'
      : 'A title that finds its abstract is not a question that finds its answer: measure on queries of your own before you rely on it.',
  ];
  if (target.name === 'onnx') {
    limits.push(
      'Texts are padded on the right, but for models with rotary positions, which take either side.',
      'Tokenizers of @huggingface/transformers cut a text that is too long without keeping the special token at its end.',
    );
  }
  return limits.map((limit) => `- ${limit}`).join('\n');
}

function licenceSection({ source, licence, isLicenceOfBase, datasets }: CardContent): string {
  const own = licence
    ? `${code(licence)}${isLicenceOfBase ? `, as its base, ${plain(source.baseName)}` : ''}.`
    : `The folder of its base, ${plain(source.baseName)}, does not name a licence: see the page of that model before you pass this one on.`;
  const isArxiv = sourcesOf(source.settings.datasets).every((name) => ['sample', 'arxiv'].includes(name));
  const data = isArxiv
    ? 'Metadata of arXiv, titles and abstracts among it, is under CC0 1.0.'
    : datasets.length > 0
      ? `The licences of the data are on the pages of ${datasets.map(code).join(', ')}.`
      : 'The licence of the data is for its owner to say.';
  return source.run ? `${own} ${data}` : own;
}
