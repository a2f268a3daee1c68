import { Button, Group, Select, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useText } from '../i18n';
import { rollUp, type Iteration, type Visit } from '../run/view';
import { duration } from '../shared/format';

const STATES = ['all', 'failed', 'running', 'succeeded', 'aborted'] as const;
const ROW = 28;

/** A Map's items: counts first, then a list that lays out only what is seen of it. */
export function Iterations({ map, picked, onPick }: { map: Visit; picked: number | undefined; onPick: (index: number | undefined) => void }) {
  const t = useText();
  const [shown, setShown] = useState<string>('all');
  const counts = rollUp(map);
  const items = useMemo(
    () => map.iterations.filter((one): one is Iteration => one !== undefined && (shown === 'all' || one.status === shown)),
    [map, map.iterations.length, counts.succeeded, counts.failed, counts.running, shown]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8 });
  return (
    <section aria-label={t.detail.iterations}>
      <Text size="sm" fw={600} data-rollup>{t.graph.rollUp(counts)}</Text>
      <Group gap="xs" align="end" mb={4}>
        <Select
          size="xs"
          label={t.detail.iterations}
          data={STATES.map((value) => ({ value, label: value === 'all' ? t.all : t.visit[value] }))}
          value={shown}
          allowDeselect={false}
          onChange={(value) => setShown(value ?? 'all')}
        />
        {picked !== undefined && <Button size="xs" variant="default" onClick={() => onPick(undefined)}>{t.detail.allIterations}</Button>}
      </Group>
      <div ref={scroller} className="iterations" tabIndex={0} role="list" aria-label={t.detail.iterations}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => {
            const item = items[row.index]!;
            return (
              <div key={item.index} role="listitem" className={`iteration ${picked === item.index ? 'selected' : ''}`} style={{ transform: `translateY(${row.start}px)`, height: ROW }}>
                <button type="button" onClick={() => onPick(item.index)}>{t.detail.iteration(item.index)}</button>
                <span>{t.visit[item.status]}</span>
                <span>{item.to === undefined ? '' : duration(item.to - item.from)}</span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
