/**
 * Which linear modules an adapter is on, and how strongly, from PEFT's ways to say it: targets by suffix, regular
 * expression or "all-linear", less those excluded and those of other layers; a rank and an alpha of their own for some.
 * https://huggingface.co/docs/peft/package_reference/lora
 */
import { UserError } from '../core/errors.js';
import { TimeIsUp, withinTime } from '../core/within-time.js';
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
  // the model that was adapted may have had a head, and this one's names a prefix in it: a module goes by all of them
  const prefixes = ['', ...architectureOf(model).prefixes];
  const candidates = Array.from({ length: model.layers }, (_, layer) =>
    modules.map((module) => {
      const name = `${layerPrefix(model, layer)}${module.path}`;
      return { name, layer, full: prefixes.map((prefix) => `${prefix}${name}`) };
    }),
  ).flat();
  const matchingOf = matcherOfPatterns(
    path,
    candidates.flatMap(({ full }) => full),
  );
  const isAdapted = adaptedBy(path, options, matchingOf);
  const rankOf = patternValue('rank_pattern', options.rank_pattern, matchingOf);
  const alphaOf = patternValue('alpha_pattern', options.alpha_pattern, matchingOf);
  const found = new Map<string, AdaptedModule>();
  for (const { name, layer, full } of candidates) {
    if (!isAdapted(full, layer)) continue;
    const rank = rankOf(full) ?? options.r;
    const alpha = alphaOf(full) ?? options.lora_alpha;
    found.set(name, { rank, scale: alpha / (options.use_rslora ? Math.sqrt(rank) : rank) });
  }
  if (found.size === 0) {
    throw new UserError(
      `${path}: target_modules = ${JSON.stringify(options.target_modules)} names no linear module of the model: expected some of ${modules.map(({ name }) => name).join(', ')}`,
    );
  }
  return found;
}

function adaptedBy(
  path: string,
  options: MatchingOptions,
  matchingOf: MatchingNames,
): (full: readonly string[], layer: number) => boolean {
  const { target_modules: targets, exclude_modules: excluded, layers_to_transform: layers } = options;
  const isTargeted = targets === 'all-linear' ? () => true : matcher('target_modules', targets, matchingOf);
  const isExcluded =
    excluded == null || excluded.length === 0 ? () => false : matcher('exclude_modules', excluded, matchingOf);
  const chosen = layers == null || (Array.isArray(layers) && layers.length === 0) ? null : [layers].flat();
  const patterns = [options.layers_pattern ?? []].flat().filter((pattern) => pattern !== '');
  const ofPatterns = patterns.map((pattern) => matchingOf('layers_pattern', `^(?:|.*?\\.)(?:${pattern})\\.\\d+\\.`));
  if (chosen !== null && typeof targets === 'string') {
    throw new UserError(
      `${path}: layers_to_transform beside target_modules = "${targets.slice(0, 100)}": expected a list of module names, as PEFT does`,
    );
  }
  return (full, layer) => {
    if (full.some(isExcluded) || !full.some(isTargeted)) return false;
    if (chosen === null) return true;
    const isOfPattern = full.some((name) => ofPatterns.some((names) => names.has(name)));
    return chosen.includes(layer) && (ofPatterns.length === 0 || isOfPattern);
  };
}

function matcher(option: string, targets: string[] | string, matchingOf: MatchingNames): (name: string) => boolean {
  if (typeof targets !== 'string') return (name) => targets.some((target) => isTarget(name, target));
  const names = matchingOf(option, `^(?:${targets})$`);
  return (name) => names.has(name);
}

/** The value of the first key that the end of one of a module's names matches: PEFT takes the keys as regular expressions. */
function patternValue(
  option: string,
  values: Record<string, number> | null | undefined,
  matchingOf: MatchingNames,
): (full: readonly string[]) => number | undefined {
  const byName = new Map<string, number>();
  for (const [key, value] of Object.entries(values ?? {})) {
    for (const name of matchingOf(option, `^(?:.*\\.)?(?:${key})$`)) if (!byName.has(name)) byName.set(name, value);
  }
  return (full) => full.map((name) => byName.get(name)).find((value) => value !== undefined);
}

/** Milliseconds for all patterns of a file over all names; backtracking can take for ever. */
const TIME_FOR_PATTERNS = 2000;

/** The names that a regular expression of an option matches. @throws UserError where that takes too long */
type MatchingNames = (option: string, pattern: string) => ReadonlySet<string>;

function matcherOfPatterns(path: string, names: readonly string[]): MatchingNames {
  let left = TIME_FOR_PATTERNS;
  return (option, pattern) => {
    const start = performance.now();
    try {
      return withinTime(Math.max(1, Math.ceil(left)), () => {
        const expression = new RegExp(pattern);
        return new Set(names.filter((name) => expression.test(name)));
      });
    } catch (error) {
      const why = error instanceof TimeIsUp ? 'takes too long to match' : 'is a pattern that only Python reads';
      throw new UserError(
        `${path}: ${option}: "${pattern.slice(0, 100)}" ${why}: write the list of module names instead`,
      );
    } finally {
      left -= performance.now() - start;
    }
  };
}
