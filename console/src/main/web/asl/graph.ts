/**
 * A definition as a graph: states, the ways between them, and what is inside Parallel and Map. Whatever is not a
 * definition gives as much of a graph as can be made of it, since the editor draws what is being typed.
 */

export type WayKind = 'next' | 'choice' | 'default' | 'catch';

export interface Way {
  from: string;
  to: string;
  kind: WayKind;
  /** What a Choice compares, or the errors that a Catch takes. */
  label?: string;
  /** Which rule of Choices or Catch leads this way. */
  rule?: number;
}

export interface Region {
  /** Where it begins; undefined if the definition doesn't say. */
  start: string | undefined;
  states: StateNode[];
  ways: Way[];
}

export interface StateNode {
  name: string;
  type: string;
  comment?: string;
  /** What a Task calls. */
  resource?: string;
  /** Of Parallel: its branches; of Map: what is done with an item. */
  regions: Region[];
  /** A Map whose items are executions of their own. */
  distributed: boolean;
  /** It ends its region. */
  terminal: boolean;
  definition: Record<string, unknown>;
}

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const rules = (value: unknown): [Json, number][] =>
  (Array.isArray(value) ? value.map((rule, index) => [rule, index] as [unknown, number]).filter((one): one is [Json, number] => isObject(one[0])) : []);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

export function graphOf(definition: unknown): Region {
  const json = isObject(definition) ? definition : {};
  const states = isObject(json.States) ? json.States : {};
  const nodes = Object.entries(states).filter((entry): entry is [string, Json] => isObject(entry[1]));
  const known = new Set(nodes.map(([name]) => name));
  return {
    start: text(json.StartAt),
    states: nodes.map(([name, state]) => node(name, state)),
    // A way to nowhere is a problem for the validator to tell, and nothing to draw.
    ways: nodes.flatMap(([name, state]) => ways(name, state)).filter((way) => known.has(way.to)),
  };
}

function node(name: string, state: Json): StateNode {
  const type = text(state.Type) ?? '?';
  const processor = isObject(state.ItemProcessor) ? state.ItemProcessor : isObject(state.Iterator) ? state.Iterator : undefined;
  const config = processor && isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  const comment = text(state.Comment);
  const resource = text(state.Resource);
  return {
    name,
    type,
    ...(comment === undefined ? {} : { comment }),
    ...(resource === undefined ? {} : { resource }),
    regions: type === 'Parallel' ? list(state.Branches).map(graphOf) : type === 'Map' && processor ? [graphOf(processor)] : [],
    distributed: config.Mode === 'DISTRIBUTED',
    terminal: state.End === true || type === 'Succeed' || type === 'Fail',
    definition: state,
  };
}

function ways(from: string, state: Json): Way[] {
  const found: Way[] = [];
  const add = (to: unknown, kind: WayKind, label?: string, rule?: number) => {
    if (typeof to === 'string') {
      found.push({ from, to, kind, ...(label ? { label } : {}), ...(rule === undefined ? {} : { rule }) });
    }
  };
  if (state.Type === 'Choice') {
    rules(state.Choices).forEach(([choice, rule]) => add(choice.Next, 'choice', condition(choice), rule));
    add(state.Default, 'default');
  } else {
    add(state.Next, 'next');
  }
  rules(state.Catch).forEach(([one, rule]) =>
    add(one.Next, 'catch', Array.isArray(one.ErrorEquals) ? one.ErrorEquals.join(', ') : undefined, rule));
  return found;
}

/** A rule of a Choice in one line. */
export function condition(rule: Json): string {
  if (typeof rule.Condition === 'string') {
    return rule.Condition.replace(/^\{%\s*|\s*%\}$/g, '');
  }
  for (const [operator, joint] of [['And', ' and '], ['Or', ' or ']] as const) {
    if (Array.isArray(rule[operator])) {
      return list(rule[operator]).map(condition).join(joint);
    }
  }
  if (isObject(rule.Not)) {
    return `not (${condition(rule.Not)})`;
  }
  const comparison = Object.entries(rule).find(([key]) => !['Variable', 'Next', 'Comment', 'Assign', 'Output'].includes(key));
  return comparison ? `${text(rule.Variable) ?? ''} ${comparison[0]} ${JSON.stringify(comparison[1])}` : '';
}

/** All states, those inside others too. */
export function allStates(region: Region): StateNode[] {
  return region.states.flatMap((state) => [state, ...state.regions.flatMap(allStates)]);
}

export function parse(definition: string): Region {
  try {
    return graphOf(JSON.parse(definition));
  } catch {
    return graphOf({});
  }
}
