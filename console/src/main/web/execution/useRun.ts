import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { aws } from '../api/aws';
import { follow, type LiveState } from '../api/live';
import type { HistoryEvent } from '../api/types';
import { runView, type RunView } from '../run/view';

const POLL_MILLIS = 3000;

/** Events come one by one; drawing waits until some are there, the longer the more there is to draw. */
export function gatherMillis(known: number): number {
  return 100 + known / 20;
}

/** Keeps events by their id, so that what comes twice, by the stream and by polling, is there once. */
export function merged(known: readonly HistoryEvent[], more: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const last = known.at(-1)?.id ?? 0;
  const later = more.filter((event) => event.id > last);
  return later.length === 0 ? known : [...known, ...later];
}

/**
 * An execution's history as it grows: by the stream of its events, by polling while that is lost.
 *
 * @param exists false: the API says that there is no such execution, so asking again would lead to nothing
 */
export function useHistory(arn: string, exists: boolean): { view: RunView; live: LiveState; again: () => void } {
  const [events, setEvents] = useState<readonly HistoryEvent[]>([]);
  const [live, setLive] = useState<LiveState>('connecting');
  const [round, setRound] = useState(0);
  const known = useRef<readonly HistoryEvent[]>([]);
  const client = useQueryClient();

  useEffect(() => {
    known.current = [];
    setEvents([]);
  }, [arn]);

  useEffect(() => {
    if (!exists) {
      return undefined;
    }
    let waiting: HistoryEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      known.current = merged(known.current, waiting);
      waiting = [];
      setEvents(known.current);
    };
    const stream = follow(
      (after) => {
        const last = after ?? known.current.at(-1)?.id.toString();
        return `/api/executions/${encodeURIComponent(arn)}/events${last === undefined ? '' : `?lastEventId=${last}`}`;
      },
      ['history'],
      (name, data) => {
        if (name === 'history') {
          waiting.push(data as HistoryEvent);
          timer ??= setTimeout(flush, gatherMillis(known.current.length));
        } else {
          void client.invalidateQueries({ queryKey: ['execution', arn] });
        }
      },
      setLive,
      'end',
    );
    return () => {
      stream.close();
      clearTimeout(timer);
      if (waiting.length > 0) {
        known.current = merged(known.current, waiting);
      }
    };
  }, [arn, exists, round, client]);

  useQuery({
    queryKey: ['history', arn],
    queryFn: async ({ signal }) => {
      const { items } = await aws.history(arn, signal);
      known.current = merged(known.current, items);
      setEvents(known.current);
      return items.length;
    },
    enabled: exists && live === 'lost',
    refetchInterval: POLL_MILLIS,
    gcTime: 0,
  });

  const view = useMemo(() => runView(events), [events]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { view, live, again };
}
