import { ApiFailure } from './failure';
import { send } from './send';
import type {
  BulkOperation, BulkWish, Cluster, DeadLetter, Found, LetterOutcome, Limits, Metrics, Queue, Simulated, Trigger, WantedSimulation,
} from './types';

interface Problem {
  title?: string;
  detail?: string;
  mend?: string;
}

/** What is under /api. */
async function call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const text = await send(
    path,
    {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      ...(signal ? { signal } : {}),
    },
    problem,
  );
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export function problem(status: number, text: string): ApiFailure {
  let given: Problem = {};
  try {
    given = JSON.parse(text) as Problem;
  } catch {
    // A proxy's page, say: the status will have to do.
  }
  return new ApiFailure(given.title ?? `HTTP ${status}`, given.detail ?? `HTTP ${status}`, status >= 500, given.mend);
}

const name = (text: string) => encodeURIComponent(text);

export const rest = {
  search: (parameters: URLSearchParams, signal?: AbortSignal) =>
    call<Found>('GET', `/api/executions?${parameters}`, undefined, signal),
  queues: async (signal?: AbortSignal) => (await call<{ queues: Queue[] }>('GET', '/api/queues', undefined, signal)).queues,
  limit: (queue: string, limits: Limits) => call<Limits>('PUT', `/api/queues/${name(queue)}`, limits),
  triggers: async (signal?: AbortSignal) =>
    (await call<{ triggers: Trigger[] }>('GET', '/api/triggers', undefined, signal)).triggers,
  pauseTrigger: (trigger: string) => call<Trigger>('PUT', `/api/triggers/${name(trigger)}/pause`),
  resumeTrigger: (trigger: string) => call<Trigger>('PUT', `/api/triggers/${name(trigger)}/resume`),
  simulate: (wanted: WantedSimulation) => call<Simulated>('POST', '/api/simulations', wanted),
  cluster: (signal?: AbortSignal) => call<Cluster>('GET', '/api/nodes', undefined, signal),
  metrics: (parameters: URLSearchParams, signal?: AbortSignal) =>
    call<Metrics>('GET', `/api/metrics/executions?${parameters}`, undefined, signal),
  letters: (parameters: URLSearchParams, signal?: AbortSignal) =>
    call<{ deadLetters: DeadLetter[]; nextPageToken?: string }>('GET', `/api/dead-letters?${parameters}`, undefined, signal),
  letter: (id: string, signal?: AbortSignal) => call<DeadLetter>('GET', `/api/dead-letters/${name(id)}`, undefined, signal),
  settleLetter: async (how: 'redrive' | 'discard', id: string) =>
    (await call<{ outcomes: LetterOutcome[] }>('POST', `/api/dead-letters/${how}`, { ids: [id] })).outcomes,
  bulkOperations: async (signal?: AbortSignal) =>
    (await call<{ bulkOperations: BulkOperation[] }>('GET', '/api/bulk-operations', undefined, signal)).bulkOperations,
  bulkOperation: (id: string, signal?: AbortSignal) => call<BulkOperation>('GET', `/api/bulk-operations/${name(id)}`, undefined, signal),
  bulk: (wish: BulkWish) => call<BulkOperation>('POST', '/api/bulk-operations', wish),
  cancelBulk: (id: string) => call<BulkOperation>('PUT', `/api/bulk-operations/${name(id)}/cancel`),
  info: (signal?: AbortSignal) => call<{ name: string; version: string; java: string }>('GET', '/api/info', undefined, signal),
};
