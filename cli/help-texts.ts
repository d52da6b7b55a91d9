/** What `--help` of each command says beside its options; by the words after `llm-embedding`. */
import { metricHelp, systemHelp } from '../lib/index.js';
import type { HelpTexts } from './help.js';

const TRAINING = [
  'training.epochs',
  'training.maxSteps',
  'training.learningRate',
  'training.temperature',
  'training.patience',
  'batches.pairs',
  'encoder.lora.rank',
];
const EVALUATION = ['evaluation.systems', 'evaluation.metrics', 'evaluation.queries', 'evaluation.index'];

export const HELP_TEXTS: Readonly<Record<string, HelpTexts>> = {
  run: {
    examples: ['run --out checkpoints/first', 'run --data arxiv --field astro-ph --out checkpoints/astro'],
    settings: [...TRAINING, ...EVALUATION],
  },
  runs: { examples: ['runs checkpoints/notebooks', 'runs compare first lr-3e-4'] },
  'runs list': { examples: ['runs list', 'runs list checkpoints/sweep --json'] },
  'runs show': { examples: ['runs show first', 'runs show checkpoints/sweep/lr-3e-4'] },
  'runs compare': {
    examples: ['runs compare first second third', 'runs compare lr-1e-3 lr-3e-4 --in checkpoints/sweep --out lr'],
  },
  'runs rename': { examples: ['runs rename first baseline', 'runs rename lr-3e-4 best --in checkpoints/sweep'] },
  'runs remove': { examples: ['runs remove first', 'runs remove lr-3e-4 --in checkpoints/sweep --yes'] },
  fetch: {
    examples: [
      'fetch --field astro-ph --max-per-category 500 --out astro.jsonl',
      'fetch --categories gr-qc --from 2026-01-01 --out new.jsonl',
    ],
    idle: ['preset', 'seed', 'engine'],
  },
  tokens: {
    examples: ['tokens --plot lengths.svg', 'tokens --data mine.csv --model Qwen/Qwen2.5-0.5B-Instruct'],
    settings: ['tokens.maxTitleTokens', 'tokens.maxAbstractTokens', 'batches.tokenBudget'],
    idle: ['engine'],
  },
  batches: {
    examples: ['batches', 'batches --data mine.csv --set batches.pairs=256 --epoch 1'],
    settings: ['batches.'],
    idle: ['engine'],
  },
  train: {
    examples: [
      'train --out checkpoints/first',
      'train --out checkpoints/first --resume',
      'train --out checkpoints/first --distributed mpi # under srun',
    ],
    settings: [...TRAINING, 'training.method', 'training.loss', 'training.teacher', 'training.validateEvery'],
  },
  estimate: {
    examples: ['estimate', 'estimate --data mine.csv --texts 2800000 --machines 8'],
    settings: ['batches.pairs', 'batches.tokenBudget', 'training.maxSteps', 'tokens.maxAbstractTokens'],
  },
  'lr-find': {
    examples: ['lr-find', 'lr-find --set encoder.lora.rank=64 --from 1e-5 --to 0.1'],
    settings: ['training.temperature', 'batches.pairs', 'encoder.lora.rank'],
  },
  encode: {
    examples: [
      'encode checkpoints/first --input texts.txt --output texts.npy',
      'encode --model sample --input texts.jsonl --output sample.npy',
      'encode --input texts.jsonl --output embeddings.npy --shard 0/40',
      'encode --input all.jsonl --output all.npy --on slurm --shards 40',
    ],
    settings: ['encoder.pooling', 'encoder.queryPrompt', 'batches.tokenBudget', 'threads'],
    idle: ['seed'],
  },
  merge: {
    examples: ['merge embeddings.npy.shards', 'merge checkpoints/sweep --json'],
    idle: ['config', 'preset', 'set', 'seed', 'engine'],
  },
  status: {
    examples: ['status embeddings.npy.shards', 'status checkpoints/sweep --verify'],
    idle: ['config', 'preset', 'set', 'seed', 'engine'],
  },
  resume: {
    examples: ['resume embeddings.npy.shards', 'resume checkpoints/sweep --on local'],
    idle: ['config', 'preset', 'set', 'seed', 'engine'],
  },
  evaluate: {
    examples: [
      'evaluate checkpoints/first --systems untuned,tuned,bm25,hybrid',
      'evaluate --beir scifact --model sample --systems untuned,bm25',
      'evaluate checkpoints/first --on slurm --shards 40',
    ],
    settings: [...EVALUATION, 'evaluation.bootstrapSamples', 'evaluation.quantization'],
    list: { title: 'Systems', columns: systemHelp },
  },
  metrics: {
    examples: [
      'metrics --run mine.trec --qrels qrels.tsv',
      'metrics --run run.trec.gz --qrels qrels.trec --metrics ndcg@10',
    ],
    settings: ['evaluation.bootstrapSamples'],
    list: { title: 'Metrics', columns: metricHelp },
    idle: ['preset', 'engine'],
  },
  mine: {
    examples: ['mine checkpoints/first', 'mine --data mine.csv --system bm25 --set mining.lastRank=100'],
    settings: ['mining.'],
  },
  ablate: {
    examples: [
      'ablate --seeds 3',
      'ablate --vary training.temperature=0.02,0.1 --seeds 5',
      'ablate --seeds 5 --on slurm --shards 50 --time 4:00:00',
    ],
    settings: TRAINING,
  },
  sweep: {
    examples: [
      'sweep --vary training.learningRate=1e-3,3e-4 --seeds 3',
      'sweep --vary encoder.lora.rank=8,16 --vary batches.pairs=64,128',
      'sweep --vary encoder.lora.rank=8,16 --on slurm --shards 2',
    ],
    settings: TRAINING,
  },
  'index build': {
    examples: [
      'index build arxiv.safetensors --to arxiv.index',
      'index build arxiv.npy --to arxiv.index --kind binary',
    ],
    settings: ['threads'],
    idle: ['preset'],
  },
  'index push': {
    examples: [
      'index push arxiv.safetensors --store lancedb:arxiv.lance',
      'index push arxiv.npy --store lancedb:s3://bucket/arxiv --table qwen --replace',
    ],
  },
  search: {
    examples: [
      'search "black hole mergers"',
      'search checkpoints/first "dark matter" --system hybrid --k 5',
      'search checkpoints/first "dark matter" --index arxiv.index',
    ],
    idle: ['preset', 'seed'],
  },
  serve: {
    examples: ['serve checkpoints/first', 'serve sample --host 0.0.0.0 --api-key-file keys.txt'],
  },
  export: {
    examples: [
      'export checkpoints/first --to sentence-transformers',
      'export checkpoints/first --to onnx --precision f32,int8',
      'export checkpoints/first --to site',
    ],
  },
  push: {
    examples: ['push checkpoints/first me/my-encoder', 'push checkpoints/first me/my-encoder --to onnx'],
    note: 'The token is HF_TOKEN, or what `hf auth login` keeps; it has to allow writing.',
  },
  pull: {
    examples: ['pull intfloat/e5-small-v2 --out models/e5', 'pull me/my-encoder --revision main --out encoder'],
  },
  pretrain: {
    examples: [
      'pretrain --data snapshot.jsonl.gz --out encoder',
      'pretrain --data all.jsonl.gz --exclude-topics gr-qc --out model',
    ],
    settings: ['pretraining.vocabularySize', 'pretraining.hiddenSize', 'pretraining.phases', 'pretraining.testPapers'],
    idle: ['preset'],
  },
  doctor: { examples: ['doctor', 'doctor --engine tensorflow --json'], idle: ['seed'] },
};
