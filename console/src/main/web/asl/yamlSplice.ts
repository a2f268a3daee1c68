import { isMap, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { treeOf, type Change } from './changes';
import { flat, type Tree } from './tree';

/** An element of a map or a list, as far as it reaches in the text: from its name, or its value, to the end of its value. */
interface Element {
  from: number;
  to: number;
  value: Node | null;
  key: Node | undefined;
}

/**
 * Makes one change within the text, so that everything else stays as it is to the character. Undefined: it is none that could be
 * made so. What comes out has to be read again and compared; where comments and block scalars end, only the library knows for sure.
 *
 * @param parent what has the value that is changed
 * @param index of the element that is changed in it; -1: it is a new one
 * @param write gives YAML of a value in lines
 */
export function spliced(
  text: string, document: Document, parent: YAMLMap | YAMLSeq, index: number, change: Change, write: (tree: Tree) => string,
): string | undefined {
  const elements = isMap(parent) ? parent.items.map((pair) => ofPair(text, pair as Pair)) : parent.items.map((item) => ofItem(text, item as Node));
  const splice = (from: number, to: number, by: string) => text.slice(0, from) + by + text.slice(to);
  const element = elements[index];
  const isFlow = parent.flow === true;
  switch (change.kind) {
    case 'rename':
      return element?.key?.range ? splice(element.key.range[0], element.key.range[1], inLine(JSON.stringify(change.name), write)) : undefined;
    case 'remove':
      return element === undefined || elements.length < 2 ? undefined
        : isFlow ? (index > 0 ? splice(elements[index - 1]!.to, element.to, '') : splice(element.from, elements[1]!.from, ''))
          : withoutLines(text, element, isSeq(parent));
    case 'set': {
      const value = treeOf(change.json);
      if (element) {
        const range = element.value?.range;
        const isOneLine = range && range[1] > range[0] && !text.slice(range[0], range[1]).includes('\n');
        return isOneLine && (value.kind === 'scalar' || isFlow || isInFlow(element.value)) ? splice(range[0], range[1], value.kind === 'scalar' ? inLine(value.json, write) : flat(value)) : undefined;
      }
      const following = change.after === undefined || !isMap(parent) ? undefined
        : elements[parent.items.findIndex(({ key }) => isScalar(key) && key.source === change.after)];
      const before = following ?? elements.at(-1);
      if (!before || document.contents === null) {
        return undefined;
      }
      const last = change.path.at(-1)!;
      if (isFlow) {
        return splice(before.to, before.to, `, ${isMap(parent) ? `${JSON.stringify(String(last))}: ` : ''}${flat(value)}`);
      }
      const end = lineEnd(text, before.to);
      const margin = ' '.repeat(isSeq(parent) ? dashOf(text, before.from) : columnOf(text, elements[0]!.from));
      const lines = write(isMap(parent) ? { kind: 'object', members: [{ name: String(last), at: NOWHERE, value }], ...NOWHERE } : { kind: 'array', items: [value], ...NOWHERE });
      return splice(end, end, lines.trimEnd().split('\n').map((line) => `\n${line === '' ? '' : margin + line}`).join(''));
    }
  }
}

const NOWHERE = { from: 0, to: 0 };

function ofPair(text: string, { key, value }: Pair): Element {
  const name = key as Node;
  const content = value as Node | null;
  const end = content?.range && content.range[1] > content.range[0] ? content.range[1] : text.indexOf(':', name.range![1]) + 1;
  return { from: name.range![0], to: trimmed(text, end), value: content, key: name };
}

function ofItem(text: string, item: Node): Element {
  return { from: item.range![0], to: trimmed(text, item.range![1]), value: item, key: undefined };
}

const isInFlow = (value: Node | null): boolean => (isMap(value) || isSeq(value)) && value.flow === true;
const trimmed = (text: string, end: number): number => text.slice(0, end).trimEnd().length;
const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1);
/** The column of the dash before an item. */
const dashOf = (text: string, at: number): number => columnOf(text, text.lastIndexOf('-', at - 1));

/** The end of a line that has nothing behind `at` but a comment. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function withoutLines(text: string, element: Element, isItem: boolean): string | undefined {
  const first = isItem ? text.lastIndexOf('-', element.from - 1) : element.from;
  const start = text.lastIndexOf('\n', first - 1) + 1;
  if (text.slice(start, first).trim() !== '') {
    return undefined; // something else begins in this line
  }
  const end = lineEnd(text, element.to);
  return end < text.length ? text.slice(0, start) + text.slice(end + 1) : text.slice(0, Math.max(0, start - 1));
}

/** A scalar in one line, wherever it stands. */
function inLine(json: string, write: (tree: Tree) => string): string {
  const line = write({ kind: 'scalar', json, ...NOWHERE }).trimEnd();
  return line.includes('\n') || /[,[\]{}]/.test(line) && !/^["']/.test(line) ? json : line;
}
