import { changedJson, type Change } from './changes';
import { readJson } from './positions';
import { duplicate, find, path, printed, type Place, type Tree } from './tree';
import { changedYaml, readYaml, writtenYaml } from './yaml';

export type Format = 'json' | 'yaml';

/** AWS's limit of a definition, in bytes of UTF-8. */
export const MOST_BYTES = 1_048_576;

/** Why a text is no definition, and where. */
export interface Fault extends Place {
  message: string;
  line: number;
  column: number;
}

/**
 * What is written, as the API takes it.
 *
 * `json` is there as soon as the API can judge it, `tree` only when there is one and it means one thing; a text that neither
 * can be read nor is for the API to judge has a `fault`.
 */
export interface Source {
  format: Format;
  text: string;
  json: string | undefined;
  tree: Tree | undefined;
  fault: Fault | undefined;
}

export function read(text: string, format: Format): Source {
  const none = { format, text, json: undefined, tree: undefined };
  if (text.length > MOST_BYTES || new TextEncoder().encode(text).length > MOST_BYTES) {
    return { ...none, fault: fault(text, { from: 0, to: 1 }, `It is larger than the ${MOST_BYTES} bytes that a definition may have`) };
  }
  if (format === 'json') {
    const found = readJson(text);
    if ('brokenAt' in found) {
      return { ...none, json: text, fault: undefined };
    }
    const twice = duplicate(found.tree);
    return twice
      ? { ...none, fault: fault(text, twice.at, `'${twice.name}' is there twice`) }
      : { format, text, json: text, tree: found.tree, fault: undefined };
  }
  const found = readYaml(text);
  if ('refusal' in found) {
    return { ...none, fault: fault(text, found.refusal, found.refusal.message) };
  }
  const twice = duplicate(found.tree);
  return twice
    ? { ...none, fault: fault(text, twice.at, `'${twice.name}' is there twice`) }
    : { format, text, json: printed(found.tree), tree: found.tree, fault: undefined };
}

function fault(text: string, place: Place, message: string): Fault {
  const from = Math.min(place.from, text.length);
  const before = text.slice(0, from);
  return { from, to: Math.min(Math.max(place.to, from + 1), text.length), message, line: before.split('\n').length, column: from - before.lastIndexOf('\n') };
}

/** Where a JSON pointer leads in the text; of what is missing, the value that misses it. */
export function nearest(tree: Tree, pointer: string): Place {
  const steps = path(pointer);
  for (let length = steps.length; length > 0; length--) {
    const found = find(tree, steps.slice(0, length));
    if (found) {
      return found;
    }
  }
  return { from: tree.from, to: tree.from + 1 };
}

export function changed(source: Source, changes: readonly Change[]): string {
  return source.format === 'json' ? changedJson(source.text, changes) : changedYaml(source.text, changes);
}

/** The same definition in the other form; comments of YAML are lost in JSON, which has none. */
export function converted(tree: Tree, format: Format): string {
  return format === 'json' ? printed(tree) : writtenYaml(tree);
}
