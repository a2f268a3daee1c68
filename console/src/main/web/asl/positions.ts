/**
 * Where a JSON pointer leads in a text. The validator tells places by pointer, an editor needs characters; a parser that
 * gives values forgets them. What is wrong in the text ends the search, so a pointer may lead to nothing.
 */
export interface Place {
  from: number;
  to: number;
}

export function locate(text: string, pointer: string): Place | undefined {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  try {
    return new Scan(text).find(steps);
  } catch {
    return undefined;
  }
}

/** The character from which on a text is no JSON; undefined if it is. */
export function brokenAt(text: string): number | undefined {
  const scan = new Scan(text);
  try {
    scan.value();
    scan.end();
    return undefined;
  } catch {
    return Math.min(scan.at, text.length);
  }
}

const DEEPEST = 500;

class Scan {
  at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  find(steps: string[]): Place | undefined {
    this.space();
    const [step, ...rest] = steps;
    if (step === undefined) {
      const from = this.at;
      this.value();
      return { from, to: this.at };
    }
    if (this.text[this.at] === '{') {
      return this.entries('}', () => {
        const name = this.string();
        this.space();
        this.expect(':');
        return name;
      }, step, rest);
    }
    if (this.text[this.at] === '[') {
      let index = 0;
      return this.entries(']', () => String(index++), step, rest);
    }
    return undefined;
  }

  private entries(closing: string, name: () => string, step: string, rest: string[]): Place | undefined {
    this.at++;
    this.space();
    while (this.text[this.at] !== closing) {
      if (name() === step) {
        return this.find(rest);
      }
      this.value();
      this.space();
      if (this.text[this.at] !== closing) {
        this.expect(',');
        this.space();
      }
    }
    return undefined;
  }

  value(): void {
    this.space();
    const character = this.text[this.at];
    if (character === '"') {
      this.string();
    } else if (character === '{' || character === '[') {
      this.composite(character === '{' ? '}' : ']');
    } else {
      const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
      literal.lastIndex = this.at;
      const found = literal.exec(this.text);
      if (!found) {
        throw new Error('no value');
      }
      this.at += found[0].length;
    }
  }

  private composite(closing: string): void {
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
      if (closing === '}') {
        this.string();
        this.space();
        this.expect(':');
      }
      this.value();
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

  private string(): string {
    const literal = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    literal.lastIndex = this.at;
    const found = literal.exec(this.text);
    if (!found) {
      throw new Error('no string');
    }
    this.at += found[0].length;
    return JSON.parse(found[0]) as string;
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
