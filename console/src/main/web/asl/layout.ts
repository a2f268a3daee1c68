import dagre from '@dagrejs/dagre';
import type { Region, StateNode, Way } from './graph';

/** Places in pixels. Of a state inside another they are relative to that one, as the drawing wants them. */
export interface Placed {
  state: StateNode;
  x: number;
  y: number;
  width: number;
  height: number;
  parent?: string;
}

export interface Layout {
  /** Those that contain others come before what they contain. */
  nodes: Placed[];
  ways: Way[];
  width: number;
  height: number;
}

const WIDTH = 190;
const HEIGHT = 54;
/** Room for the title of a state that contains others. */
const HEADER = 52;
const PADDING = 16;
/** Between branches. */
const GAP = 20;

/**
 * Lays out from the inside: a region's size is known before its state is placed in the region around it. A layout of
 * all at once (dagre's compound graphs) would let branches overlap with ways that pass by.
 */
export function layout(region: Region): Layout {
  const inside = new Map<string, { parts: { layout: Layout; x: number }[]; width: number; height: number }>();
  for (const state of region.states) {
    let x = PADDING;
    let height = 0;
    const parts = state.regions.map((inner) => {
      const part = { layout: layout(inner), x };
      x += part.layout.width + GAP;
      height = Math.max(height, part.layout.height);
      return part;
    });
    inside.set(state.name, {
      parts,
      width: Math.max(WIDTH, parts.length === 0 ? 0 : x - GAP + PADDING),
      height: parts.length === 0 ? HEIGHT : HEADER + height + PADDING,
    });
  }

  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 46 });
  graph.setDefaultEdgeLabel(() => ({}));
  // The first state first: dagre puts at the top what it meets first when there is a circle.
  const ordered = [...region.states].sort((a, b) => Number(b.name === region.start) - Number(a.name === region.start));
  ordered.forEach((state) => {
    const size = inside.get(state.name)!;
    graph.setNode(state.name, { width: size.width, height: size.height });
  });
  region.ways.forEach((way, index) => graph.setEdge(way.from, way.to, { weight: way.kind === 'catch' ? 1 : 3 }, String(index)));
  dagre.layout(graph);

  const nodes: Placed[] = [];
  const ways = [...region.ways];
  for (const state of region.states) {
    const size = inside.get(state.name)!;
    const at = graph.node(state.name);
    nodes.push({ state, x: at.x - size.width / 2, y: at.y - size.height / 2, width: size.width, height: size.height });
    for (const part of size.parts) {
      for (const placed of part.layout.nodes) {
        nodes.push(placed.parent === undefined
          ? { ...placed, x: placed.x + part.x, y: placed.y + HEADER, parent: state.name }
          : placed);
      }
      ways.push(...part.layout.ways);
    }
  }
  const { width, height } = graph.graph();
  return { nodes, ways, width: Number.isFinite(width) ? Math.max(width ?? 0, 0) : 0, height: Number.isFinite(height) ? Math.max(height ?? 0, 0) : 0 };
}
