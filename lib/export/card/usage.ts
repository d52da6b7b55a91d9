/** How an exported model is used: in TypeScript, and in Python where Python can. */

import { printableJson } from '../../core/printable.js';
import type { CardContent } from './content.js';
import { literal } from './markdown.js';

/** A name that whoever reads the card puts their own place in. */
const HERE = 'user/name';

export function usageSection(content: CardContent): string {
  const { typescript, python } = EXAMPLES[content.target.name] ?? EXAMPLES.merged!;
  const blocks = [
    `TypeScript:\n\n${fence('ts', typescript(content))}`,
    ...(python ? [`Python:\n\n${fence('python', python(content))}`] : []),
  ];
  return `${blocks.join('\n\n')}${promptNote(content)}`;
}

interface Examples {
  typescript: (content: CardContent) => string;
  python?: (content: CardContent) => string;
}

const EXAMPLES: Readonly<Record<string, Examples>> = {
  merged: {
    typescript: (content) => encodeCommand(content),
    python: ({ source }) =>
      [
        'import torch',
        `from transformers import AutoModel, ${tokenizerClass(source.config.modelType)}`,
        '',
        `tokenizer = ${tokenizerClass(source.config.modelType)}.from_pretrained(${literal(HERE)})`,
        `model = AutoModel.from_pretrained(${literal(HERE)}, dtype=torch.float32).eval()`,
        `batch = tokenizer(["black hole mergers"], padding=True, truncation=True, return_tensors="pt")`,
        'with torch.no_grad():',
        '    hidden = model(**batch).last_hidden_state',
        `# pooling: ${source.use.pooling}`,
      ].join('\n'),
  },
  'sentence-transformers': {
    typescript: (content) => encodeCommand(content),
    python: ({ source: { use } }) =>
      [
        'from sentence_transformers import SentenceTransformer',
        '',
        `model = SentenceTransformer(${literal(HERE)})`,
        use.prompts.query
          ? 'query = model.encode("black hole mergers", prompt_name="query")'
          : 'query = model.encode("black hole mergers")',
        use.prompts.document
          ? 'papers = model.encode(["We observe …", "We derive …"], prompt_name="document")'
          : 'papers = model.encode(["We observe …", "We derive …"])',
        'print(model.similarity(query, papers))',
      ].join('\n'),
  },
  peft: {
    typescript: ({ source }) =>
      [
        '// npm install llm-embedding',
        `import { encodeFile, resolveConfig } from 'llm-embedding';`,
        '',
        `const config = resolveConfig({ input: { encoder: { model: ${literal(source.hubBase ?? source.baseName)} } } });`,
        `await encodeFile(config, { adapter: 'folder-of-this-adapter', input: 'texts.txt', output: 'embeddings.npy' });`,
      ].join('\n'),
    python: ({ source }) =>
      [
        'from peft import PeftModel',
        'from transformers import AutoModel',
        '',
        `base = AutoModel.from_pretrained(${literal(source.hubBase ?? source.baseName)})`,
        `model = PeftModel.from_pretrained(base, ${literal(HERE)})`,
        `# pooling: ${source.use.pooling}`,
      ].join('\n'),
  },
  onnx: {
    typescript: ({ source: { use, sentence } }) => {
      const pooling = PIPELINE_POOLINGS[use.pooling];
      const viaPipeline =
        pooling !== undefined && sentence.dense.length === 0
          ? [
              '',
              '// or through the pipeline, which pools by itself',
              `const extractor = await pipeline('feature-extraction', ${literal(HERE)}, { dtype: 'fp32' });`,
              `await extractor(texts, { pooling: ${literal(pooling)}, normalize: ${use.normalize} });`,
            ]
          : [];
      return [
        '// npm install @huggingface/transformers',
        `import { AutoModel, AutoTokenizer${viaPipeline.length > 0 ? ', pipeline' : ''} } from '@huggingface/transformers';`,
        '',
        `const texts = [${use.prompts.query ? `${literal(use.prompts.query)} + ` : ''}'black hole mergers'];`,
        `const tokenizer = await AutoTokenizer.from_pretrained(${literal(HERE)});`,
        `const model = await AutoModel.from_pretrained(${literal(HERE)}, { dtype: 'q8' }); // or fp32, fp16`,
        'const { sentence_embedding } = await model(await tokenizer(texts, { padding: true, truncation: true }));',
        ...viaPipeline,
      ].join('\n');
    },
    python: () =>
      [
        'import numpy, onnxruntime',
        'from tokenizers import Tokenizer',
        '',
        'tokenizer = Tokenizer.from_file("tokenizer.json")',
        'session = onnxruntime.InferenceSession("onnx/model.onnx")',
        'ids = numpy.array([tokenizer.encode("black hole mergers").ids])',
        'inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids)}',
        'embedding = session.run(["sentence_embedding"], inputs)[0]',
      ].join('\n'),
  },
};

/** What the pipeline of @huggingface/transformers calls the poolings that it has. */
const PIPELINE_POOLINGS: Readonly<Record<string, string>> = { mean: 'mean', cls: 'cls', last: 'last_token' };

function encodeCommand({ source: { use } }: CardContent): string {
  const prompt = use.prompts.query ? `, prompt: ${literal(use.prompts.query)}` : '';
  return [
    '// npm install llm-embedding',
    `import { encodeFile, resolveConfig } from 'llm-embedding';`,
    '',
    `const config = resolveConfig({ input: { encoder: { model: ${literal(HERE)} } } });`,
    `await encodeFile(config, { input: 'queries.txt', output: 'embeddings.npy'${prompt} });`,
  ].join('\n');
}

/** transformers 5 makes Qwen2's tokenizer anew and drops what tokenizer.json says beyond its vocabulary. */
function tokenizerClass(modelType: string): string {
  return modelType.startsWith('qwen') ? 'PreTrainedTokenizerFast' : 'AutoTokenizer';
}

function promptNote({ source: { use } }: CardContent): string {
  const { query = '', document = '' } = use.prompts;
  if (query === '' && document === '') return '';
  return `\n\nIt was trained with prompts, put before each text:\n\n${fence('json', printableJson({ query, document }))}`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
