import { describe, expect, it } from 'vitest';
import { treeOf } from '../../main/web/asl/changes';
import { graphOf } from '../../main/web/asl/graph';
import { catcherOf, fieldsOf } from '../../main/web/editor/fields';
import { isUsable, NEW_MOCK, tasksOf, wanted } from '../../main/web/editor/mocks';
import { replacement } from '../../main/web/editor/replacement';
import { shown, written, type Kind } from '../../main/web/editor/ValueField';

describe('a field', () => {
  it.each<[Kind, string, string]>([
    ['text', '"a \\"b\\""', 'a "b"'], ['text', '7', '7'], ['number', '1.50', '1.50'], ['number', '"{% $x %}"', '{% $x %}'], ['path', 'null', 'null'], ['path', '"$.a"', '$.a'],
    ['list', '["a", "b"]', 'a, b'], ['json', '{"a":[1.50]}', '{\n  "a": [\n    1.50\n  ]\n}'],
  ])('of %s shows %s as %j', (kind, json, text) => {
    expect(shown(kind, treeOf(json))).toBe(text);
  });

  it('that is not there is empty, and empty is not there', () => {
    expect(shown('json', undefined)).toBe('');
    expect(written('text', ' ')).toBeUndefined();
  });

  it.each<[Kind, string, string | null]>([
    ['text', 'a "b"', '"a \\"b\\""'], ['number', ' 1.50 ', '1.50'], ['number', '{% $x %}', '"{% $x %}"'], ['number', 'x', null], ['number', 'true', null], ['number', '[]', null],
    ['path', 'null', 'null'], ['path', '$.a', '"$.a"'], ['list', 'a, b,, c ', '["a","b","c"]'], ['json', '{"a": 1.50}', '{"a": 1.50}'], ['json', '{', null],
  ])('of %s takes %j as %s', (kind, text, json) => {
    expect(written(kind, text)).toBe(json);
  });

  it('is one of its language only', () => {
    const names = (type: string, language: 'JSONPath' | 'JSONata') => fieldsOf(type, language).map((field) => field.name);
    expect(names('Task', 'JSONata')).toEqual(expect.arrayContaining(['Resource', 'Arguments', 'Output', 'Assign', 'Comment']));
    expect(names('Task', 'JSONata')).not.toContain('Parameters');
    expect(names('Task', 'JSONPath')).toEqual(expect.arrayContaining(['Parameters', 'ResultPath', 'InputPath']));
    expect(names('Map', 'JSONPath')).toContain('ItemsPath');
    expect(names('Fail', 'JSONata')).toEqual(['Error', 'Cause', 'Comment']);
    expect(names('Nonsense', 'JSONata')).toEqual(['Comment']);
    expect(catcherOf('JSONata').map((field) => field.name)).toEqual(['ErrorEquals', 'Output', 'Assign']);
  });
});

describe('a replacement', () => {
  it.each([
    ['abc', 'abc', { from: 3, to: 3, insert: '' }], ['abc', 'aXc', { from: 1, to: 2, insert: 'X' }], ['aaa', 'aa', { from: 2, to: 3, insert: '' }],
    ['', 'x', { from: 0, to: 0, insert: 'x' }], ['x', '', { from: 0, to: 1, insert: '' }], ['ab', 'abab', { from: 2, to: 2, insert: 'ab' }],
  ])('of %j by %j is the smallest', (before, after, expected) => {
    const { from, to, insert } = replacement(before, after);
    expect({ from, to, insert }).toEqual(expected);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
  });
});

describe('mocks', () => {
  const error = { ...NEW_MOCK, kind: 'error' as const, error: 'E', cause: 'c', after: '2.5' };

  it('are of Task states, wherever they are', () => {
    const region = graphOf({ States: { A: { Type: 'Task' }, M: { Type: 'Map', ItemProcessor: { States: { B: { Type: 'Task' }, C: { Type: 'Pass' } } } } } });
    expect(tasksOf(region)).toEqual(['A', 'B']);
  });

  it('are sent for states that there are, and have answers', () => {
    expect(wanted({ A: [error, { ...NEW_MOCK, result: '[1]' }], B: [], gone: [NEW_MOCK] }, ['A', 'B', 'toString'])).toEqual({ A: [{ error: 'E', cause: 'c', afterSeconds: 2.5 }, { result: [1] }] });
  });

  it.each([[NEW_MOCK, true], [error, true], [{ ...NEW_MOCK, result: '{' }, false], [{ ...error, result: '{' }, true], [{ ...NEW_MOCK, after: 'x' }, false], [{ ...NEW_MOCK, after: '-1' }, false], [{ ...NEW_MOCK, after: ' ' }, false]])('%j can be sent: %s', (draft, expected) => {
    expect(isUsable(draft)).toBe(expected);
  });
});
