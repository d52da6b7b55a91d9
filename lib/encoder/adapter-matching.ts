/**
 * Which linear modules an adapter is on, and how strongly, from PEFT's ways to say it: targets by suffix, regular
 * expression or "all-linear", less those excluded and those of other layers; a rank and an alpha of their own for some.
 * https://huggingface.co/docs/peft/package_reference/lora
 */
import { createContext, Script } from 'node:vm';
import { UserError } from '../core/errors.js';
import type { ModelConfig } from '../models/architecture.js';
import { layerPrefix, linearModules } from '../models/parameters.js';
import { architectureOf } from '../models/registry.js';
import { isTarget } from './target-modules.js';

/** The options of `adapter_config.json` that this reads. */
export interface MatchingOptions {
  r: number;
  lora_alpha: number;
  use_rslora: boolean;
  target_modules: string[] | string;
  exclude_modules?: string[] | string | null | undefined;
  layers_to_transform?: number[] | number | null | undefined;
  layers_pattern?: string[] | string | null | undefined;
  rank_pattern?: Record<string, number> | null | undefined;
  alpha_pattern?: Record<string, number> | null | undefined;
}

/** The adapter of one linear module of one layer. */
export interface AdaptedModule {
  rank: number;
  /** Factor on what the adapter adds. */
  scale: number;
}

/** The adapted modules by full name ("layers.0.self_attn.q_proj"). @throws UserError where there are none */
export function adaptedModules(path: string, options: MatchingOptions, model: ModelConfig): Map<string, AdaptedModule> {
  const modules = linearModules(model);
  const prefixes = ['', ...architectureOf(model).prefixes];
  const isAdapted = adaptedBy(path, options);
  const rankOf = patternValue(path, 'rank_pattern', options.rank_pattern);
  const alphaOf = patternValue(path, 'alpha_pattern', options.alpha_pattern);
  const found = new Map<string, AdaptedModule>();
  for (let layer = 0; layer < model.layers; layer++) {
    for (const module of modules) {
      const name = `${layerPrefix(model, layer)}${module.path}`;
      // the model that was adapted may have had a head, and this one's names a prefix in it
      const within = prefixes.map((prefix) => `${prefix}${name}`).find((each) => isAdapted(each, layer));
      if (within === undefined) continue;
      const rank = rankOf(within) ?? options.r;
      const alpha = alphaOf(within) ?? options.lora_alpha;
      found.set(name, { rank, scale: alpha / (options.use_rslora ? Math.sqrt(rank) : rank) });
    }
  }
  if (found.size === 0) {
    throw new UserError(
      `${path}: target_modules = ${JSON.stringify(options.target_modules)} names no linear module of the model: expected some of ${modules.map(({ name }) => name).join(', ')}`,
    );
  }
  return found;
}

function adaptedBy(path: string, options: MatchingOptions): (name: string, layer: number) => boolean {
  const { target_modules: targets, exclude_modules: excluded, layers_to_transform: layers } = options;
  const isTargeted = targets === 'all-linear' ? () => true : matcher(path, 'target_modules', targets);
  const isExcluded =
    excluded == null || excluded.length === 0 ? () => false : matcher(path, 'exclude_modules', excluded);
  const chosen = layers == null || (Array.isArray(layers) && layers.length === 0) ? null : [layers].flat();
  const patterns = [options.layers_pattern ?? []].flat().filter((pattern) => pattern !== '');
  const isOfPattern = patterns.map((pattern) =>
    bounded(path, 'layers_pattern', `^(?:|.*?\\.)(?:${pattern})\\.\\d+\\.`),
  );
  if (chosen !== null && typeof targets === 'string') {
    throw new UserError(
      `${path}: layers_to_transform beside target_modules = "${targets.slice(0, 100)}": expected a list of module names, as PEFT does`,
    );
  }
  return (name, layer) => {
    if (isExcluded(name) || !isTargeted(name)) return false;
    if (chosen === null) return true;
    return chosen.includes(layer) && (isOfPattern.length === 0 || isOfPattern.some((test) => test(name)));
  };
}

function matcher(path: string, option: string, targets: string[] | string): (name: string) => boolean {
  if (typeof targets === 'string') return bounded(path, option, `^(?:${targets})$`);
  return (name) => targets.some((target) => isTarget(name, target));
}

/** The value of the first key that the end of a name matches: PEFT takes the keys as regular expressions. */
function patternValue(
  path: string,
  option: string,
  values: Record<string, number> | null | undefined,
): (name: string) => number | undefined {
  const tests = Object.entries(values ?? {}).map(
    ([key, value]) => [bounded(path, option, `^(?:.*\\.)?(?:${key})$`), value] as const,
  );
  return (name) => tests.find(([test]) => test(name))?.[1];
}

/** Milliseconds that a pattern may take for one name; backtracking can take for ever. */
const PATTERN_TIMEOUT = 200;

/** A regular expression of a file, which is ended when it backtracks without end. */
function bounded(path: string, option: string, pattern: string): (name: string) => boolean {
  const context = createContext(Object.assign(Object.create(null) as Record<string, unknown>, { pattern, text: '' }));
  const script = new Script('new RegExp(pattern).test(text)');
  return (name) => {
    context.text = name;
    try {
      return script.runInContext(context, { timeout: PATTERN_TIMEOUT }) as boolean;
    } catch (error) {
      const isSlow = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      const why = isSlow ? 'takes too long to match' : 'is a pattern that only Python reads';
      throw new UserError(
        `${path}: ${option}: "${pattern.slice(0, 100)}" ${why}: write the list of module names instead`,
      );
    }
  };
}
