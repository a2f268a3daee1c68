import { readJson } from './positions';
import { find, flat, printed, type Path, type Tree } from './tree';

/** What is to become of a definition, value by value, so that the rest of the text stays as it is. */
export type Change =
  /** Sets a value, which is given as JSON; what is not there is added, behind the member `after` or behind all others. */
  | { kind: 'set'; path: Path; json: string; after?: string }
  | { kind: 'remove'; path: Path }
  /** Gives a member another name, at its place. */
  | { kind: 'rename'; path: Path; name: string };

/** As long as a value may be that is put into one line because its neighbours are in one. */
const LINE = 100;

/**
 * Makes changes one after the other.
 *
 * @param text JSON
 * @throws when it is none, or when a path leads to nothing: both are the caller's mistake
 */
export function changedJson(text: string, changes: readonly Change[]): string {
  return changes.reduce(changeJson, text);
}

export function treeOf(json: string): Tree {
  const read = readJson(json);
  if ('brokenAt' in read) {
    throw new Error(`no JSON: ${json.slice(0, 100)}`);
  }
  return read.tree;
}

function changeJson(text: string, change: Change): string {
  const root = treeOf(text);
  const splice = (from: number, to: number, by: string) => text.slice(0, from) + by + text.slice(to);
  const parent = find(root, change.path.slice(0, -1));
  const last = change.path.at(-1);
  if (last === undefined || parent === undefined || parent.kind === 'scalar') {
    throw new Error(`nothing at ${change.path.join('/')}`);
  }
  const elements = parent.kind === 'object'
    ? parent.members.map((member) => ({ name: member.name as string | number, from: member.at.from, to: member.value.to, value: member.value }))
    : parent.items.map((item, index) => ({ name: index as string | number, from: item.from, to: item.to, value: item }));
  const index = elements.findIndex((element) => element.name === last);
  const element = elements[index];
  if (change.kind === 'rename') {
    const member = parent.kind === 'object' ? parent.members[index] : undefined;
    if (!member) {
      throw new Error(`nothing at ${change.path.join('/')}`);
    }
    return splice(member.at.from, member.at.to, JSON.stringify(change.name));
  }
  if (change.kind === 'remove') {
    if (!element) {
      throw new Error(`nothing at ${change.path.join('/')}`);
    }
    const [before, behind] = [elements[index - 1], elements[index + 1]];
    // With the comma that parted it from its neighbour, and the lines between the two.
    return before ? splice(before.to, element.to, '') : behind ? splice(element.from, behind.from, '') : splice(parent.from + 1, parent.to - 1, '');
  }
  const value = treeOf(change.json);
  const unit = unitOf(text);
  if (element) {
    const isInLine = element.value.kind !== 'scalar' && !text.slice(element.from, element.to).includes('\n');
    return splice(element.value.from, element.value.to, fitting(value, isInLine, unit, marginAt(text, element.from)));
  }
  const name = parent.kind === 'object' ? `${JSON.stringify(String(last))}: ` : '';
  const first = elements[0];
  const isInLine = first ? !text.slice(parent.from, first.from).includes('\n') : !text.includes('\n');
  const margin = first && !isInLine ? marginAt(text, first.from) : marginAt(text, parent.from) + unit;
  const written = name + fitting(value, isInLine, unit, isInLine ? marginAt(text, parent.from) : margin);
  const following = change.after === undefined ? undefined : elements.find((one) => one.name === change.after);
  const before = following ?? elements.at(-1);
  if (before) {
    return splice(before.to, before.to, isInLine ? `, ${written}` : `,\n${margin}${written}`);
  }
  return splice(parent.from + 1, parent.to - 1, isInLine ? written : `\n${margin}${written}\n${marginAt(text, parent.from)}`);
}

function fitting(value: Tree, isInLine: boolean, unit: string, margin: string): string {
  const line = flat(value);
  return value.kind === 'scalar' || (isInLine && line.length <= LINE) ? line : printed(value, unit, margin);
}

/** What a text indents by: what its first indented line has. */
function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

/** What the line of a place begins with. */
function marginAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))![0];
}
