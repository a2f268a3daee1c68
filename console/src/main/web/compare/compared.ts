import { summaries, type RunView, type StateSummary } from '../run/view';

export interface Difference {
  state: string;
  left: StateSummary | undefined;
  right: StateSummary | undefined;
  differs: boolean;
}

/** Both runs, state by state in the order of entering: where they part is what one looks for. */
export function compared(left: RunView, right: RunView): Difference[] {
  const lefts = summaries(left, {});
  const rights = summaries(right, {});
  return [...new Set([...lefts.keys(), ...rights.keys()])].map((state) => {
    const [a, b] = [lefts.get(state), rights.get(state)];
    return {
      state,
      left: a,
      right: b,
      differs: a?.status !== b?.status || a?.visits !== b?.visits || a?.visit.output !== b?.visit.output || a?.visit.error !== b?.visit.error
        || a?.visit.attempts.length !== b?.visit.attempts.length,
    };
  });
}
