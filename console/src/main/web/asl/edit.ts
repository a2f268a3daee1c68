import type { Change } from './changes';
import { isObject, type Json, type Way, type WayKind } from './graph';
import type { Path } from './tree';

/**
 * What people do to a graph, as changes of the definition. Pure functions of the definition's value: what they give is made by
 * `changed` in the text, so that JSON and YAML are edited by the same operations.
 *
 * Each leaves a definition whose states have where to go and whose ways have where to lead, if the one before was such.
 */

export const STATE_TYPES = ['Task', 'Choice', 'Pass', 'Wait', 'Parallel', 'Map', 'Succeed', 'Fail'] as const;
export type StateType = (typeof STATE_TYPES)[number];

/** Why something can't be done; a text of the console tells it. */
export type Refusal =
  | 'noState' | 'onlyState' | 'onlyRule' | 'onlyBranch' | 'ended' | 'elsewhere' | 'noCatch' | 'nameTaken' | 'nameEmpty' | 'nameLong';

export interface Edit {
  changes: Change[];
  /** The state to look at afterwards. */
  selected?: string;
}

export type Edited = Edit | { refused: Refusal };

/** Where a state is. */
export interface Spot {
  name: string;
  state: Json;
  path: Path;
  /** What has it among its States. */
  region: Json;
  regionPath: Path;
  language: 'JSONPath' | 'JSONata';
}

const MOST_NAME = 80;

const isName = (value: unknown): value is string => typeof value === 'string';
const set = (path: Path, value: unknown, after?: string): Change => ({ kind: 'set', path, json: JSON.stringify(value), ...(after === undefined ? {} : { after }) });
const remove = (path: Path): Change => ({ kind: 'remove', path });
const rename = (path: Path, name: string): Change => ({ kind: 'rename', path, name });

/** All states by name. Names are unique in a machine; of those that are not yet, the first counts. */
export function spots(definition: unknown): Map<string, Spot> {
  const found = new Map<string, Spot>();
  const inner = (region: Json, regionPath: Path, machine: Spot['language']) => {
    for (const [name, state] of Object.entries(isObject(region.States) ? region.States : {})) {
      if (!isObject(state)) {
        continue;
      }
      const path = [...regionPath, 'States', name];
      const language = state.QueryLanguage === 'JSONata' || state.QueryLanguage === 'JSONPath' ? state.QueryLanguage : machine;
      if (!found.has(name)) {
        found.set(name, { name, state, path, region, regionPath, language });
      }
      regionsOf(state).forEach(([one, steps]) => inner(one, [...path, ...steps], machine));
    }
  };
  if (isObject(definition)) {
    inner(definition, [], definition.QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath');
  }
  return found;
}

function regionsOf(state: Json): [Json, Path][] {
  if (Array.isArray(state.Branches)) {
    return state.Branches.flatMap((branch: unknown, index): [Json, Path][] => (isObject(branch) ? [[branch, ['Branches', index]]] : []));
  }
  for (const processor of ['ItemProcessor', 'Iterator']) {
    const region = state[processor];
    if (isObject(region)) {
      return [[region, [processor]]];
    }
  }
  return [];
}

// ------------------------------------------------------------------ ways

/** Something that names a state as the next one. */
interface Reference {
  owner: Spot;
  kind: WayKind;
  path: Path;
  rule?: number;
}

function waysOf(owner: Spot): (Reference & { to: string })[] {
  const { state, path } = owner;
  const found: (Reference & { to: string })[] = [];
  const add = (to: unknown, kind: WayKind, steps: Path, rule?: number) => {
    if (isName(to)) {
      found.push({ owner, kind, path: [...path, ...steps], to, ...(rule === undefined ? {} : { rule }) });
    }
  };
  const rules = (list: unknown, name: string, kind: WayKind) => {
    if (Array.isArray(list)) {
      list.forEach((rule: unknown, index) => isObject(rule) && add(rule.Next, kind, [name, index, 'Next'], index));
    }
  };
  if (state.Type === 'Choice') {
    rules(state.Choices, 'Choices', 'choice');
    add(state.Default, 'default', ['Default']);
  } else {
    add(state.Next, 'next', ['Next']);
  }
  rules(state.Catch, 'Catch', 'catch');
  return found;
}

const beside = (all: ReadonlyMap<string, Spot>, spot: Spot): Spot[] => [...all.values()].filter((one) => one.region === spot.region);

/** Changes after which a reference leads to no state, each way in its manner; a refusal if there is none. */
function withoutTarget(reference: Reference): Change[] | Refusal {
  const { owner, kind, path } = reference;
  switch (kind) {
    case 'next':
      return [rename(path, 'End'), set([...path.slice(0, -1), 'End'], true)];
    case 'default':
      return [remove(path)];
    case 'choice':
      return (owner.state.Choices as unknown[]).length > 1 ? [remove(path.slice(0, -1))] : 'onlyRule';
    case 'catch':
      return [remove((owner.state.Catch as unknown[]).length > 1 ? path.slice(0, -1) : path.slice(0, -2))];
  }
}

// ------------------------------------------------------------------ adding

/** Where a state is added: behind another, on the way between two, or as the first of the machine. */
export type Where = { after: string } | { on: Way } | 'first';

export function add(definition: unknown, type: StateType, where: Where): Edited {
  const all = spots(definition);
  const name = freeName(all, type);
  if (where === 'first') {
    const region = isObject(definition) ? definition : {};
    const start = isName(region.StartAt) && isObject(region.States) && Object.hasOwn(region.States, region.StartAt) ? region.StartAt : undefined;
    const language = region.QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath';
    const made = make(all, type, name, start, language);
    return {
      changes: [
        set(['StartAt'], name),
        ...(isObject(region.States) ? [] : [set(['States'], {})]),
        ...made.map(([one, state]) => set(['States', one], state)),
      ],
      selected: name,
    };
  }
  const owner = all.get('on' in where ? where.on.from : where.after);
  if (!owner) {
    return { refused: 'noState' };
  }
  const reference = 'on' in where ? referenceOf(owner, where.on) : onwards(owner);
  if (reference === undefined && (owner.state.Type === 'Succeed' || owner.state.Type === 'Fail' || 'on' in where)) {
    return { refused: 'ended' };
  }
  const made = make(all, type, name, reference?.to, languageAt(definition));
  const states = [...owner.regionPath, 'States'];
  let after = owner.name;
  const added = made.map(([one, state]) => {
    const change = set([...states, one], state, after);
    after = one;
    return change;
  });
  return { changes: [...added, ...(reference ? [set(reference.path, name)] : towards(owner, name))], selected: name };
}

const languageAt = (definition: unknown): Spot['language'] => (isObject(definition) && definition.QueryLanguage === 'JSONata' ? 'JSONata' : 'JSONPath');

/** The way that goes on when nothing is wrong: Next, or Default of a Choice. */
function onwards(owner: Spot): (Reference & { to: string }) | undefined {
  return waysOf(owner).find((way) => way.kind === 'next' || way.kind === 'default');
}

function referenceOf(owner: Spot, way: Way): (Reference & { to: string }) | undefined {
  return waysOf(owner).find((one) => one.kind === way.kind && one.rule === way.rule && one.to === way.to);
}

/** Makes a state that leads nowhere yet lead to another. */
function towards(owner: Spot, to: string): Change[] {
  if (owner.state.Type === 'Choice') {
    return [set([...owner.path, 'Default'], to)];
  }
  return Object.hasOwn(owner.state, 'End') && !Object.hasOwn(owner.state, 'Next')
    ? [rename([...owner.path, 'End'], 'Next'), set([...owner.path, 'Next'], to)]
    : [...(Object.hasOwn(owner.state, 'End') ? [remove([...owner.path, 'End'])] : []), set([...owner.path, 'Next'], to)];
}

function freeName(all: ReadonlyMap<string, Spot>, wanted: string, besides: readonly string[] = []): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!all.has(name) && !besides.includes(name)) {
      return name;
    }
  }
}

/** A new state that goes on to `next`, or ends; and a state for it to lead to, if it is a Choice without any other. */
function make(all: ReadonlyMap<string, Spot>, type: StateType, name: string, next: string | undefined, language: Spot['language']): [string, Json][] {
  const onward: Json = next === undefined ? { End: true } : { Next: next };
  const isJsonata = language === 'JSONata';
  const inside = (): Json => {
    const inner = freeName(all, 'Pass', [name]);
    return { StartAt: inner, States: { [inner]: { Type: 'Pass', End: true } } };
  };
  switch (type) {
    case 'Task':
      return [[name, {
        Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke',
        ...(isJsonata
          ? { Arguments: { FunctionName: 'function', Payload: '{% $states.input %}' }, Output: '{% $states.result.Payload %}' }
          : { Parameters: { FunctionName: 'function', 'Payload.$': '$' }, OutputPath: '$.Payload' }),
        ...onward,
      }]];
    case 'Choice': {
      const target = next ?? freeName(all, 'Succeed', [name]);
      const rule = newRule(language, target);
      return [[name, { Type: 'Choice', Choices: [rule], Default: target }], ...(next === undefined ? [[target, { Type: 'Succeed' }] as [string, Json]] : [])];
    }
    case 'Pass': return [[name, { Type: 'Pass', ...onward }]];
    case 'Wait': return [[name, { Type: 'Wait', Seconds: 1, ...onward }]];
    case 'Parallel': return [[name, { Type: 'Parallel', Branches: [inside()], ...onward }]];
    case 'Map': return [[name, { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...inside() }, ...onward }]];
    case 'Succeed': return [[name, { Type: 'Succeed' }]];
    case 'Fail': return [[name, { Type: 'Fail', Error: 'Failed' }]];
  }
}

export function newRule(language: Spot['language'], target: string): Json {
  return language === 'JSONata' ? { Condition: '{% false %}', Next: target } : { Variable: '$.value', IsPresent: true, Next: target };
}

export function addBranch(definition: unknown, state: string): Edited {
  const all = spots(definition);
  const spot = all.get(state);
  if (!spot) {
    return { refused: 'noState' };
  }
  const inner = freeName(all, 'Pass');
  const index = Array.isArray(spot.state.Branches) ? spot.state.Branches.length : 0;
  const branch = { StartAt: inner, States: { [inner]: { Type: 'Pass', End: true } } };
  return { changes: [index === 0 ? set([...spot.path, 'Branches'], [branch]) : set([...spot.path, 'Branches', index], branch)], selected: inner };
}

export function removeBranch(definition: unknown, state: string, index: number): Edited {
  const spot = spots(definition).get(state);
  if (!spot || !Array.isArray(spot.state.Branches) || index >= spot.state.Branches.length) {
    return { refused: 'noState' };
  }
  return spot.state.Branches.length === 1 ? { refused: 'onlyBranch' } : { changes: [remove([...spot.path, 'Branches', index])], selected: state };
}

// ------------------------------------------------------------------ connecting

/** Leads from one state to another. Of a Choice, next means Default while there is none, and another rule then. */
export function connect(definition: unknown, from: string, to: string, kind: 'next' | 'catch'): Edited {
  const all = spots(definition);
  const [owner, target] = [all.get(from), all.get(to)];
  if (!owner || !target) {
    return { refused: 'noState' };
  }
  if (owner.region !== target.region) {
    return { refused: 'elsewhere' };
  }
  const { state, path } = owner;
  if (kind === 'catch') {
    if (!mayCatch(state)) {
      return { refused: 'noCatch' };
    }
    return { changes: [appended(owner, 'Catch', { ErrorEquals: ['States.ALL'], Next: to })], selected: from };
  }
  if (state.Type === 'Succeed' || state.Type === 'Fail') {
    return { refused: 'ended' };
  }
  if (state.Type === 'Choice') {
    return { changes: [isName(state.Default) ? appended(owner, 'Choices', newRule(owner.language, to)) : set([...path, 'Default'], to)], selected: from };
  }
  return { changes: isName(state.Next) ? [set([...path, 'Next'], to)] : towards(owner, to), selected: from };
}

export const mayCatch = (state: Json): boolean => state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map';

/** Leads a way that is there to another state. */
export function redirect(definition: unknown, way: Way, to: string): Edited {
  const all = spots(definition);
  const [owner, target] = [all.get(way.from), all.get(to)];
  const reference = owner && referenceOf(owner, way);
  if (!reference || !target) {
    return { refused: 'noState' };
  }
  return owner.region === target.region ? { changes: [set(reference.path, to)], selected: way.from } : { refused: 'elsewhere' };
}

export function disconnect(definition: unknown, way: Way): Edited {
  const owner = spots(definition).get(way.from);
  const reference = owner && referenceOf(owner, way);
  if (!reference) {
    return { refused: 'noState' };
  }
  const changes = withoutTarget(reference);
  return typeof changes === 'string' ? { refused: changes } : { changes, selected: way.from };
}

/** A further rule at the end of a list, or the list with it. */
function appended(owner: Spot, field: string, rule: Json): Change {
  const list = owner.state[field];
  return Array.isArray(list) && list.length > 0 ? set([...owner.path, field, list.length], rule) : set([...owner.path, field], [rule]);
}

// ------------------------------------------------------------------ removing and renaming

/**
 * Takes a state away. What led to it leads to where it went on to, if that is one state and another than where the way comes from;
 * otherwise the way ends.
 */
export function removeState(definition: unknown, name: string): Edited {
  const all = spots(definition);
  const spot = all.get(name);
  if (!spot) {
    return { refused: 'noState' };
  }
  const others = beside(all, spot).filter((one) => one.name !== name);
  const targets = new Set(waysOf(spot).filter((way) => way.kind !== 'catch' && way.to !== name).map((way) => way.to));
  const [only] = targets;
  const successor = targets.size === 1 && others.some((one) => one.name === only) ? only : undefined;
  const first = others[0];
  if (!first) {
    return { refused: 'onlyState' };
  }
  const changes: Change[] = [];
  for (const owner of others) {
    const references = waysOf(owner).filter((way) => way.to === name);
    const to = successor === owner.name ? undefined : successor;
    if (to !== undefined) {
      changes.push(...references.map((reference) => set(reference.path, to)));
      continue;
    }
    const ended = endedAll(owner, references);
    if (typeof ended === 'string') {
      return { refused: ended };
    }
    changes.push(...ended);
  }
  if (spot.region.StartAt === name) {
    changes.push(set([...spot.regionPath, 'StartAt'], successor ?? first.name));
  }
  return { changes: [...changes, remove(spot.path)], selected: successor ?? others.find((one) => waysOf(one).some((way) => way.to === name))?.name ?? first.name };
}

/** Ends several ways of one state. Rules are taken from the last to the first, so that the places of the others stay. */
function endedAll(owner: Spot, references: readonly Reference[]): Change[] | Refusal {
  const changes: Change[] = [];
  const rest = { choice: lengthOf(owner.state.Choices), catch: lengthOf(owner.state.Catch) };
  const isDefaultKept = isName(owner.state.Default) && !references.some((one) => one.kind === 'default');
  for (const reference of [...references].reverse()) {
    const { kind, path } = reference;
    if (kind === 'choice' && --rest.choice === 0) {
      if (!isDefaultKept) {
        return 'onlyRule';
      }
      // A Choice has to have a rule: the last one leads to where none of them would.
      changes.push(set(path, owner.state.Default));
    } else if (kind === 'choice') {
      changes.push(remove(path.slice(0, -1)));
    } else if (kind === 'catch') {
      changes.push(remove(--rest.catch === 0 ? path.slice(0, -2) : path.slice(0, -1)));
    } else {
      const ended = withoutTarget(reference);
      if (typeof ended === 'string') {
        return ended;
      }
      changes.push(...ended);
    }
  }
  return changes;
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

/** Gives a state another name; all that leads to it follows. */
export function renameState(definition: unknown, name: string, wanted: string): Edited {
  const all = spots(definition);
  const spot = all.get(name);
  if (!spot) {
    return { refused: 'noState' };
  }
  if (wanted === name) {
    return { changes: [], selected: name };
  }
  if (wanted.trim() === '') {
    return { refused: 'nameEmpty' };
  }
  if ([...wanted].length > MOST_NAME) {
    return { refused: 'nameLong' };
  }
  if (all.has(wanted)) {
    return { refused: 'nameTaken' };
  }
  const references = beside(all, spot).flatMap(waysOf).filter((way) => way.to === name);
  return {
    changes: [
      ...references.map((reference) => set(reference.path, wanted)),
      ...(spot.region.StartAt === name ? [set([...spot.regionPath, 'StartAt'], wanted)] : []),
      rename(spot.path, wanted),
    ],
    selected: wanted,
  };
}

// ------------------------------------------------------------------ fields

/**
 * Sets what is in a state, by steps from it: a field, or what is inside one.
 *
 * @param json undefined takes it away, and with the last of a list the list
 */
export function setField(definition: unknown, name: string, steps: Path, json: string | undefined): Edited {
  const spot = spots(definition).get(name);
  if (!spot) {
    return { refused: 'noState' };
  }
  const path = [...spot.path, ...steps];
  if (json !== undefined) {
    return { changes: [{ kind: 'set', path, json }], selected: name };
  }
  const list = valueAt(spot.state, steps.slice(0, -1));
  return { changes: [remove(Array.isArray(list) && list.length === 1 && steps.length > 1 ? path.slice(0, -1) : path)], selected: name };
}

/** A further rule of Choices, Retry or Catch. */
export function addRule(definition: unknown, name: string, field: 'Choices' | 'Retry' | 'Catch', target: string): Edited {
  const spot = spots(definition).get(name);
  if (!spot) {
    return { refused: 'noState' };
  }
  const rule = field === 'Choices' ? newRule(spot.language, target)
    : field === 'Retry' ? { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }
      : { ErrorEquals: ['States.ALL'], Next: target };
  return { changes: [appended(spot, field, rule)], selected: name };
}

export function valueAt(value: unknown, steps: Path): unknown {
  return steps.reduce<unknown>((found, step) => (typeof found === 'object' && found !== null && Object.hasOwn(found, step) ? (found as Json)[step as string] : undefined), value);
}
