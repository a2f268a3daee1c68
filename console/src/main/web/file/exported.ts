import type { Execution, HistoryEvent } from '../api/types';

export interface Exported {
  events: HistoryEvent[];
  definition: string | undefined;
  execution: Execution | undefined;
}

/** Reads what "Export" wrote, or what get-execution-history printed. Undefined: it is neither. */
export function exported(text: string): Exported | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) {
    return undefined;
  }
  const { events, definition, execution } = json as Record<string, unknown>;
  if (!Array.isArray(events) || !events.every(isEvent)) {
    return undefined;
  }
  return {
    events: [...events].sort((a, b) => a.id - b.id),
    definition: typeof definition === 'string' ? definition : definition === undefined ? undefined : JSON.stringify(definition),
    execution: isExecution(execution) ? execution : undefined,
  };
}

function isEvent(value: unknown): value is HistoryEvent {
  const event = value as Partial<HistoryEvent> | null;
  return typeof event === 'object' && event !== null && typeof event.id === 'number' && typeof event.type === 'string'
    && typeof event.previousEventId === 'number' && (typeof event.timestamp === 'number' || typeof event.timestamp === 'string');
}

function isExecution(value: unknown): value is Execution {
  const execution = value as Partial<Execution> | null;
  return typeof execution === 'object' && execution !== null && typeof execution.status === 'string' && typeof execution.name === 'string';
}
