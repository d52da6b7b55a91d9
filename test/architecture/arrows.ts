/**
 * Who may import whom in `lib/`: each folder with the folders directly below it. It may import those, and all that lie
 * below them. `core` lies below everything.
 */
export const DIRECTLY_BELOW: Readonly<Record<string, readonly string[]>> = {
  core: [],
  files: ['core'],
  // the settings take names and help of poolings and engines from where these are defined
  config: ['models'],
  hub: ['config'],
  datasets: ['config'],
  tokens: ['datasets', 'hub'],
  batches: ['tokens'],
  engine: ['files'],
  models: ['engine'],
  encoder: ['models', 'tokens'],
  losses: ['engine', 'config'],
  distributed: ['core'],
  training: ['encoder', 'losses', 'batches', 'distributed'],
  retrieval: ['training'],
  evaluation: ['retrieval'],
  pipeline: ['evaluation'],
  pretraining: ['evaluation'],
  doctor: ['evaluation'],
  display: ['pipeline'],
  export: ['display'],
  experiment: ['export'],
  server: ['display'],
  // starts commands, and reads what their shards have left
  scale: ['files'],
};

/** All folders that `folder` may import, itself included. */
export function mayImport(folder: string): Set<string> {
  const below = DIRECTLY_BELOW[folder];
  if (below === undefined)
    throw new Error(`lib/${folder} is not in test/architecture/arrows.ts: say what it may import.`);
  return new Set([folder, ...below.flatMap((name) => [...mayImport(name)])]);
}
