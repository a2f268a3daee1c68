import { Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../i18n';
import { timeline } from '../run/timeline';
import type { RunView, Visit } from '../run/view';
import { duration } from '../shared/format';

const ROW = 28;

export function Timeline({ view, selected, onSelect }: { view: RunView; selected: Visit | undefined; onSelect: (visit: Visit) => void }) {
  const t = useText();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (view.status !== 'RUNNING') {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [view.status]);
  const bars = useMemo(() => timeline(view, now), [view, now]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: bars.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  if (bars.length === 0) {
    return <Text>{t.execution.nothingYet}</Text>;
  }
  return (
    <div ref={scroller} className="timeline" role="list" aria-label={t.execution.timeline} tabIndex={0}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const bar = bars[row.index]!;
          const { visit } = bar;
          const length = (visit.to ?? now) - visit.from;
          const index = visit.scope?.index;
          return (
            <div key={visit.id} role="listitem" className="timeline-row" style={{ transform: `translateY(${row.start}px)`, height: ROW }}>
              <button type="button" className={`timeline-name ${selected === visit ? 'selected' : ''}`} style={{ paddingLeft: 8 + bar.depth * 14 }} onClick={() => onSelect(visit)}>
                {index === undefined ? '' : `[${index}] `}{visit.state}
              </button>
              <div className="timeline-track">
                <div className={`timeline-bar run-${bar.status}`} style={{ left: `${bar.left * 100}%`, width: `max(3px, ${bar.width * 100}%)` }} title={`${visit.state}: ${t.visit[bar.status]}, ${duration(length)}`} />
                {bar.attempts.length > 1 && bar.attempts.map((attempt, number) => (
                  <div key={number} className={`timeline-attempt run-${attempt.status}`} style={{ left: `${attempt.left * 100}%`, width: `max(2px, ${attempt.width * 100}%)` }} title={t.graph.attempt(number + 1)} />
                ))}
              </div>
              <span className="timeline-length">{duration(length)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
