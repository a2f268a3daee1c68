/**
 * A definition with the places of its values in the text that they were read from, JSON or YAML. Values are kept as they were
 * written: a number that JavaScript can't hold stays the number it is.
 */
export interface Place {
  from: number;
  to: number;
}

export type Tree = Place & (
  | { kind: 'object'; members: Member[] }
  | { kind: 'array'; items: Tree[] }
  | { kind: 'scalar'; json: string });

export interface Member {
  name: string;
  at: Place;
  value: Tree;
}

/** Names of members and places in lists, from the outside in. */
export type Path = readonly (string | number)[];

/** As deep as the API reads; it bounds what goes down into a tree. */
export const DEEPEST = 200;

export function path(pointer: string): string[] {
  return pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function find(tree: Tree, steps: Path): Tree | undefined {
  let found: Tree | undefined = tree;
  for (const step of steps) {
    found = found?.kind === 'object' ? found.members.find((member) => member.name === step)?.value
      : found?.kind === 'array' ? found.items[Number(step)]
        : undefined;
  }
  return found;
}

/** The second of two members of the same name; the text means one thing to one reader and another to the next. */
export function duplicate(tree: Tree): Member | undefined {
  if (tree.kind === 'object') {
    const names = new Set<string>();
    for (const member of tree.members) {
      if (names.has(member.name)) {
        return member;
      }
      names.add(member.name);
    }
  }
  const inner = tree.kind === 'object' ? tree.members.map((member) => member.value) : tree.kind === 'array' ? tree.items : [];
  for (const one of inner) {
    const found = duplicate(one);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** JSON in lines. */
export function printed(tree: Tree, unit = '  ', margin = ''): string {
  const inner = margin + unit;
  if (tree.kind === 'scalar') {
    return tree.json;
  }
  const parts = tree.kind === 'object'
    ? tree.members.map((member) => `${inner}${JSON.stringify(member.name)}: ${printed(member.value, unit, inner)}`)
    : tree.items.map((item) => inner + printed(item, unit, inner));
  const [opening, closing] = tree.kind === 'object' ? ['{', '}'] : ['[', ']'];
  return parts.length === 0 ? opening + closing : `${opening}\n${parts.join(',\n')}\n${margin}${closing}`;
}

/** JSON in one line. */
export function flat(tree: Tree): string {
  switch (tree.kind) {
    case 'scalar': return tree.json;
    case 'array': return `[${tree.items.map(flat).join(', ')}]`;
    case 'object': return `{${tree.members.map((member) => `${JSON.stringify(member.name)}: ${flat(member.value)}`).join(', ')}}`;
  }
}
