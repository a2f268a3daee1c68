import type { Format } from '../asl/source';

/** What is being written: its text says little without its form. */
export interface Draft {
  text: string;
  format: Format;
}

/** One history for what is typed and what is done on the graph. */
export interface History {
  past: readonly Draft[];
  now: Draft;
  future: readonly Draft[];
  /** When something was typed last, in milliseconds; undefined: the latest step was none of typing. */
  typedAt: number | undefined;
}

/** What is typed within so long of what was typed before is one step with it. */
const PAUSE_MILLIS = 800;
/** In characters of all drafts together: the oldest are forgotten. */
const MOST = 20_000_000;

export function begin(draft: Draft): History {
  return { past: [], now: draft, future: [], typedAt: undefined };
}

/** The text was changed by hand. */
export function typed(history: History, text: string, at: number): History {
  if (text === history.now.text) {
    return history;
  }
  const now = { ...history.now, text };
  return history.typedAt !== undefined && at - history.typedAt < PAUSE_MILLIS
    ? { ...history, now, future: [], typedAt: at }
    : { ...done(history, now), typedAt: at };
}

/** A step by itself: of the graph, or into another form. */
export function done(history: History, now: Draft): History {
  return now.text === history.now.text && now.format === history.now.format
    ? history
    : { past: bounded([...history.past, history.now]), now, future: [], typedAt: undefined };
}

export function undone(history: History): History {
  const before = history.past.at(-1);
  return before === undefined ? history : { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], typedAt: undefined };
}

export function redone(history: History): History {
  const [next, ...future] = history.future;
  return next === undefined ? history : { past: [...history.past, history.now], now: next, future, typedAt: undefined };
}

function bounded(past: readonly Draft[]): readonly Draft[] {
  let size = 0;
  let first = past.length;
  while (first > 0 && size + past[first - 1]!.text.length <= MOST) {
    size += past[--first]!.text.length;
  }
  return past.slice(first);
}
