import { ApiFailure } from './failure';
import { problem } from './rest';

/** What a stream of events tells of itself. */
export type LiveState = 'connecting' | 'live' | 'lost' | 'over';

export interface Live {
  close(): void;
}

/**
 * Follows a stream of server-sent events. The browser comes back by itself after a connection is lost; what it gives up
 * (an answer other than a stream, "not now" among them) is tried again here.
 *
 * @param url of the stream, for the id of the last event that was seen
 * @param names of the events to listen to; `over` ends it
 */
export function follow(
  url: (after: string | undefined) => string,
  names: readonly string[],
  take: (name: string, data: unknown, id: string) => void,
  tell: (state: LiveState, failure?: ApiFailure) => void,
  over?: string,
): Live {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: string | undefined;
  let closed = false;

  const connect = () => {
    tell('connecting');
    source = new EventSource(url(last));
    source.onopen = () => tell('live');
    for (const name of over === undefined ? names : [...names, over]) {
      source.addEventListener(name, (event: MessageEvent<string | undefined>) => {
        if (event.data === undefined) {
          return; // the browser's own event of this name
        }
        if (event.lastEventId !== '') {
          last = event.lastEventId;
        }
        take(name, JSON.parse(event.data), event.lastEventId);
        if (name === over) {
          close();
          tell('over');
        }
      });
    }
    source.onerror = (event) => {
      // The API's own event of this name has data; a lost connection has none.
      const data = (event as MessageEvent<string>).data as string | undefined;
      const failure = data === undefined ? undefined : problem(503, data);
      if (closed) {
        return;
      }
      tell('lost', failure);
      if (failure !== undefined || source?.readyState === EventSource.CLOSED) {
        source?.close();
        timer = setTimeout(connect, RETRY_MILLIS);
      }
    };
  };
  const close = () => {
    closed = true;
    source?.close();
    clearTimeout(timer);
  };
  connect();
  return { close };
}

const RETRY_MILLIS = 3000;
