import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'wouter';
import { useLocale, useText } from '../i18n';
import { EVENT_KINDS, filtered, isError, type EventKind } from '../run/search';
import { details, millis, type RunView } from '../run/view';
import { Payload } from '../shared/Payload';
import { changed } from '../shared/parameters';

const ROW = 34;

/** The history as a table. What is filtered, and which event is open, is in the address. */
export function Events({ view }: { view: RunView }) {
  const t = useText();
  const locale = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.get('find') ?? '';
  const kind: EventKind = EVENT_KINDS.find((one) => one === parameters.get('kind')) ?? 'all';
  const isNewestFirst = parameters.get('order') === 'newest';
  const opened = Number(parameters.get('event') ?? 0);
  const set = (values: Record<string, string | undefined>) => setParameters((before) => changed(before, values), { replace: true });
  const events = useMemo(() => {
    const found = filtered(view, { text, kind, state: undefined });
    return isNewestFirst ? found.reverse() : found;
  }, [view, text, kind, isNewestFirst]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: events.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const openedAt = events.findIndex((event) => event.id === opened);
  useEffect(() => {
    if (openedAt >= 0) {
      rows.scrollToIndex(openedAt, { align: 'auto' });
    }
    // Only when another one is opened: what arrives must not move what is read.
    // eslint-disable-next-line
  }, [opened, openedAt >= 0]);
  const event = view.events.find((one) => one.id === opened);
  return (
    <>
      <Group align="end" mb="sm">
        <TextInput label={t.events.find} value={text} onChange={(change) => set({ find: change.currentTarget.value || undefined })} />
        <Select
          label={t.events.kind}
          data={EVENT_KINDS.map((value) => ({ value, label: t.events.kinds[value] }))}
          value={kind}
          allowDeselect={false}
          onChange={(value) => set({ kind: value === 'all' ? undefined : (value ?? undefined) })}
        />
        <Button variant="default" onClick={() => set({ order: isNewestFirst ? undefined : 'newest' })}>
          {isNewestFirst ? t.events.newestFirst : t.events.oldestFirst}
        </Button>
        <Text size="sm" role="status">{t.events.count(events.length, view.events.length)}</Text>
      </Group>
      <div ref={scroller} className="events" role="table" aria-label={t.events.title} aria-rowcount={events.length} tabIndex={0}>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => {
            const one = events[row.index]!;
            const given = details(one);
            return (
              <div
                key={one.id}
                role="row"
                aria-rowindex={row.index + 1}
                className={`event-row ${isError(one) ? 'event-error' : ''} ${one.id === opened ? 'selected' : ''}`}
                style={{ transform: `translateY(${row.start}px)`, height: ROW }}
              >
                <span role="cell" className="event-id">
                  <button type="button" onClick={() => set({ event: one.id === opened ? undefined : String(one.id) })} aria-label={t.events.open(one.id)}>
                    {one.id}
                  </button>
                </span>
                <span role="cell" className="event-time">{new Date(millis(one.timestamp)).toLocaleTimeString(locale, { fractionalSecondDigits: 3 })}</span>
                <span role="cell" className="event-type">{one.type}</span>
                <span role="cell" className="event-state">{view.visitOf.get(one.id)?.state ?? ''}</span>
                <span role="cell" className="event-more">{[given.error, given.cause].filter((part) => typeof part === 'string').join(': ')}</span>
              </div>
            );
          })}
        </div>
      </div>
      {event && <Payload title={`${event.id} ${event.type}`} text={JSON.stringify(expanded(details(event)))} file={`event-${event.id}`} />}
    </>
  );
}

/** Payloads are JSON in strings; read them as what they are. */
function expanded(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([key]) => !key.endsWith('Details'))
      .map(([key, value]) => [key, ['input', 'output', 'parameters'].includes(key) && typeof value === 'string' ? parsed(value) : value]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
