import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  add, addBranch, addRule, connect, disconnect, redirect, removeBranch, removeState, renameState, setField, spots, STATE_TYPES, type Edit, type Edited,
} from '../../main/web/asl/edit';
import { allStates, graphOf, isObject, type Json, type Region, type Way } from '../../main/web/asl/graph';
import { changed, converted, read, type Source } from '../../main/web/asl/source';
import { begin, done, redone, undone, type History } from '../../main/web/editor/history';

const valueOf = (source: Source): Json => JSON.parse(source.json!) as Json;

/** Makes an edit and reads what came out. */
function made(source: Source, edited: Edited): Source {
  expect(edited).not.toHaveProperty('refused');
  const after = read(changed(source, (edited as Edit).changes), source.format);
  expect(after.fault).toBeUndefined();
  expect(after.tree).toBeDefined();
  return after;
}

const json = (value: unknown) => read(JSON.stringify(value, null, 2), 'json');

/** What the operations promise: every way leads somewhere in its region, and no state that should go on is left without one. */
function complaints(definition: unknown): string[] {
  const found: string[] = [];
  const names: string[] = [];
  const region = (one: Json) => {
    const states = one.States as Record<string, Json>;
    const known = new Set(Object.keys(states));
    const target = (to: unknown, what: string) => typeof to === 'string' && known.has(to) || found.push(`${what} leads to ${String(to)}`);
    target(one.StartAt, 'StartAt');
    for (const [name, state] of Object.entries(states)) {
      names.push(name);
      const type = state.Type as string;
      if (type === 'Choice') {
        const choices = state.Choices as Json[];
        choices.forEach((rule, index) => target(rule.Next, `${name}, rule ${index}`));
        choices.length > 0 || found.push(`${name} has no rule`);
        'Default' in state && target(state.Default, `${name}, Default`);
      } else if (type === 'Succeed' || type === 'Fail') {
        ('Next' in state || 'End' in state) && found.push(`${name} goes on`);
      } else {
        'Next' in state && target(state.Next, name);
        ('Next' in state) === (state.End === true) && found.push(`${name} has Next and End, or neither`);
      }
      if ('Catch' in state) {
        (state.Catch as Json[]).forEach((rule, index) => target(rule.Next, `${name}, Catch ${index}`));
        (state.Catch as Json[]).length > 0 || found.push(`${name} has an empty Catch`);
      }
      [...(Array.isArray(state.Branches) ? state.Branches as Json[] : []), state.ItemProcessor, state.Iterator].filter(isObject).forEach(region);
    }
  };
  region(definition as Json);
  new Set(names).size === names.length || found.push('a name is there twice');
  return found;
}

const ways = (region: Region): Way[] => [...region.ways, ...region.states.flatMap((state) => state.regions.flatMap(ways))];
const graph = (source: Source) => graphOf(valueOf(source));
const lead = (source: Source) => ways(graph(source)).map((way) => `${way.from} ${way.kind} ${way.to}`);

const LINE = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Task', Resource: 'r', Next: 'C' }, C: { Type: 'Succeed' } } };
const CHOICE = {
  StartAt: 'A',
  States: {
    A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsNull: true, Next: 'B' }, { Variable: '$.y', IsNull: true, Next: 'C' }], Default: 'D' },
    B: { Type: 'Pass', Next: 'D' }, C: { Type: 'Fail' }, D: { Type: 'Succeed' },
  },
};

describe('adding', () => {
  it('puts a state behind another, in the text too', () => {
    const source = json(LINE);
    const edited = add(valueOf(source), 'Wait', { after: 'A' });
    const after = made(source, edited);
    expect((edited as Edit).selected).toBe('Wait');
    expect(lead(after)).toEqual(['A next Wait', 'Wait next B', 'B next C']);
    expect(after.text).toBe(`{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Pass",
      "Next": "Wait"
    },
    "Wait": {
      "Type": "Wait",
      "Seconds": 1,
      "Next": "B"
    },
    "B": {
      "Type": "Task",
      "Resource": "r",
      "Next": "C"
    },
    "C": {
      "Type": "Succeed"
    }
  }
}`);
  });

  it('makes the end of a region go on', () => {
    const source = json({ StartAt: 'A', States: { A: { Type: 'Pass', End: true, Comment: 'c' } } });
    const after = made(source, add(valueOf(source), 'Pass', { after: 'A' }));
    expect(valueOf(after)).toEqual({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'Pass', Comment: 'c' }, Pass: { Type: 'Pass', End: true } } });
    expect(Object.keys((valueOf(after).States as Json).A as Json)).toEqual(['Type', 'Next', 'Comment']);
  });

  it('puts a state on a way', () => {
    const source = json(CHOICE);
    const after = made(source, add(valueOf(source), 'Pass', { on: { from: 'A', to: 'C', kind: 'choice', rule: 1 } }));
    expect(lead(after)).toEqual(['A choice B', 'A choice Pass', 'A default D', 'Pass next C', 'B next D']);
  });

  it('puts the first state before all others, and into nothing', () => {
    const source = json(LINE);
    expect(graph(made(source, add(valueOf(source), 'Pass', 'first'))).start).toBe('Pass');
    const empty = read('{}', 'json');
    const after = made(empty, add(valueOf(empty), 'Pass', 'first'));
    expect(valueOf(after)).toEqual({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } });
  });

  it('gives a Choice at an end something to lead to', () => {
    const source = json({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
    expect(lead(made(source, add(valueOf(source), 'Choice', { after: 'A' })))).toEqual(['A next Choice', 'Choice choice Succeed', 'Choice default Succeed']);
  });

  it('writes in the language of the machine', () => {
    const source = json({ QueryLanguage: 'JSONata', ...LINE });
    const states = valueOf(made(source, add(valueOf(source), 'Task', { after: 'A' }))).States as Record<string, Json>;
    expect(states.Task).toMatchObject({ Arguments: {}, Output: '{% $states.result.Payload %}' });
    expect(states.Task).not.toHaveProperty('Parameters');
  });

  it('takes names that are free, inside others too', () => {
    const source = json({ StartAt: 'Map', States: { Map: { Type: 'Map', ItemProcessor: { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } }, End: true } } });
    const after = made(source, add(valueOf(source), 'Pass', { after: 'Pass' }));
    expect(allStates(graph(after)).map((state) => state.name)).toEqual(['Map', 'Pass', 'Pass 2']);
    expect(lead(after)).toEqual(['Pass next Pass 2']);
  });

  it.each([
    [{ after: 'C' }, 'ended'], [{ after: 'none' }, 'noState'], [{ on: { from: 'A', to: 'Z', kind: 'next' } as Way }, 'ended'],
  ] as const)('%j is refused: %s', (where, refused) => {
    expect(add(LINE, 'Pass', where)).toEqual({ refused });
  });
});

describe('connecting', () => {
  it('sets Next, Default, a rule and a Catch as fits', () => {
    const source = json(LINE);
    expect(lead(made(source, connect(valueOf(source), 'A', 'C', 'next')))).toEqual(['A next C', 'B next C']);
    expect(lead(made(source, connect(valueOf(source), 'B', 'A', 'catch')))).toEqual(['A next B', 'B next C', 'B catch A']);
    const choice = json(CHOICE);
    expect(lead(made(choice, connect(valueOf(choice), 'A', 'A', 'next')))).toContain('A choice A');
    const without = json({ ...CHOICE, States: { ...CHOICE.States, A: { ...CHOICE.States.A, Default: undefined } } });
    expect(lead(made(without, connect(valueOf(without), 'A', 'C', 'next')))).toContain('A default C');
  });

  it('replaces End, with its place among the fields', () => {
    const source = json({ StartAt: 'A', States: { A: { Type: 'Pass', End: true, Comment: 'c' }, B: { Type: 'Succeed' } } });
    expect(made(source, connect(valueOf(source), 'A', 'B', 'next')).text).toBe(source.text.replace('"End": true', '"Next": "B"'));
  });

  it.each([
    ['C', 'A', 'next', 'ended'], ['A', 'B', 'catch', 'noCatch'], ['A', 'none', 'next', 'noState'],
  ] as const)('of %s to %s by %s is refused: %s', (from, to, kind, refused) => {
    expect(connect(LINE, from, to, kind)).toEqual({ refused });
  });

  it('never leaves a region', () => {
    const nested = { StartAt: 'P', States: { P: { Type: 'Parallel', Branches: [{ StartAt: 'I', States: { I: { Type: 'Pass', End: true } } }], Next: 'Z' }, Z: { Type: 'Succeed' } } };
    expect(connect(nested, 'I', 'Z', 'next')).toEqual({ refused: 'elsewhere' });
    expect(redirect(nested, { from: 'P', to: 'Z', kind: 'next' }, 'I')).toEqual({ refused: 'elsewhere' });
  });

  it('leads a way elsewhere, and ends one', () => {
    const source = json(CHOICE);
    expect(lead(made(source, redirect(valueOf(source), { from: 'A', to: 'C', kind: 'choice', rule: 1 }, 'D')))).toContain('A choice D');
    expect(lead(made(source, disconnect(valueOf(source), { from: 'A', to: 'B', kind: 'choice', rule: 0 })))).toEqual(['A choice C', 'A default D', 'B next D']);
    expect(lead(made(source, disconnect(valueOf(source), { from: 'A', to: 'D', kind: 'default' })))).not.toContain('A default D');
    const after = made(source, disconnect(valueOf(source), { from: 'B', to: 'D', kind: 'next' }));
    expect(valueOf(after)).toMatchObject({ States: { B: { Type: 'Pass', End: true } } });
    const one = { ...CHOICE, States: { ...CHOICE.States, A: { ...CHOICE.States.A, Choices: [{ Variable: '$.x', IsNull: true, Next: 'B' }] } } };
    expect(disconnect(one, { from: 'A', to: 'B', kind: 'choice', rule: 0 })).toEqual({ refused: 'onlyRule' });
    expect(disconnect(CHOICE, { from: 'A', to: 'B', kind: 'next' })).toEqual({ refused: 'noState' });
  });
});

describe('removing', () => {
  it('leads what led to the state to where it went on to', () => {
    const source = json(LINE);
    expect(lead(made(source, removeState(valueOf(source), 'B')))).toEqual(['A next C']);
    const first = made(source, removeState(valueOf(source), 'A'));
    expect(graph(first).start).toBe('B');
  });

  it('ends what led to an end', () => {
    const source = json(LINE);
    const after = made(source, removeState(valueOf(source), 'C'));
    expect(valueOf(after)).toMatchObject({ States: { B: { End: true } } });
    expect(complaints(valueOf(after))).toEqual([]);
    const choice = json(CHOICE);
    expect(lead(made(choice, removeState(valueOf(choice), 'C')))).toEqual(['A choice B', 'A default D', 'B next D']);
  });

  it('ends what led to a state with several ways on', () => {
    const source = json({ ...CHOICE, StartAt: 'S', States: { S: { Type: 'Pass', Next: 'A' }, ...CHOICE.States } });
    const after = made(source, removeState(valueOf(source), 'A'));
    expect(valueOf(after)).toMatchObject({ States: { S: { Type: 'Pass', End: true } } });
  });

  it('takes several rules of one Choice, and leads the last to Default', () => {
    const definition = {
      StartAt: 'A',
      States: {
        A: { Type: 'Choice', Choices: [{ Variable: '$.x', IsNull: true, Next: 'B' }, { Variable: '$.y', IsNull: true, Next: 'B' }], Default: 'D' },
        B: { Type: 'Fail' }, D: { Type: 'Succeed' },
      },
    };
    const source = json(definition);
    const after = made(source, removeState(definition, 'B'));
    expect(lead(after)).toEqual(['A choice D', 'A default D']);
    expect(removeState({ ...definition, States: { ...definition.States, A: { ...definition.States.A, Default: undefined } } }, 'B')).toEqual({ refused: 'onlyRule' });
  });

  it('takes an empty Catch away', () => {
    const source = json({ StartAt: 'A', States: { A: { Type: 'Task', Resource: 'r', Catch: [{ ErrorEquals: ['e'], Next: 'F' }, { ErrorEquals: ['f'], Next: 'F' }], End: true }, F: { Type: 'Fail' } } });
    expect(valueOf(made(source, removeState(valueOf(source), 'F')))).toEqual({ StartAt: 'A', States: { A: { Type: 'Task', Resource: 'r', End: true } } });
  });

  it('makes no state lead to itself', () => {
    const source = json({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' }, C: { Type: 'Succeed' } } });
    expect(valueOf(made(source, removeState(valueOf(source), 'B')))).toMatchObject({ States: { A: { Type: 'Pass', End: true } } });
  });

  it('keeps one state in a region', () => {
    expect(removeState({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }, 'A')).toEqual({ refused: 'onlyState' });
    expect(removeState(LINE, 'none')).toEqual({ refused: 'noState' });
  });
});

describe('renaming', () => {
  it('takes everything along that leads to the state', () => {
    const source = json(CHOICE);
    const after = made(source, renameState(valueOf(source), 'D', 'The "end"'));
    expect(after.text).toBe(source.text.replaceAll('"D"', JSON.stringify('The "end"')));
    expect(graph(made(source, renameState(valueOf(source), 'A', 'First'))).start).toBe('First');
  });

  it.each([['', 'nameEmpty'], [' ', 'nameEmpty'], ['x'.repeat(81), 'nameLong'], ['B', 'nameTaken']] as const)('to %j is refused: %s', (name, refused) => {
    expect(renameState(LINE, 'A', name)).toEqual({ refused });
  });

  it('to the name it has changes nothing', () => {
    expect(renameState(LINE, 'A', 'A')).toEqual({ changes: [], selected: 'A' });
  });
});

describe('fields', () => {
  it('are set, added and taken away', () => {
    const source = json(LINE);
    const commented = made(source, setField(valueOf(source), 'B', ['Comment'], '"why"'));
    expect(valueOf(commented)).toMatchObject({ States: { B: { Comment: 'why' } } });
    expect(made(commented, setField(valueOf(commented), 'B', ['Comment'], undefined)).text).toBe(source.text);
    expect(setField(LINE, 'none', ['Comment'], '1')).toEqual({ refused: 'noState' });
  });

  it('keep numbers as they are written', () => {
    const source = read('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 12345678901234567890.10}, "End": true}}}', 'json');
    const after = made(source, setField(valueOf(source), 'A', ['Result', 'm'], '1.50'));
    expect(after.text).toBe('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 12345678901234567890.10, "m": 1.50}, "End": true}}}');
  });

  it('have rules, the last of which takes its list along', () => {
    const source = json(LINE);
    const retried = made(source, addRule(valueOf(source), 'B', 'Retry', 'C'));
    const twice = made(retried, addRule(valueOf(retried), 'B', 'Retry', 'C'));
    expect((valueOf(twice).States as Record<string, Json>).B!.Retry).toHaveLength(2);
    const once = made(twice, setField(valueOf(twice), 'B', ['Retry', 1], undefined));
    expect(once.text).toBe(retried.text);
    expect(made(once, setField(valueOf(once), 'B', ['Retry', 0], undefined)).text).toBe(source.text);
    expect(lead(made(source, addRule(valueOf(source), 'B', 'Catch', 'C')))).toContain('B catch C');
    const choice = json(CHOICE);
    expect(lead(made(choice, addRule(valueOf(choice), 'A', 'Choices', 'D')))).toContain('A choice D');
  });

  it('have branches', () => {
    const source = json({ StartAt: 'P', States: { P: { Type: 'Parallel', Branches: [{ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } }], End: true } } });
    const two = made(source, addBranch(valueOf(source), 'P'));
    expect(graph(two).states[0]!.regions.map((region) => region.start)).toEqual(['Pass', 'Pass 2']);
    expect(made(two, removeBranch(valueOf(two), 'P', 1)).text).toBe(source.text);
    expect(removeBranch(valueOf(source), 'P', 0)).toEqual({ refused: 'onlyBranch' });
    expect(removeBranch(valueOf(source), 'P', 7)).toEqual({ refused: 'noState' });
  });
});

const EXAMPLES = readdirSync('../examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.asl.json') && !name.includes('target'));

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.each(['json', 'yaml'] as const)('the examples as %s', (format) => {
  it.each(EXAMPLES)('%s bears every operation on every state and way, and each is undone', (name) => {
    const example = read(readFileSync(`../examples/${name}`, 'utf8'), 'json');
    const source = format === 'json' ? example : read(converted(example.tree!, 'yaml'), 'yaml');
    const definition = valueOf(source);
    expect(complaints(definition)).toEqual([]);
    const before = graphOf(definition);
    const names = [...spots(definition).keys()];
    expect(names).toEqual(allStates(before).map((state) => state.name));
    const operations: [string, Edited][] = [
      ...names.flatMap((state): [string, Edited][] => [
        ...STATE_TYPES.map((type): [string, Edited] => [`${type} after ${state}`, add(definition, type, { after: state })]),
        [`remove ${state}`, removeState(definition, state)],
        [`rename ${state}`, renameState(definition, state, 'Another name: <b>"#')],
        [`comment ${state}`, setField(definition, state, ['Comment'], '"new"')],
        ...names.filter((_, index) => (index + names.indexOf(state)) % 3 === 0).map((other): [string, Edited] => [`${state} to ${other}`, connect(definition, state, other, 'next')]),
      ]),
      ...ways(before).flatMap((way): [string, Edited][] => [
        [`Pass on ${JSON.stringify(way)}`, add(definition, 'Pass', { on: way })],
        [`end ${JSON.stringify(way)}`, disconnect(definition, way)],
      ]),
    ];
    let made = 0;
    // YAML takes longer to be read; what an operation is doesn't depend on the form.
    const tried = format === 'json' ? operations : operations.filter((_, index) => index % 6 === 0);
    for (const [what, edited] of tried) {
      if ('refused' in edited) {
        continue;
      }
      made++;
      const after = read(changed(source, edited.changes), format);
      expect(after.fault, what).toBeUndefined();
      const value = valueOf(after);
      expect(complaints(value), what).toEqual([]);
      const expected = new Set(names);
      if (what.startsWith('remove')) {
        const inside = allStates({ start: undefined, ways: [], states: [allStates(before).find((state) => `remove ${state.name}` === what)!] });
        inside.forEach((state) => expected.delete(state.name));
      }
      if (what.startsWith('rename')) {
        expect(ways(graphOf(value)).length, what).toBe(ways(before).length);
      }
      const kept = [...spots(value).keys()].filter((one) => expected.has(one));
      expect(kept.length, what).toBe(expected.size - (what.startsWith('rename') ? 1 : 0));
      const steps = done(begin({ text: source.text, format }), { text: after.text, format });
      expect(undone(steps).now.text, what).toBe(source.text);
    }
    expect(made).toBeGreaterThan(format === 'json' ? names.length * 5 : 1);
  });
});

describe('many operations in a row', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('with seed %i leave a sound definition, and are all undone and redone', (seed) => {
    const below = random(seed);
    const format = seed % 2 === 0 ? 'json' : 'yaml';
    const example = read(readFileSync(`../examples/${EXAMPLES[seed % EXAMPLES.length]!}`, 'utf8'), 'json');
    const first = format === 'json' ? example.text : converted(example.tree!, 'yaml');
    let history: History = begin({ text: first, format });
    const texts = [first];
    for (let step = 0; step < 25; step++) {
      const source = read(history.now.text, format);
      const definition = valueOf(source);
      const names = [...spots(definition).keys()];
      const some = names[below(names.length)]!;
      const all = ways(graphOf(definition));
      const way = all[below(all.length)];
      const edited = [
        () => add(definition, STATE_TYPES[below(STATE_TYPES.length)]!, { after: some }),
        () => add(definition, STATE_TYPES[below(STATE_TYPES.length)]!, 'first'),
        () => (way ? add(definition, 'Pass', { on: way }) : removeState(definition, some)),
        () => removeState(definition, some),
        () => renameState(definition, some, `n${seed}-${step}`),
        () => connect(definition, some, names[below(names.length)]!, below(2) === 0 ? 'next' : 'catch'),
        () => (way ? disconnect(definition, way) : addBranch(definition, some)),
      ][below(7)]!();
      if ('refused' in edited || edited.changes.length === 0) {
        continue;
      }
      const text = changed(source, edited.changes);
      history = done(history, { text, format });
      if (text !== texts.at(-1)) {
        texts.push(text);
      }
      expect(complaints(valueOf(read(text, format))), `seed ${seed}, step ${step}`).toEqual([]);
    }
    expect(texts.length).toBeGreaterThan(8);
    for (const text of texts.slice(0, -1).reverse()) {
      history = undone(history);
      expect(history.now.text).toBe(text);
    }
    for (const text of texts.slice(1)) {
      history = redone(history);
      expect(history.now.text).toBe(text);
    }
  });
});
