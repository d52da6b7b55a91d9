/**
 * What a notebook hands on to those after it: the settings that its reader changed, in one small file a project. So the
 * training notebook trains on the papers that the datasets notebook chose, and the evaluation finds what was trained.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigInput } from '../config/config.js';
import { writeFileAtomicSync } from '../files/atomic-file.js';
import { parseJson } from '../files/json.js';
import { SECTIONS, type Section } from './settings.js';

type SectionSettings = { [S in Section]?: ConfigInput[S] };
type File = Record<string, SectionSettings>;

/** The changed settings of the sections before this one, under this preset. */
export function carriedSettings(path: string, preset: string, before: Section): SectionSettings {
  const saved = read(path)[preset] ?? {};
  const earlier = SECTIONS.slice(0, SECTIONS.indexOf(before)).filter((section) => saved[section]);
  return Object.fromEntries(earlier.map((section) => [section, saved[section]]));
}

/** Replaces what is handed on of a section. @param changes only what differs from the preset */
export function handOnSettings<S extends Section>(path: string, preset: string, section: S, changes: object): void {
  const file = read(path);
  const { [section]: _, ...others } = file[preset] ?? {};
  file[preset] = Object.keys(changes).length > 0 ? { ...others, [section]: changes } : others;
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomicSync(path, `${JSON.stringify(file, null, 2)}\n`);
}

function read(path: string): File {
  try {
    const value: unknown = parseJson(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as File;
  } catch {
    // there is none yet, or it is damaged: every notebook starts from its preset
  }
  return {};
}
