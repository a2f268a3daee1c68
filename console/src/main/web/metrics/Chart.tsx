import { Group, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useLocale, useText } from '../i18n';
import { dateTime } from '../shared/format';
import { timeLabels } from './axis';
import type { Columns } from './series';

const HEIGHT = 220;

export interface Line {
  label: string;
  /** A variable of the style sheet. */
  color: string;
  /** Of the whole range, where there is such a thing. */
  total?: number;
}

const number = (value: number, locale: string) => value.toLocaleString(locale, { maximumSignificantDigits: 3 });

/** Lines over time. Beside each name stands its total, or its value where the pointer is. */
export default function Chart({ title, lines, columns }: { title: string; lines: readonly Line[]; columns: Columns }) {
  const t = useText();
  const locale = useLocale();
  const scheme = useComputedColorScheme('light');
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(columns);
  latest.current = columns;
  const [hovered, setHovered] = useState<number>();
  const colors = lines.map((line) => line.color).join();

  useEffect(() => {
    const element = frame.current!;
    const style = getComputedStyle(document.documentElement);
    const axis = { stroke: style.getPropertyValue('--ink'), grid: { stroke: style.getPropertyValue('--hover') }, ticks: { stroke: style.getPropertyValue('--hover') } };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
        axes: [{ ...axis, space: 70, values: (_, times) => timeLabels(times, locale) }, { ...axis, size: 60 }],
        series: [{}, ...colors.split(',').map((color) => ({ stroke: style.getPropertyValue(color), width: 2 }))],
        hooks: { setCursor: [(self) => setHovered(self.cursor.idx ?? undefined)] },
      },
      latest.current as uPlot.AlignedData,
      element,
    );
    plot.current = chart;
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.current = undefined;
      chart.destroy();
    };
  }, [colors, scheme, locale]);

  useEffect(() => plot.current?.setData(columns as uPlot.AlignedData), [columns]);

  const time = hovered === undefined ? undefined : columns[0][hovered];
  return (
    <section aria-label={title}>
      <Title order={2} size="h4">{title}</Title>
      <Group gap="md" mb={4} data-testid="legend">
        {lines.map((line, index) => {
          const value = hovered === undefined ? line.total : columns[index + 1]?.[hovered];
          return (
            <Text key={line.label} size="sm" span>
              <span className="swatch" style={{ background: `var(${line.color})` }} /> {line.label}
              {value === undefined || value === null ? '' : <>: <b>{number(value, locale)}</b></>}
            </Text>
          );
        })}
        <Text size="sm" span c="var(--muted)">{time === undefined ? (lines.some((line) => line.total !== undefined) ? t.metrics.total : '') : t.metrics.at(dateTime(time, locale))}</Text>
      </Group>
      <div ref={frame} className="chart" aria-hidden="true" />
    </section>
  );
}
