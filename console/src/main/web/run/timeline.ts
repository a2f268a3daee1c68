import type { RunView, Visit, VisitStatus } from './view';

export interface Bar {
  visit: Visit;
  /** How many others it is inside of. */
  depth: number;
  /** Shares of the whole, 0 to 1. */
  left: number;
  width: number;
  attempts: { left: number; width: number; status: string }[];
  status: VisitStatus;
}

/** One bar per visit, in the order of entering, those inside another below it. */
export function timeline(view: RunView, now: number): Bar[] {
  const from = view.from ?? now;
  const to = Math.max(view.to ?? now, from + 1);
  const span = to - from;
  const share = (begin: number, end: number | undefined) => ({
    left: Math.min(1, Math.max(0, (begin - from) / span)),
    width: Math.min(1, Math.max(0, ((end ?? to) - begin) / span)),
  });
  const children = new Map<Visit | undefined, Visit[]>();
  for (const visit of view.visits) {
    const around = visit.scope?.visit;
    const among = children.get(around);
    if (among === undefined) {
      children.set(around, [visit]);
    } else {
      among.push(visit);
    }
  }
  const bars: Bar[] = [];
  const add = (around: Visit | undefined, depth: number) => {
    const inside = children.get(around) ?? [];
    // By iteration, so that what belongs together stands together.
    const ordered = around?.type === 'Map' ? [...inside].sort((a, b) => (a.scope?.index ?? 0) - (b.scope?.index ?? 0) || a.id - b.id) : inside;
    for (const visit of ordered) {
      bars.push({
        visit,
        depth,
        ...share(visit.from, visit.to),
        attempts: visit.attempts.map((attempt) => ({ ...share(attempt.from, attempt.to), status: attempt.status })),
        status: visit.status,
      });
      add(visit, depth + 1);
    }
  };
  add(undefined, 0);
  return bars;
}
