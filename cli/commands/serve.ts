/** `llm-embedding serve`: a run or a model as an embeddings server with a search page. */
import { once } from 'node:events';
import { Command } from 'commander';
import { formatQuantity, serveEncoder, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, type CommonOptions, givenSettings } from '../options.js';

interface ServeOptions extends CommonOptions {
  host: string;
  port: string;
  apiKeyFile?: string;
  name: string[];
  allowHost: string[];
  allowOrigin: string[];
  search: boolean;
}

const repeated = (value: string, all: string[]): string[] => [...all, value];

export function serveCommand(): Command {
  const command = new Command('serve')
    .description("embeddings as OpenAI's API has them, and a search page over the papers of a run")
    .argument('<source>', 'a run folder, a model folder, a hub id, or an encoder of this package');
  return addDataOption(addCommonOptions(command))
    .option('--host <address>', 'where to listen; others than this machine need a key', '127.0.0.1')
    .option('--port <n>', '0 takes one that is free', '8080')
    .option(
      '--api-key-file <file>',
      'keys, one a line, of which requests must send one (default: LLM_EMBEDDING_API_KEY, where it is set)',
    )
    .option(
      '--name <name>',
      "the model's name, instead of the run's; repeat for more that clients may ask for",
      repeated,
      [],
    )
    .option('--allow-host <name>', 'a name of this machine for the Host header; repeat for more', repeated, [])
    .option('--allow-origin <origin>', 'pages of this origin may ask; repeat for more', repeated, [])
    .option('--no-search', 'no search over papers')
    .action((source: string, options: ServeOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const { host, apiKeyFile, name, allowHost, allowOrigin } = options;
        const server = await serveEncoder(source, {
          ...reporting,
          ...(await givenSettings(options)),
          host,
          port: portOf(options.port),
          names: name,
          hostNames: allowHost,
          allowedOrigins: allowOrigin,
          ...(apiKeyFile !== undefined && { apiKeyFile }),
          ...(options.search ? options.data !== undefined && { search: true } : { search: false }),
        });
        const { url, port, model, dimensions } = server;
        print(
          { url, host, port, model, dimensions },
          `${model} (${formatQuantity(dimensions, 'dimensions')}) at ${url}; Ctrl-C stops`,
        );
        const { signal } = reporting;
        if (signal && !signal.aborted) await once(signal, 'abort');
        await server.stop();
      }),
    );
}

function portOf(text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError(`--port ${text}: expected a whole number from 0 to 65535`);
  }
  return port;
}
