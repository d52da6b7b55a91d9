/**
 * A configuration that remembers which of its settings were read, by path. A group counts as read only where it is
 * enumerated or copied; reading a setting inside it counts as that setting.
 */
import type { Config } from '../../lib/config/config.js';

export function recordingConfig(config: Config): { config: Config; read: Set<string> } {
  const read = new Set<string>();
  const wrap = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      read.add(path);
      return value;
    }
    return new Proxy(value, {
      get(target, key) {
        if (typeof key === 'symbol') return Reflect.get(target, key);
        const inner = Reflect.get(target, key);
        return wrap(inner, path === '' ? key : `${path}.${key}`);
      },
    });
  };
  return { config: wrap(config, '') as Config, read };
}

/** Paths that were read and that no list has, neither themselves nor a group around them. */
export function undeclared(read: ReadonlySet<string>, declared: readonly string[]): string[] {
  return [...read].filter((path) => !declared.some((known) => path === known || path.startsWith(`${known}.`)));
}
