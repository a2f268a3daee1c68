import { DEEPEST, find, path, type Member, type Place, type Tree } from './tree';

/** Reads JSON with the places of its values; a parser that gives values forgets them. `brokenAt` is where it is no JSON. */
export function readJson(text: string): { tree: Tree } | { brokenAt: number } {
  const scan = new Scan(text);
  try {
    const tree = scan.value();
    scan.end();
    return { tree };
  } catch {
    return { brokenAt: Math.min(scan.at, text.length) };
  }
}

/** Where a JSON pointer leads in a text. */
export function locate(text: string, pointer: string): Place | undefined {
  const read = readJson(text);
  return 'tree' in read ? find(read.tree, path(pointer)) : undefined;
}

/** The character from which on a text is no JSON; undefined if it is. */
export function brokenAt(text: string): number | undefined {
  const read = readJson(text);
  return 'tree' in read ? undefined : read.brokenAt;
}

class Scan {
  at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  value(): Tree {
    this.space();
    const from = this.at;
    const character = this.text[from];
    if (character === '{') {
      const members: Member[] = [];
      this.composite('}', () => members.push(this.member()));
      return { kind: 'object', members, from, to: this.at };
    }
    if (character === '[') {
      const items: Tree[] = [];
      this.composite(']', () => items.push(this.value()));
      return { kind: 'array', items, from, to: this.at };
    }
    if (character === '"') {
      this.take(STRING);
    } else {
      this.take(LITERAL);
    }
    return { kind: 'scalar', json: this.text.slice(from, this.at), from, to: this.at };
  }

  private member(): Member {
    const from = this.at;
    this.take(STRING);
    const at = { from, to: this.at };
    const name = JSON.parse(this.text.slice(from, this.at)) as string;
    this.space();
    this.expect(':');
    return { name, at, value: this.value() };
  }

  private composite(closing: string, element: () => void): void {
    if (++this.depth > DEEPEST) {
      throw new Error('too deep');
    }
    this.at++;
    this.space();
    let isFirst = true;
    while (this.text[this.at] !== closing) {
      if (!isFirst) {
        this.expect(',');
        this.space();
      }
      isFirst = false;
      element();
      this.space();
    }
    this.at++;
    this.depth--;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) {
      throw new Error('more than a value');
    }
  }

  private take(kind: RegExp): void {
    kind.lastIndex = this.at;
    const found = kind.exec(this.text);
    if (!found) {
      throw new Error('no value');
    }
    this.at += found[0].length;
  }

  private space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) {
      this.at++;
    }
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) {
      throw new Error(`no ${character}`);
    }
    this.at++;
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
