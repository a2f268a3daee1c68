import type { HistoryEvent } from '../api/types';
import { details, type RunView } from './view';

export interface EventFilter {
  /** Words that must all be in an event, in any case. */
  text: string;
  /** The end of an event's type: Failed, say. */
  kind: EventKind;
  state: string | undefined;
}

export const EVENT_KINDS = ['all', 'states', 'tasks', 'errors'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export function isError(event: HistoryEvent): boolean {
  return /(Failed|TimedOut|Aborted)$/.test(event.type);
}

export function filtered(view: RunView, filter: EventFilter): HistoryEvent[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return view.events.filter(
    (event) =>
      isOfKind(event, filter.kind)
      && (filter.state === undefined || view.visitOf.get(event.id)?.state === filter.state)
      && words.every((word) => haystack(event).includes(word)));
}

function isOfKind(event: HistoryEvent, kind: EventKind): boolean {
  switch (kind) {
    case 'all': return true;
    case 'states': return /State(Entered|Exited)$/.test(event.type);
    case 'tasks': return /^(Task|Lambda|Activity)(?!State)/.test(event.type);
    case 'errors': return isError(event);
  }
}

const texts = new WeakMap<HistoryEvent, string>();

function haystack(event: HistoryEvent): string {
  let text = texts.get(event);
  if (text === undefined) {
    text = `${event.id} ${event.type} ${JSON.stringify(details(event))}`.toLowerCase();
    texts.set(event, text);
  }
  return text;
}
