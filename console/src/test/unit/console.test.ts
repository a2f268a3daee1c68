import { describe, expect, it } from 'vitest';
import { executionName, machineName, qualifier, unqualified } from '../../main/web/api/arns';
import { refusal } from '../../main/web/api/aws';
import { problem } from '../../main/web/api/rest';
import { isStranger } from '../../main/web/api/session';
import { spots } from '../../main/web/asl/edit';
import { read } from '../../main/web/asl/source';
import { placed, statesOf } from '../../main/web/editor/problems';
import { stateDefinition } from '../../main/web/editor/StateTest';
import { exported } from '../../main/web/file/exported';
import { preferred } from '../../main/web/i18n';
import { en } from '../../main/web/i18n/en';
import { ptBR } from '../../main/web/i18n/pt-BR';
import { newest } from '../../main/web/live/LivePage';
import { matching } from '../../main/web/machines/MachinesPage';
import { byError, filterOf, parametersOf, quoted } from '../../main/web/search/filter';
import { duration, pretty } from '../../main/web/shared/format';
import { changed } from '../../main/web/shared/parameters';

describe('ARNs', () => {
  it('give names and qualifiers', () => {
    const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
    expect([machineName(`${machine}:3`), qualifier(`${machine}:3`), unqualified(`${machine}:3`), qualifier(machine)]).toEqual(['m', '3', machine, undefined]);
    expect(unqualified(`${machine}/label`)).toBe(machine);
    expect(executionName('arn:aws:states:us-east-1:000000000000:execution:m:e')).toBe('e');
  });
});

describe('refusals', () => {
  it('of AWS have a code, and say whether they pass', () => {
    expect(refusal(400, '{"__type":"com.amazonaws#InvalidArn","message":"no"}')).toMatchObject({ code: 'InvalidArn', message: 'no', temporary: false });
    expect(refusal(503, '{"__type":"ServiceUnavailable","message":"later"}').temporary).toBe(true);
    expect(refusal(400, '{"__type":"ThrottlingException"}').temporary).toBe(true);
  });

  it('that are no JSON are told by their status', () => {
    expect(refusal(502, '<html>').code).toBe('HTTP 502');
    expect(problem(504, '<html>')).toMatchObject({ code: 'HTTP 504', temporary: true });
  });

  it('of strangers are told from others', () => {
    expect(isStranger(refusal(400, '{"__type":"MissingAuthenticationTokenException","message":"m"}'))).toBe(true);
    expect(isStranger(refusal(400, '{"__type":"AccessDeniedException","message":"m"}'))).toBe(false);
    expect(isStranger(problem(401, '{"title":"Not authenticated","detail":"d"}'))).toBe(true);
    expect(isStranger(problem(403, '{"title":"Not allowed","detail":"d"}'))).toBe(false);
    expect(isStranger(new Error('Not authenticated'))).toBe(false);
  });

  it('of /api say how to mend them', () => {
    expect(problem(400, '{"title":"Invalid request","detail":"d","mend":"m"}')).toMatchObject({ message: 'd', mend: 'm', temporary: false });
  });
});

describe('a search', () => {
  it('is the same in the address and to the API', () => {
    const parameters = new URLSearchParams({ q: 'input.a:1', status: 'FAILED', machine: ' ', page: '3' });
    expect(parametersOf(filterOf(parameters)).toString()).toBe('q=input.a%3A1&status=FAILED');
  });

  it('takes no status that there is not', () => {
    expect(filterOf(new URLSearchParams({ status: '<img>' }))).toEqual({});
  });

  it('groups by error, the most frequent first', () => {
    expect(byError([{ status: 'FAILED', error: 'a' }, { status: 'FAILED', error: 'b' }, { status: 'FAILED', error: 'b' }, { status: 'RUNNING' }])).toEqual([['b', 2], ['a', 1]]);
  });

  it('quotes values', () => {
    expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"');
  });
});

describe('problems', () => {
  const text = '{\n "StartAt": "X",\n "States": {\n  "Y": {"Type": "Pass", "Next": "Z"}\n }\n}';

  it('stand at their lines, and what is missing at what misses it', () => {
    const found = placed(read(text, 'json'), [
      { severity: 'ERROR', code: 'A', message: '', location: '/StartAt' },
      { severity: 'WARNING', code: 'B', message: '', location: '/States/Y/Next' },
      { severity: 'ERROR', code: 'C', message: '', location: '/States/Y/End' },
      { severity: 'ERROR', code: 'D', message: '' },
    ]);
    expect(found.map((one) => [one.code, one.line, one.severity])).toEqual([['A', 2, 'error'], ['B', 4, 'warning'], ['C', 4, 'error'], ['D', 1, 'error']]);
    expect(text.slice(found[1]!.from, found[1]!.to)).toBe('"Z"');
  });

  it('of what is no JSON stand where it breaks', () => {
    expect(placed(read('{\n "a": 1,\n}', 'json'), [{ severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', message: '' }])[0]?.line).toBe(3);
  });

  it('name the innermost states', () => {
    expect(statesOf([{ severity: 'ERROR', code: '', message: '', location: '/States/P/Branches/0/States/a~1b/Next' }])).toEqual(new Set(['a/b']));
  });
});

describe('a state', () => {
  it('is found wherever it is nested', () => {
    const found = spots({ States: { P: { Branches: [{ States: { 'a/b': {} } }] } } });
    expect(found.get('a/b')?.path).toEqual(['States', 'P', 'Branches', 0, 'States', 'a/b']);
    expect(found.get('none')).toBeUndefined();
  });

  it('is tested with the query language of its machine', () => {
    const state = { name: 'A', type: 'Pass', regions: [], distributed: false, terminal: true, definition: { Type: 'Pass', End: true } };
    expect(stateDefinition('{"QueryLanguage":"JSONata"}', state)).toBe('{"QueryLanguage":"JSONata","Type":"Pass","End":true}');
    expect(stateDefinition('{', state)).toBeUndefined();
  });
});

describe('a file', () => {
  it('is what was exported, or what the AWS CLI printed, in any order', () => {
    const event = (id: number) => ({ id, previousEventId: id - 1, type: 'ExecutionStarted', timestamp: '2026-01-01T00:00:00Z' });
    expect(exported(JSON.stringify({ events: [event(2), event(1)] }))?.events.map((one) => one.id)).toEqual([1, 2]);
  });

  it.each(['', '{', 'null', '[]', '{"events": 1}', '{"events": [null]}', '{"events": [{"id": "1"}]}'])('%s is refused', (text) => {
    expect(exported(text)).toBeUndefined();
  });
});

describe('languages', () => {
  it('have the same texts', () => {
    const keys = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'object' ? keys(inner as object, `${path}${key}.`) : [`${path}${key}`]));
    expect(keys(ptBR)).toEqual(keys(en));
  });

  it('are the chosen one, the browser\'s, or English', () => {
    expect([preferred('en', ['pt-BR']), preferred(null, ['fr', 'pt-PT', 'en']), preferred('xx', ['de'])]).toEqual(['en', 'pt-BR', 'en']);
  });
});

describe('small things', () => {
  it('last as long as one reads', () => {
    expect([duration(5), duration(1500), duration(65_000), duration(3_700_000), duration(-3)]).toEqual(['5 ms', '1.50 s', '1 min 5 s', '1 h 1 min', '0 ms']);
  });

  it('are indented only if they are JSON', () => {
    expect([pretty('{"a":1}'), pretty('<b>')]).toEqual(['{\n  "a": 1\n}', '<b>']);
  });

  it('change addresses without touching the rest', () => {
    expect(changed(new URLSearchParams('a=1&b=2'), { a: undefined, c: '3' }).toString()).toBe('b=2&c=3');
  });

  it('keep the newest changes on top and not too many', () => {
    const change = (name: string) => ({ executionArn: name, stateMachineArn: '', name, status: 'RUNNING' as const, date: '' });
    const many = Array.from({ length: 300 }, (_, index) => change(String(index)));
    expect(newest([change('old')], many).map((one) => one.name).slice(0, 2)).toEqual(['299', '298']);
    expect(newest([], many)).toHaveLength(200);
  });

  it('find machines in any case', () => {
    const machine = (name: string) => ({ name, stateMachineArn: name, type: 'STANDARD' as const, creationDate: 0 });
    expect(matching([machine('Orders'), machine('loans')], ' ORD ').map((one) => one.name)).toEqual(['Orders']);
  });
});
