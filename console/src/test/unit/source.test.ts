import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changedJson, treeOf, type Change } from '../../main/web/asl/changes';
import { changed, converted, MOST_BYTES, nearest, read } from '../../main/web/asl/source';
import { find, flat, path } from '../../main/web/asl/tree';
import { begin, done, redone, typed, undone } from '../../main/web/editor/history';

const yaml = (text: string) => read(text, 'yaml');
const jsonOf = (text: string) => flat(yaml(text).tree!);

describe('changes of JSON', () => {
  const at = (text: string, ...changes: Change[]) => changedJson(text, changes);

  it('leave everything else as it is', () => {
    const text = '{ "a":1,\n\t"b" : [1,2 , 3], "c":{"d": "\\u0041"}   }\n';
    expect(at(text, { kind: 'set', path: ['b', 1], json: '"x"' })).toBe('{ "a":1,\n\t"b" : [1,"x" , 3], "c":{"d": "\\u0041"}   }\n');
    expect(at(text, { kind: 'rename', path: ['c'], name: 'e"' })).toBe('{ "a":1,\n\t"b" : [1,2 , 3], "e\\"":{"d": "\\u0041"}   }\n');
    expect(at(text, { kind: 'remove', path: ['b', 0] })).toBe('{ "a":1,\n\t"b" : [2 , 3], "c":{"d": "\\u0041"}   }\n');
    expect(at(text, { kind: 'remove', path: ['b', 2] })).toBe('{ "a":1,\n\t"b" : [1,2], "c":{"d": "\\u0041"}   }\n');
    expect(at(text, { kind: 'remove', path: ['c', 'd'] })).toBe('{ "a":1,\n\t"b" : [1,2 , 3], "c":{}   }\n');
  });

  it('are written as what is around them', () => {
    const lines = '{\n    "a": {\n        "b": 1\n    },\n    "e": {}\n}';
    expect(at(lines, { kind: 'set', path: ['a', 'c'], json: '{"d":[]}' })).toBe('{\n    "a": {\n        "b": 1,\n        "c": {\n            "d": []\n        }\n    },\n    "e": {}\n}');
    expect(at(lines, { kind: 'set', path: ['e', 'f'], json: '1' })).toBe('{\n    "a": {\n        "b": 1\n    },\n    "e": {\n        "f": 1\n    }\n}');
    expect(at(lines, { kind: 'set', path: ['c'], json: 'true', after: 'a' })).toBe('{\n    "a": {\n        "b": 1\n    },\n    "c": true,\n    "e": {}\n}');
    expect(at('{"a": {"b": 1}}', { kind: 'set', path: ['a', 'c'], json: '{"d": 1.0}' })).toBe('{"a": {"b": 1, "c": {"d": 1.0}}}');
    expect(at('{}', { kind: 'set', path: ['a'], json: '[1]' })).toBe('{"a": [1]}');
    expect(at('{"a": [1, 2]}', { kind: 'set', path: ['a', 2], json: '3' })).toBe('{"a": [1, 2, 3]}');
  });

  it('in a line stay in it until it is too long', () => {
    const long = JSON.stringify({ x: 'y'.repeat(120) });
    expect(at('{\n  "a": {"b": 1}\n}', { kind: 'set', path: ['a'], json: '{"c":2}' })).toBe('{\n  "a": {"c": 2}\n}');
    expect(at('{\n  "a": {"b": 1}\n}', { kind: 'set', path: ['a'], json: long })).toBe(`{\n  "a": {\n    "x": "${'y'.repeat(120)}"\n  }\n}`);
  });

  it.each<Change>([
    { kind: 'remove', path: ['x'] }, { kind: 'rename', path: ['x'], name: 'y' }, { kind: 'set', path: ['x', 'y'], json: '1' }, { kind: 'remove', path: ['a', 7] }, { kind: 'remove', path: [] },
  ])('%j of what is not there is a mistake', (change) => {
    expect(() => changedJson('{"a": []}', [change])).toThrow('nothing at');
    expect(() => changed(yaml('a: []'), [change])).toThrow('nothing at');
  });
});

describe('YAML', () => {
  it('is what JSON would read, and text otherwise', () => {
    expect(jsonOf('a: [1, 1.50, -0.1e5, 12345678901234567890, true, null, ~, no, yes, 0x10, 01, 1_000, .5, 2026-01-01, .inf]'))
      .toBe('{"a": [1, 1.50, -0.1e5, 12345678901234567890, true, null, null, "no", "yes", "0x10", "01", "1_000", ".5", "2026-01-01", ".inf"]}');
    expect(jsonOf('a:\nb: ""\n"1": x\n1.50: y\ntrue: z\n<<: {c: 1}')).toBe('{"a": null, "b": "", "1": "x", "1.50": "y", "true": "z", "<<": {"c": 1}}');
    expect(jsonOf('a: |\n  one\n  two\nb: >-\n  three\n  four')).toBe('{"a": "one\\ntwo\\n", "b": "three four"}');
    expect(jsonOf('{"a": [1, {"b": "\\u0041"}]}')).toBe('{"a": [1, {"b": "A"}]}');
  });

  it.each([
    ['a: &x 1\nb: *x', 2, 4, /alias/],
    ['a: 1\nb:\n  c: 2\n  c: 3', 4, 3, /there twice/],
    ['a: 1\n"a": 2', 2, 1, /there twice/],
    ['1: x\n"1": y', 2, 1, /there twice/],
    ['a: !!int 1', 1, 10, /tag/],
    ['a: !x\n  b: 1', 2, 3, /tag/],
    ['a: 1\n---\nb: 2', 2, 1, /more than one document/],
    ['a: [1, 2', 1, 9, /./],
    ['a: 1\n b: 2', 1, 4, /./],
    ['? [a, b]\n: 1', 1, 3, /must be text/],
    ['&a b: 1\n*a : 2', 2, 1, /alias/],
  ])('%j is refused at %i:%i', (text, line, column, message) => {
    const { fault, json, tree } = yaml(text);
    expect(fault).toMatchObject({ line, column });
    expect(fault!.message).toMatch(message);
    expect([json, tree]).toEqual([undefined, undefined]);
  });

  it('is bounded in size and depth', () => {
    expect(yaml(`a: "${'x'.repeat(MOST_BYTES)}"`).fault?.message).toMatch(/larger than the 1048576 bytes/);
    expect(yaml(`a: "${'é'.repeat(MOST_BYTES / 2)}"`).fault?.message).toMatch(/larger/);
    expect(yaml('['.repeat(202) + ']'.repeat(202)).fault?.message).toMatch(/deeper than 200/);
    expect(yaml('['.repeat(20_000) + ']'.repeat(20_000)).fault?.message).toMatch(/deeper than 200/);
  });

  it('has problems at their places', () => {
    const text = 'StartAt: X\nStates:\n  # a comment\n  "Y/Z":\n    Type: Pass\n    Next: Nowhere\n';
    const { tree } = yaml(text);
    const shown = (pointer: string) => text.slice(nearest(tree!, pointer).from, nearest(tree!, pointer).to);
    expect(shown('/StartAt')).toBe('X');
    expect(shown('/States/Y~1Z/Next')).toBe('Nowhere');
    expect(shown('/States/Y~1Z/End')).toMatch(/^Type: Pass/);
  });

  it('keeps comments, order and the way of writing when it is changed', () => {
    const text = `# What it is for
StartAt: A # first
States:
    A: {Type: Pass,   Next: 'B'}

    # the end
    B:
        Type: Succeed
        Comment: >-
            folded
            text
`;
    expect(changed(yaml(text), [
      { kind: 'set', path: ['States', 'A', 'Next'], json: '"C"' },
      { kind: 'set', path: ['States', 'C'], json: '{"Type": "Pass", "Next": "B", "Result": {"m": 1.50, "no": "no"}}', after: 'A' },
      { kind: 'rename', path: ['States', 'B'], name: 'D' },
      { kind: 'set', path: ['StartAt'], json: '"D"' },
    ])).toBe(`# What it is for
StartAt: D # first
States:
    A: {Type: Pass,   Next: C}
    C:
        Type: Pass
        Next: B
        Result:
            m: 1.50
            "no": "no"

    # the end
    D:
        Type: Succeed
        Comment: >-
            folded
            text
`);
  });

  it('keeps lists where they are', () => {
    const text = 'a:\n- b: 1\n- b: 2\nc: d\n';
    expect(changed(yaml(text), [{ kind: 'set', path: ['a', 1, 'b'], json: '3' }, { kind: 'set', path: ['a', 2], json: '4' }])).toBe('a:\n- b: 1\n- b: 3\n- 4\nc: d\n');
  });
});

const HOSTILE = ['<img src=x onerror="pwned">', "it's: #not", '- x', '\u202Eevil\u202C \u0007 \u001b[31m', 'null', 'yes', '012', '1e5', '', ' ', '\n', 'a\n\n b\n', '\u{1F600}', '\ud800', '*x', '&x', '!x', '%x', '@x', '`x', '? x', '{a: 1}', '~', '\t', 'key: value'];

describe('changes of YAML', () => {
  const at = (text: string, ...changes: Change[]) => changed(yaml(text), changes);
  const text = 'a:   1   # one\n\n# two\nb: {c:   2,d: [1,2]}\ne:\n  -   f: 1\n      g: |\n        x\n\n  - h # last\ni:   "j"\n';

  it.each<[Change, string, string]>([
    [{ kind: 'set', path: ['a'], json: '"x: y"' }, 'a:   1 ', 'a:   "x: y" '],
    [{ kind: 'rename', path: ['b'], name: 'null' }, 'b: {', '"null": {'],
    [{ kind: 'set', path: ['b', 'd', 2], json: '{"k": "v"}' }, '[1,2]', '[1,2, {"k": "v"}]'],
    [{ kind: 'set', path: ['b', 'l'], json: '[]' }, '[1,2]}', '[1,2], "l": []}'],
    [{ kind: 'remove', path: ['b', 'c'] }, '{c:   2,d', '{d'],
    [{ kind: 'remove', path: ['b', 'd', 1] }, '[1,2]', '[1]'],
    [{ kind: 'set', path: ['m'], json: '{"p": ["o"]}', after: 'a' }, '# one\n', '# one\nm:\n  p:\n    - o\n'],
    [{ kind: 'set', path: ['e', 0, 'k'], json: 'true' }, '        x\n', '        x\n      k: true\n'],
    [{ kind: 'set', path: ['e', 2], json: '{"p": 1, "q": 2}' }, '- h # last\n', '- h # last\n  - p: 1\n    q: 2\n'],
    [{ kind: 'remove', path: ['e', 0, 'g'] }, '      g: |\n        x\n', ''],
    [{ kind: 'remove', path: ['e', 1] }, '  - h # last\n', ''],
    [{ kind: 'remove', path: ['i'] }, 'i:   "j"\n', ''],
    [{ kind: 'set', path: ['b', 'd'], json: '{"r": 1}' }, 'd: [1,2]', 'd: {"r": 1}'],
  ])('%j leave everything else as it is', (change, before, after) => {
    expect(text.split(before)).toHaveLength(2);
    expect(at(text, change)).toBe(text.replace(before, after));
  });

  it('write the text anew where that will not do, with its comments', () => {
    expect(at(text, { kind: 'set', path: ['e', 0], json: '{"z": 1}' })).toContain('# one\n\n# two\n');
    expect(at('a: {}\nb: 1\n', { kind: 'set', path: ['a', 'c'], json: '1' })).toBe('a:\n  c: 1\nb: 1\n');
    expect(at('a: {c: 1}\nb: 1\n', { kind: 'remove', path: ['a', 'c'] })).toBe('a: {}\nb: 1\n');
    expect(at('a:\n  - b: 1\n    c: 2\n', { kind: 'remove', path: ['a', 0, 'b'] })).toBe('a:\n  - c: 2\n');
  });
});

describe('the other form', () => {
  const examples = readdirSync('../examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.asl.json') && !name.includes('target'));

  it.each(examples)('of %s means the same', (name) => {
    const source = read(readFileSync(`../examples/${name}`, 'utf8'), 'json');
    const other = yaml(converted(source.tree!, 'yaml'));
    expect(other.fault).toBeUndefined();
    expect(flat(other.tree!)).toBe(flat(source.tree!));
    expect(flat(read(converted(other.tree!, 'json'), 'json').tree!)).toBe(flat(source.tree!));
  });

  it.each(HOSTILE)('of %j means the same, as a name and as a value', (text) => {
    const tree = treeOf(JSON.stringify({ [text]: text, list: [text, { [text]: [] }], empty: {} }));
    expect(flat(yaml(converted(tree, 'yaml')).tree!)).toBe(flat(tree));
  });

  it.each(['1.0', '12345678901234567890', '1E400', '-0', '1e-7', '0.10'])('keeps the number %s', (number) => {
    const tree = treeOf(`{"n": ${number}}`);
    expect(flat(yaml(converted(tree, 'yaml')).tree!)).toBe(`{"n": ${number}}`);
  });
});

describe('JSON', () => {
  it('that is broken is for the API to judge, and a name that is there twice is not', () => {
    expect(read('{', 'json')).toMatchObject({ json: '{', tree: undefined, fault: undefined });
    expect(read('{"a": 1,\n "a": 2}', 'json').fault).toMatchObject({ line: 2, column: 2, message: "'a' is there twice" });
  });

  it('is found by pointers', () => {
    expect(flat(find(treeOf('{"a/b": [1, {"~": 2}]}'), path('/a~1b/1/~0'))!)).toBe('2');
  });
});

describe('the history', () => {
  const first = { text: 'a', format: 'json' as const };

  it('takes what is typed at once as one step', () => {
    let history = typed(typed(begin(first), 'ab', 1000), 'abc', 1500);
    history = typed(history, 'abcd', 9000);
    expect(undone(history).now.text).toBe('abc');
    expect(undone(undone(history)).now.text).toBe('a');
    expect(undone(undone(undone(history))).now.text).toBe('a');
  });

  it('has steps of the graph by themselves, between those of typing', () => {
    let history = typed(begin(first), 'ab', 1000);
    history = done(history, { text: 'B', format: 'json' });
    history = typed(history, 'Bc', 1200);
    expect(undone(history).now.text).toBe('B');
    expect(undone(undone(history)).now.text).toBe('ab');
    expect(redone(undone(history)).now.text).toBe('Bc');
    expect(redone(history)).toBe(history);
  });

  it('goes into the other form and back', () => {
    const history = done(begin(first), { text: 'b', format: 'yaml' });
    expect(undone(history).now).toEqual(first);
    expect(done(history, { text: 'b', format: 'yaml' })).toBe(history);
  });

  it('forgets what was undone when something else is done', () => {
    const history = typed(undone(done(begin(first), { text: 'b', format: 'json' })), 'c', 1);
    expect(redone(history).now.text).toBe('c');
  });

  it('forgets the oldest drafts before it takes too much', () => {
    let history = begin({ text: 'x'.repeat(9_000_000), format: 'json' });
    for (const last of ['a', 'b', 'c']) {
      history = done(history, { text: 'x'.repeat(9_000_000) + last, format: 'json' });
    }
    expect(history.past.map((draft) => draft.text.at(-1))).toEqual(['a', 'b']);
  });
});
