import { QueryCache, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiFailure } from '../api/failure';

/** Whether a node answers: known from the last query, whichever it was. */
let isLost = false;
const listeners = new Set<() => void>();

function tell(lost: boolean): void {
  if (lost !== isLost) {
    isLost = lost;
    listeners.forEach((listener) => listener());
  }
}

export function useIsLost(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isLost);
}

/** While a node is away, queries go on asking, and what they had stays. */
const LOST_POLL_MILLIS = 3000;

export function newClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onSuccess: () => tell(false),
      onError: (error) => {
        if (error instanceof ApiFailure && error.temporary) {
          tell(true);
          setTimeout(() => {
            if (isLost) {
              void client.refetchQueries({ type: 'active', predicate: (query) => query.state.status === 'error' });
            }
          }, LOST_POLL_MILLIS);
        }
      },
    }),
    defaultOptions: { queries: { retry: false, staleTime: 1000, refetchOnWindowFocus: true, networkMode: 'always' } },
  });
  return client;
}
