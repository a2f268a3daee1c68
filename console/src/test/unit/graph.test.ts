import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allStates, condition, graphOf, parse } from '../../main/web/asl/graph';
import { layout, type Placed } from '../../main/web/asl/layout';
import { brokenAt, locate } from '../../main/web/asl/positions';
import { escaped, svgOf } from '../../main/web/asl/svg';

const mixed = (JSON.parse(readFileSync('src/test/unit/fixtures/mixed.json', 'utf8')) as { definition: unknown }).definition;

describe('the graph of a definition', () => {
  it('has states, ways and what is inside', () => {
    const region = graphOf(mixed);
    expect(region.start).toBe('P');
    expect(allStates(region).map((state) => state.name)).toEqual(['P', 'A', 'A2', 'M', 'I', 'L', 'P2', 'F', 'W', 'D', 'DI', 'Q']);
    expect(region.ways).toContainEqual({ from: 'L', to: 'P2', kind: 'catch', label: 'States.ALL', rule: 0 });
    expect(region.states.find((state) => state.name === 'D')?.distributed).toBe(true);
  });

  it.each([
    ['nothing', ''], ['no JSON', '{'], ['a list', '[]'], ['states that are none', '{"States": {"A": 1, "B": null}}'],
    ['ways to nowhere', '{"States": {"A": {"Type": "Pass", "Next": "Z"}}}'], ['branches that are none', '{"States": {"A": {"Type": "Parallel", "Branches": 3}}}'],
  ])('of %s can be drawn', (_, text) => {
    expect(layout(parse(text)).ways).toEqual([]);
  });

  it.each([
    [{ Variable: '$.a', NumericEquals: 1, Next: 'x' }, '$.a NumericEquals 1'],
    [{ And: [{ Variable: '$.a', IsNull: true }, { Not: { Variable: '$.b', StringEquals: 's' } }], Next: 'x' }, '$.a IsNull true and not ($.b StringEquals "s")'],
    [{ Condition: '{% $a > 1 %}', Next: 'x' }, '$a > 1'],
  ])('has the condition of %j in a line', (rule, line) => {
    expect(condition(rule)).toBe(line);
  });
});

function boxes(nodes: readonly Placed[]): Map<string, { x: number; y: number; width: number; height: number; parent: string | undefined }> {
  const found = new Map<string, { x: number; y: number; width: number; height: number; parent: string | undefined }>();
  for (const node of nodes) {
    const around = node.parent === undefined ? { x: 0, y: 0 } : found.get(node.parent)!;
    found.set(node.state.name, { x: node.x + around.x, y: node.y + around.y, width: node.width, height: node.height, parent: node.parent });
  }
  return found;
}

describe('the layout', () => {
  const examples = readdirSync('../examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.asl.json') && !name.includes('target') && !name.includes('node_modules'));

  it('finds the examples', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each([...examples.map((name) => [name, () => parse(readFileSync(`../examples/${name}`, 'utf8'))] as const), ['mixed', () => graphOf(mixed)] as const])(
    'of %s has everything inside its parent and nothing on anything else',
    (_, read) => {
      const placed = boxes(layout(read()).nodes);
      expect(placed.size).toBe(allStates(read()).length);
      for (const [name, box] of placed) {
        for (const [other, beside] of placed) {
          if (name < other && box.parent === beside.parent) {
            const apart = box.x + box.width <= beside.x || beside.x + beside.width <= box.x || box.y + box.height <= beside.y || beside.y + beside.height <= box.y;
            expect(apart, `${name} and ${other}`).toBe(true);
          }
        }
        if (box.parent !== undefined) {
          const around = placed.get(box.parent)!;
          expect(box.x >= around.x && box.y >= around.y && box.x + box.width <= around.x + around.width && box.y + box.height <= around.y + around.height, name).toBe(true);
        }
      }
    });
});

describe('the picture', () => {
  it('has names as text, whatever they are', () => {
    const name = `<script>alert("1")</script>&'\u0000\uD800`;
    const svg = svgOf(layout(graphOf({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } })));
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    expect(svg).not.toContain('<script');
    expect(parsed.querySelector('script')).toBeNull();
    expect(escaped(name)).toBe('&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;\uFFFD\uFFFD');
  });
});

describe('positions', () => {
  const text = '{ "a/b": [1, {"c": "x\\"]}"}], "~": true }';

  it.each([
    ['', text], ['/a~1b', '[1, {"c": "x\\"]}"}]'], ['/a~1b/1/c', '"x\\"]}"'], ['/~0', 'true'],
  ])('of %s', (pointer, found) => {
    const place = locate(text, pointer);
    expect(place && text.slice(place.from, place.to)).toBe(found);
  });

  it.each(['/none', '/a~1b/7', '/a~1b/0/x'])('of %s are none', (pointer) => {
    expect(locate(text, pointer)).toBeUndefined();
  });

  it.each([['{"a": }', 6], ['{"a": 1,}', 8], ['{"a": 1} x', 9], ['', 0], ['{"a": "\n"}', 6]])('where %j is broken', (broken, at) => {
    expect(brokenAt(broken)).toBe(at);
  });

  it('agree with JSON.parse about what is JSON', () => {
    for (const one of ['{}', '[]', '[1,2]', '01', '1e5', '"\\u12"', 'nul', '[,]', '{"a":1,"b":[{}]}', ' 1 ', '-', '{"a" 1}', '[1 2]']) {
      let isJson = true;
      try {
        JSON.parse(one);
      } catch {
        isJson = false;
      }
      expect(brokenAt(one) === undefined, one).toBe(isJson);
    }
  });
});
