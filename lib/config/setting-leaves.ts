/** A group of settings taken apart, so that each can be told by its own path. Lists are values, and are not taken apart. */

/** @param path of the group: "training"; empty for the whole configuration */
export function settingLeaves(value: unknown, path = ''): [path: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => settingLeaves(inner, path === '' ? key : `${path}.${key}`));
}
