import {
  Document, isAlias, isMap, isPair, isScalar, isSeq, Pair, parseDocument, Scalar, YAMLMap, YAMLSeq, type Node, type ScalarTag,
} from 'yaml';
import { treeOf, type Change } from './changes';
import { DEEPEST, flat, type Path, type Tree } from './tree';
import { spliced } from './yamlSplice';

/**
 * The part of YAML that is JSON in another dress, as `./stepstream validate` reads it: plain words are what JSON would read,
 * anything else is text. So no, yes, 0x10 and 2026-01-01 are strings, and what is written in one form means the same in the other.
 */

export interface Refusal {
  from: number;
  to: number;
  message: string;
}

/** Thrown and caught in this file only. */
class Refused extends Error {
  constructor(message: string, readonly from: number, readonly to: number) {
    super(message);
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** What a plain scalar is, and how it is written: as it was read, so that no number loses a digit. */
const TAGS: ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:null', default: true, identify: (value) => value === null, test: /^(?:~|null|Null|NULL)?$/,
    createNode: () => new Scalar(null), resolve: () => null, stringify: () => 'null',
  },
  {
    tag: 'tag:yaml.org,2002:bool', default: true, identify: (value) => typeof value === 'boolean', test: /^(?:true|True|TRUE|false|False|FALSE)$/,
    resolve: (text) => text[0]!.toLowerCase() === 't', stringify: ({ value }) => String(value),
  },
  {
    tag: 'tag:yaml.org,2002:float', default: true, identify: (value) => typeof value === 'number', test: NUMBER,
    resolve: (text) => Number(text), stringify: ({ source, value }) => source ?? JSON.stringify(value),
  },
];

/** Words that other readers of YAML would take for more than text are written in quotes. */
const SCHEMA = { schema: 'failsafe', customTags: TAGS, compat: 'yaml-1.1', merge: false } as const;
const LOOK = { lineWidth: 0, minContentWidth: 0, nullStr: 'null' } as const;

export function readYaml(text: string): { tree: Tree } | { refusal: Refusal } {
  try {
    return { tree: treeOfNode(parsed(text).contents, text.length, 0) };
  } catch (error) {
    if (error instanceof Refused) {
      return { refusal: { from: error.from, to: error.to, message: error.message } };
    }
    throw error;
  }
}

const TOO_DEEP = `It is nested deeper than ${DEEPEST} levels`;

/** What the library says less clearly. */
const WORDS: Record<string, string> = {
  MULTIPLE_DOCS: 'There is more than one document',
  DUPLICATE_KEY: 'This field is there twice',
  RESOURCE_EXHAUSTION: TOO_DEEP, // its stack, long after what is allowed
};

function parsed(text: string): Document {
  // Positions are told by the caller; the library's own messages would repeat them with an excerpt.
  const document = parseDocument(text, { ...SCHEMA, uniqueKeys: true, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) {
    const message = WORDS[problem.code] ?? problem.message;
    throw new Refused(message, problem.pos[0], Math.max(problem.pos[1], problem.pos[0] + 1));
  }
  return document as Document;
}

function treeOfNode(node: unknown, end: number, depth: number): Tree {
  const range = (node as Node | null)?.range;
  const from = range?.[0] ?? end;
  const to = range?.[1] ?? end;
  if (depth > DEEPEST) {
    throw new Refused(TOO_DEEP, from, to);
  }
  if (isAlias(node)) {
    throw new Refused('An alias would be unfolded by saving: write the value itself', from, to);
  }
  if ((node as Node & { tag?: string } | null)?.tag !== undefined) {
    throw new Refused('A tag has no meaning in a definition: take it away', from, to);
  }
  if (isMap(node)) {
    return {
      kind: 'object', from, to,
      members: node.items.map(({ key, value }) => {
        if (!isScalar(key)) {
          const [start, stop] = (key as Node | null)?.range ?? [from, to];
          throw new Refused(isAlias(key) ? 'An alias can be no name' : 'The name of a field must be text', start, stop);
        }
        const at = { from: key.range?.[0] ?? from, to: key.range?.[1] ?? from };
        return { name: nameOf(key), at, value: treeOfNode(value, at.to, depth + 1) };
      }),
    };
  }
  if (isSeq(node)) {
    return { kind: 'array', from, to, items: node.items.map((item) => treeOfNode(isPair(item) ? null : item, to, depth + 1)) };
  }
  if (isScalar(node)) {
    const { value } = node;
    return { kind: 'scalar', json: typeof value === 'number' ? String(node.source) : JSON.stringify(value), from, to };
  }
  return { kind: 'scalar', json: 'null', from, to };
}

/** As it is written: `1.50: …` has this very name, and `true: …` that of the word. */
function nameOf(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : key.source ?? '';
}

export function writtenYaml(tree: Tree, like: { indent?: number; indentSeq?: boolean } = {}): string {
  const document = new Document(null, SCHEMA);
  document.contents = nodeOf(tree) as never;
  return document.toString({ ...LOOK, ...like });
}

function nodeOf(tree: Tree): Node {
  if (tree.kind === 'object') {
    const map = new YAMLMap();
    tree.members.forEach(({ name, value }) => map.items.push(new Pair(new Scalar(name), nodeOf(value))));
    return map;
  }
  if (tree.kind === 'array') {
    const list = new YAMLSeq();
    tree.items.forEach((item) => list.items.push(nodeOf(item)));
    return list;
  }
  const scalar = new Scalar(JSON.parse(tree.json) as unknown);
  if (typeof scalar.value === 'number') {
    scalar.source = tree.json;
  }
  return scalar;
}

/** Texts are read again for each change; of so many characters in all it is no longer worth while. */
const MOST_READ = 4_000_000;

/**
 * Makes changes one after the other, each within the text if that will do, so that the rest stays as it is; otherwise the text is
 * written anew, with its comments, the order of its fields and how scalars are quoted.
 *
 * @throws when the text is no YAML, or when a path leads to nothing: both are the caller's mistake
 */
export function changedYaml(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, change) => {
    const document = parsed(before);
    const tried = before.length * changes.length > MOST_READ ? undefined : tryToSplice(before, document, change);
    changeYaml(document, change);
    const wanted = flat(treeOfNode(document.contents, 0, 0));
    if (tried !== undefined) {
      const read = readYaml(tried);
      if ('tree' in read && flat(read.tree) === wanted) {
        return tried;
      }
    }
    return document.toString({ ...LOOK, ...habits(before) });
  }, text);
}

function tryToSplice(text: string, document: Document, change: Change): string | undefined {
  const parent = nodeAt(document, change.path.slice(0, -1));
  const last = change.path.at(-1);
  const write = (tree: Tree) => writtenYaml(tree, habits(text));
  if (isMap(parent)) {
    return spliced(text, document, parent, parent.items.findIndex(({ key }) => isScalar(key) && nameOf(key) === last), change, write);
  }
  return isSeq(parent) ? spliced(text, document, parent, Number(last) < parent.items.length ? Number(last) : -1, change, write) : undefined;
}

/** By how much a text indents, and whether lists stand further in than their names. */
function habits(text: string): { indent: number; indentSeq: boolean } {
  return {
    indent: Math.min(8, Math.max(2, /\n( +)[^\s#]/.exec(text)?.[1]?.length ?? 2)),
    indentSeq: !/(?:^|\n)( *)[^\s#-][^\n]*:[ \t]*\n\1- /.test(text),
  };
}

function changeYaml(document: Document, change: Change): void {
  const parent = nodeAt(document, change.path.slice(0, -1));
  const last = change.path.at(-1);
  const nothing = () => new Error(`nothing at ${change.path.join('/')}`);
  if (isMap(parent)) {
    const index = parent.items.findIndex(({ key }) => isScalar(key) && nameOf(key) === last);
    const pair = parent.items[index];
    switch (change.kind) {
      case 'rename':
        if (!pair) {
          throw nothing();
        }
        pair.key = likeBefore(new Scalar(change.name), pair.key);
        return;
      case 'remove':
        if (!pair) {
          throw nothing();
        }
        parent.items.splice(index, 1);
        return;
      case 'set': {
        const value = nodeOf(treeOf(change.json));
        if (pair) {
          pair.value = likeBefore(value, pair.value);
          return;
        }
        const behind = parent.items.findIndex(({ key }) => isScalar(key) && nameOf(key) === change.after);
        if (parent.items.length === 0) {
          parent.flow = false; // {} could be written in no other way
        }
        parent.items.splice(behind < 0 ? parent.items.length : behind + 1, 0, new Pair(new Scalar(String(last)), value));
        return;
      }
    }
  }
  if (!isSeq(parent)) {
    throw nothing();
  }
  const index = Number(last);
  if (change.kind === 'set') {
    const value = nodeOf(treeOf(change.json));
    if (parent.items.length === 0) {
      parent.flow = false;
    }
    parent.items[Math.min(index, parent.items.length)] = index < parent.items.length ? likeBefore(value, parent.items[index]) : value;
  } else if (change.kind === 'remove' && index < parent.items.length) {
    parent.items.splice(index, 1);
  } else {
    throw nothing();
  }
}

/** What stood around a value stays around the one in its place. */
function likeBefore<T extends Node>(value: T, before: unknown): T {
  const old = before as Node | null;
  if (old?.commentBefore) {
    value.commentBefore = old.commentBefore;
  }
  if (old?.comment) {
    value.comment = old.comment;
  }
  if (old?.spaceBefore) {
    value.spaceBefore = true;
  }
  return value;
}

function nodeAt(document: Document, steps: Path): unknown {
  let found: unknown = document.contents;
  for (const step of steps) {
    found = isMap(found) ? found.items.find(({ key }) => isScalar(key) && nameOf(key) === step)?.value
      : isSeq(found) ? found.items[Number(step)]
        : undefined;
  }
  return found;
}
