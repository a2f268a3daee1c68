import { Button, Group, Select, Text } from '@mantine/core';
import { lazy, useCallback, useMemo } from 'react';
import { add, connect, disconnect, removeState, spots, STATE_TYPES, type StateType, type Where } from '../asl/edit';
import { allStates, type Region, type Way } from '../asl/graph';
import type { Source } from '../asl/source';
import { useText } from '../i18n';
import type { Editing } from '../shared/Graph';
import { Lazy } from '../shared/Lazy';
import { StatePanel, type Edit } from './StatePanel';

const Graph = lazy(() => import('../shared/Graph'));
const DRAGGED = 'application/x-stepstream-state';

/** The graph to be edited: a palette, the drawing, and what is chosen in it. */
export function Visual({ source, definition, region, problems, selected, way, onSelect, onWay, edit }: {
  source: Source;
  /** The value of what is written; undefined while it can't be read. */
  definition: unknown;
  region: Region;
  problems: ReadonlySet<string>;
  selected: string | undefined;
  way: Way | undefined;
  onSelect: (state: string) => void;
  onWay: (way: Way) => void;
  edit: Edit;
}) {
  const t = useText();
  const all = useMemo(() => spots(definition), [definition]);
  const order = useMemo(() => allStates(region).map((state) => state.name), [region]);
  const spot = selected === undefined ? undefined : all.get(selected);
  const where: Where = way ? { on: way } : spot ? { after: spot.name } : 'first';

  const step = useCallback((by: 1 | -1) => {
    const next = order[Math.min(order.length - 1, Math.max(0, order.indexOf(selected ?? '') + by))];
    if (next !== undefined) {
      onSelect(next);
      document.querySelector<HTMLElement>(`[data-state="${CSS.escape(next)}"] .state-title`)?.focus();
    }
  }, [order, selected, onSelect]);

  const editing = useMemo<Editing>(() => ({
    connect: (from, to, kind) => edit((now) => connect(now, from, to, kind)),
    drop: (data, at) => {
      const type = STATE_TYPES.find((one) => one === data.getData(DRAGGED));
      if (type) {
        edit((now) => add(now, type, at.way ? { on: at.way } : at.state !== undefined ? { after: at.state } : selected !== undefined ? { after: selected } : 'first'));
      }
    },
    way,
    selectWay: onWay,
    step,
    remove: () => selected !== undefined && edit((now) => removeState(now, selected)),
  }), [edit, onWay, selected, step, way]);

  const isReadable = source.tree !== undefined;
  const siblings = useMemo(() => (spot ? [...all.values()].filter((one) => one.region === spot.region).map((one) => one.name) : []), [all, spot]);
  const ways = useMemo(() => (spot ? waysFrom(region, spot.name) : []), [region, spot]);
  return (
    <>
      <Group gap={4} mb={4} className="palette" role="group" aria-label={t.editing.palette}>
        {STATE_TYPES.map((type) => (
          <Button
            key={type}
            size="compact-xs"
            variant="default"
            draggable={isReadable}
            disabled={!isReadable}
            aria-label={t.editing.add(type)}
            onClick={() => edit((now) => add(now, type as StateType, where))}
            onDragStart={(event) => event.dataTransfer.setData(DRAGGED, type)}
          >
            {type}
          </Button>
        ))}
      </Group>
      <Text size="xs" mb={4} className="payload-text">
        {!isReadable ? t.editing.noTree : way ? t.editing.onWay(way.from, way.to) : spot ? t.editing.behind(spot.name) : t.editing.atFirst}
      </Text>
      <div className="graph-frame graph-edited">
        <Lazy><Graph region={region} problems={problems} selected={selected} onSelect={onSelect} {...(isReadable ? { editing } : {})} /></Lazy>
      </div>
      <Select size="xs" mt="xs" label={t.editing.pick} data={[...new Set(order)]} value={spot?.name ?? null} searchable onChange={(name) => name !== null && onSelect(name)} />
      {way && (
        <Group gap="xs" mt="xs">
          <Text size="sm" className="payload-text">{t.editing.onWay(way.from, way.to)}</Text>
          <Button size="compact-xs" variant="default" onClick={() => edit((now) => disconnect(now, way))}>{t.editing.endWay}</Button>
        </Group>
      )}
      {spot && source.tree
        ? <StatePanel key={spot.name} tree={source.tree} spot={spot} ways={ways} siblings={siblings} way={way} onWay={onWay} onSelect={onSelect} edit={edit} />
        : isReadable && <Text size="sm" mt="xs">{t.editing.none}</Text>}
    </>
  );
}

function waysFrom(region: Region, state: string): Way[] {
  return region.states.some((one) => one.name === state)
    ? region.ways.filter((way) => way.from === state)
    : region.states.flatMap((one) => one.regions.flatMap((inner) => waysFrom(inner, state)));
}
