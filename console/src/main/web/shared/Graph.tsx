import '@xyflow/react/dist/style.css';
import { Button, Group, useComputedColorScheme } from '@mantine/core';
import {
  Background, Controls, getViewportForBounds, Handle, MarkerType, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore,
  type Connection, type Edge, type Node, type NodeProps,
} from '@xyflow/react';
import { createContext, memo, useContext, useEffect, useMemo, type DragEvent, type KeyboardEvent } from 'react';
import type { Region, Way } from '../asl/graph';
import { layout, type Placed } from '../asl/layout';
import { savePng, svgOf } from '../asl/svg';
import { useText } from '../i18n';
import { rollUp, wayKey, type StateSummary } from '../run/view';
import { save } from './save';

/** What is done on a graph that is edited. Whether it can be done is decided by who is told. */
export interface Editing {
  /** From a state's handle to another state. */
  connect: (from: string, to: string, kind: 'next' | 'catch') => void;
  /** Something from outside was dropped: on a state, on a way, or beside both. */
  drop: (data: DataTransfer, at: { state?: string; way?: Way }) => void;
  way: Way | undefined;
  selectWay: (way: Way) => void;
  /** By the keyboard: to the state before or behind the selected one, and what takes that away. */
  step: (by: 1 | -1) => void;
  remove: () => void;
}

interface GraphProps {
  region: Region;
  /** Of the states that were visited; without it the graph is of a definition and not of a run. */
  summaries?: ReadonlyMap<string, StateSummary>;
  /** The ways that were taken. */
  taken?: ReadonlySet<string>;
  /** States with problems. */
  problems?: ReadonlySet<string>;
  selected?: string | undefined;
  onSelect?: (state: string) => void;
  editing?: Editing;
}

const Run = createContext<Omit<GraphProps, 'region' | 'taken'>>({});

type StateData = { placed: Placed } & Record<string, unknown>;

const StateBox = memo(function StateBox({ data }: NodeProps<Node<StateData>>) {
  const { summaries, selected, onSelect, problems, editing } = useContext(Run);
  const t = useText();
  const { state, width, height } = data.placed;
  const summary = summaries?.get(state.name);
  const status = summary?.status;
  const contains = state.regions.length > 0;
  const items = summary && state.type === 'Map' && summary.visit.length !== undefined ? rollUp(summary.visit) : undefined;
  return (
    <div
      className={`state ${contains ? 'state-outer' : ''} ${status ? `run-${status}` : ''} ${selected === state.name ? 'state-selected' : ''} ${problems?.has(state.name) ? 'state-problem' : ''}`}
      style={{ width, height }}
      data-state={state.name}
      data-status={status ?? 'none'}
    >
      <Handle type="target" position={Position.Top} isConnectable={editing !== undefined} />
      <button
        type="button"
        className="state-title nodrag nopan"
        aria-pressed={selected === state.name}
        onClick={() => onSelect?.(state.name)}
        {...(editing ? { onKeyDown: (event: KeyboardEvent) => keyed(event, editing) } : {})}
      >
        <span className="state-name">{state.name}</span>
        <span className="state-type">
          {state.type}{state.distributed ? ` · ${t.graph.distributed}` : ''}
          {summary && summary.visits > 1 ? ` · ×${summary.visits}` : ''}
          {items && items.total > 0 && !state.distributed ? ` · ${t.graph.items(items)}` : ''}
          {summary && summary.visit.attempts.length > 1 ? ` · ${t.graph.attempts(summary.visit.attempts.length)}` : ''}
        </span>
        {status && <span className="hidden-text">, {t.visit[status]}</span>}
      </button>
      <Handle type="source" id="next" position={Position.Bottom} isConnectable={editing !== undefined && state.type !== 'Succeed' && state.type !== 'Fail'} />
      {editing && CATCHING.has(state.type) && <Handle type="source" id="catch" position={Position.Right} className="handle-catch" isConnectable />}
    </div>
  );
});

const LEAST_ZOOM = 0.05;
const CATCHING = new Set(['Task', 'Parallel', 'Map']);
const STEPS: Record<string, 1 | -1> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function keyed(event: KeyboardEvent, editing: Editing): void {
  const by = STEPS[event.key];
  if (by !== undefined) {
    event.preventDefault();
    editing.step(by);
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    event.preventDefault();
    editing.remove();
  }
}

const nodeTypes = { state: StateBox };

function edge(way: Way, index: number, isTaken: boolean, isChosen: boolean): Edge {
  const label = way.kind === 'default' ? 'default' : way.label;
  const short = label !== undefined && label.length > 32 ? `${label.slice(0, 31)}…` : label;
  return {
    id: `${index}`,
    source: way.from,
    sourceHandle: 'next',
    target: way.to,
    type: 'smoothstep',
    className: `way way-${way.kind} ${isTaken ? 'way-taken' : ''} ${isChosen ? 'way-chosen' : ''}`,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    focusable: false,
    selectable: false,
    zIndex: 1,
    ...(short === undefined ? {} : { label: short }),
  };
}

export const sameWay = (one: Way | undefined, other: Way): boolean =>
  one !== undefined && one.from === other.from && one.to === other.to && one.kind === other.kind && one.rule === other.rule;

export default function Graph(props: GraphProps) {
  return <ReactFlowProvider><Drawing {...props} /></ReactFlowProvider>;
}

function Drawing({ region, taken, editing, ...run }: GraphProps) {
  const t = useText();
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const plan = useMemo(() => layout(region), [region]);
  const nodes = useMemo<Node<StateData>[]>(
    () => plan.nodes.map((placed) => ({
      id: placed.state.name,
      type: 'state',
      position: { x: placed.x, y: placed.y },
      width: placed.width,
      height: placed.height,
      data: { placed },
      // Nodes that can be neither moved nor selected would let clicks through to what is behind their buttons.
      style: { pointerEvents: 'all' as const },
      ...(placed.parent === undefined ? {} : { parentId: placed.parent }),
    })),
    [plan]);
  const edges = useMemo(
    () => plan.ways.map((way, index) => edge(way, index, taken?.has(wayKey(way.from, way.to)) ?? false, sameWay(editing?.way, way))),
    [plan, taken, editing?.way]);
  // By the layout's own sizes: what the library measures it knows a moment after the nodes have changed.
  useEffect(() => {
    if (width > 0 && height > 0) {
      void flow.setViewport(getViewportForBounds({ x: 0, y: 0, width: plan.width, height: plan.height }, width, height, LEAST_ZOOM, 1, 0.1));
    }
  }, [width, height, plan, flow]);
  const { summaries, problems, selected, onSelect } = run;
  const shared = useMemo(
    () => ({ ...(summaries ? { summaries } : {}), ...(problems ? { problems } : {}), ...(onSelect ? { onSelect } : {}), ...(editing ? { editing } : {}), selected }),
    [summaries, problems, selected, onSelect, editing]);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const target = event.target as Element;
    const state = target.closest<HTMLElement>('[data-state]')?.dataset.state;
    const way = plan.ways[Number(target.closest('.react-flow__edge')?.getAttribute('data-id') ?? Number.NaN)];
    editing?.drop(event.dataTransfer, { ...(state === undefined ? {} : { state }), ...(way === undefined ? {} : { way }) });
  };
  return (
    <Run.Provider value={shared}>
      <Group gap={4} className="graph-tools">
        <Button size="compact-xs" variant="default" onClick={() => save('graph.svg', new Blob([svgOf(plan, summaries)], { type: 'image/svg+xml' }))}>SVG</Button>
        <Button size="compact-xs" variant="default" onClick={() => savePng('graph.png', plan, summaries)}>PNG</Button>
      </Group>
      <ReactFlow
        aria-label={t.graph.title}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={scheme}
        nodesDraggable={false}
        nodesConnectable={editing !== undefined}
        {...(editing ? {
          onConnect: ({ source, target, sourceHandle }: Connection) => editing.connect(source, target, sourceHandle === 'catch' ? 'catch' : 'next'),
          onEdgeClick: (_: unknown, { id }: Edge) => editing.selectWay(plan.ways[Number(id)]!),
          onDragOver: (event: DragEvent) => event.preventDefault(),
          onDrop: drop,
          className: 'editing',
        } : {})}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        minZoom={LEAST_ZOOM}
        maxZoom={2}
        onlyRenderVisibleElements={nodes.length > 200}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </Run.Provider>
  );
}
