/** What `--help` of each command says beside its options; by the words after `llm-embedding`. */
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
    examples: [
      'run --out checkpoints/first',
      'run --data arxiv --field astro-ph --set training.maxSteps=40 --out checkpoints/astro',
    ],
    settings: [...TRAINING, ...EVALUATION],
  },
  runs: { examples: ['runs checkpoints/notebooks', 'runs compare first lr-3e-4'] },
  'runs list': { examples: ['runs list', 'runs list checkpoints/sweep --json'] },
  'runs show': { examples: ['runs show first', 'runs show checkpoints/sweep/lr-3e-4'] },
  'runs compare': {
    examples: ['runs compare first second', 'runs compare first second --in checkpoints/sweep --out comparison'],
  },
  'runs rename': { examples: ['runs rename first baseline', 'runs rename lr-3e-4 best --in checkpoints/sweep'] },
  'runs remove': { examples: ['runs remove first', 'runs remove lr-3e-4 --in checkpoints/sweep --yes'] },
  fetch: {
    examples: [
      'fetch --field astro-ph --max-per-category 500 --out astro.jsonl',
      'fetch --categories gr-qc,hep-th --from 2024-01-01 --out recent.jsonl',
    ],
    idle: ['preset', 'seed', 'engine'],
  },
  tokens: {
    examples: ['tokens --plot lengths.svg', 'tokens --data snapshot.jsonl.gz --model Qwen/Qwen2.5-0.5B-Instruct'],
    settings: ['tokens.maxTitleTokens', 'tokens.maxAbstractTokens', 'batches.tokenBudget'],
    idle: ['engine'],
  },
  batches: {
    examples: ['batches', 'batches --data snapshot.jsonl.gz --set batches.pairs=256 --epoch 1'],
    settings: ['batches.'],
    idle: ['engine'],
  },
  train: {
    examples: [
      'train --out checkpoints/first',
      'train --out checkpoints/first --resume',
      'train --out checkpoints/guided --set training.loss=gist --set training.teacher=sample-general',
      'train --out checkpoints/first --distributed mpi   # after mpirun -n 4 or srun',
    ],
    settings: [...TRAINING, 'training.method', 'training.loss', 'training.teacher', 'training.validateEvery'],
  },
  estimate: {
    examples: ['estimate', 'estimate --data snapshot.jsonl.gz --texts 2800000 --machines 8 --price 0.4'],
    settings: ['batches.pairs', 'batches.tokenBudget', 'training.maxSteps', 'tokens.maxAbstractTokens'],
  },
  'lr-find': {
    examples: ['lr-find', 'lr-find --set encoder.lora.rank=64 --from 1e-5 --to 0.1 --out rank-64.svg'],
    settings: ['training.temperature', 'batches.pairs', 'encoder.lora.rank'],
  },
  encode: {
    examples: [
      'encode checkpoints/first --input texts.txt --output embeddings.safetensors',
      'encode --model sentence-transformers/all-MiniLM-L6-v2 --input texts.jsonl --output embeddings.npy --dimensions 256',
      'encode --input texts.jsonl --output embeddings.npy --shard 0/40',
      'encode --input texts.jsonl --output embeddings.npy --on slurm --shards 40 --time 2:00:00 --partition long',
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
    ],
    settings: [...EVALUATION, 'evaluation.bootstrapSamples', 'evaluation.quantization'],
  },
  metrics: {
    examples: [
      'metrics --run checkpoints/first/runs/tuned.trec --qrels qrels.tsv',
      'metrics --run run.trec.gz --qrels qrels.trec --metrics recall@10,ndcg@10 --json',
    ],
    settings: ['evaluation.bootstrapSamples'],
    idle: ['preset', 'engine'],
  },
  mine: {
    examples: ['mine checkpoints/first', 'mine --data snapshot.jsonl.gz --system bm25 --set mining.lastRank=100'],
    settings: ['mining.'],
  },
  ablate: {
    examples: [
      'ablate --seeds 3',
      'ablate --vary training.temperature=0.02,0.1 --vary encoder.lora.rank=8,32',
      'ablate --seeds 5 --on slurm --shards 50 --time 4:00:00',
    ],
    settings: TRAINING,
  },
  sweep: {
    examples: [
      'sweep --vary training.learningRate=1e-3,3e-4 --vary encoder.lora.rank=8,16 --seeds 3',
      'sweep --vary training.temperature=0.02,0.05,0.1 --random 2',
      'sweep --vary encoder.lora.rank=8,16,32 --seeds 4 --on slurm --shards 12 --partition long',
    ],
    settings: TRAINING,
  },
  'index build': {
    examples: [
      'index build arxiv.safetensors --to arxiv.index',
      'index build arxiv.npy --to arxiv.index --kind binary --recall 0.98 --queries queries.npy',
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
      'search checkpoints/first "dark matter halos" --index arxiv.index',
      'search "black hole mergers"',
      'search checkpoints/first "dark matter halos" --system hybrid --corpus all',
    ],
    idle: ['preset', 'seed'],
  },
  serve: {
    examples: [
      'serve checkpoints/first',
      'serve sample --host 0.0.0.0 --api-key-file keys.txt --name text-embedding-3-small',
    ],
  },
  push: {
    examples: ['push checkpoints/first me/my-encoder', 'push checkpoints/first me/my-encoder --to onnx'],
  },
  pull: {
    examples: ['pull intfloat/e5-small-v2 --out models/e5', 'pull me/my-encoder --revision main --out encoder'],
  },
  pretrain: {
    examples: [
      'pretrain --data snapshot.jsonl.gz --out encoder',
      'pretrain --data snapshot.jsonl.gz --exclude-topics gr-qc --out encoder --resume',
    ],
    settings: ['pretraining.vocabularySize', 'pretraining.hiddenSize', 'pretraining.phases', 'pretraining.testPapers'],
    idle: ['preset'],
  },
  doctor: { examples: ['doctor', 'doctor --engine tensorflow --json'], idle: ['seed'] },
};
