import { QueryCache, QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiFailure } from '../api/failure';
import { isStranger } from '../api/session';

/** Whether a node answers: known from the last query, whichever it was. */
let isLost = false;
const listeners = new Set<() => void>();

function tell(lost: boolean): void {
  if (lost !== isLost) {
    isLost = lost;
    listeners.forEach((listener) => listener());
  }
}

/** Whether somebody must log in: a query was refused since nobody knows who asks. */
let isStrange = false;

function tellStrange(): void {
  if (!isStrange) {
    isStrange = true;
    listeners.forEach((listener) => listener());
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useIsLost(): boolean {
  return useSyncExternalStore(subscribe, () => isLost);
}

export function useIsStrange(): boolean {
  return useSyncExternalStore(subscribe, () => isStrange);
}

/** While a node is away, queries go on asking, and what they had stays. */
const LOST_POLL_MILLIS = 3000;

export function newClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onSuccess: () => tell(false),
      onError: (error) => {
        if (isStranger(error)) {
          tellStrange();
        }
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
