import type { MockedAnswer } from '../api/types';
import { allStates, type Region } from '../asl/graph';
import { jsonProblem } from '../shared/JsonInput';

/** An answer as it is being written. */
export interface MockDraft {
  kind: 'result' | 'error';
  result: string;
  error: string;
  cause: string;
  after: string;
}

export type Mocks = Readonly<Record<string, readonly MockDraft[]>>;

export const NEW_MOCK: MockDraft = { kind: 'result', result: '{}', error: '', cause: '', after: '' };

export const tasksOf = (region: Region): string[] => [...new Set(allStates(region).filter((state) => state.type === 'Task').map((state) => state.name))];

export function isUsable(draft: MockDraft): boolean {
  const isTime = draft.after === '' || (draft.after.trim() !== '' && Number(draft.after) >= 0);
  return isTime && (draft.kind === 'error' || jsonProblem(draft.result) === undefined);
}

/** As the API takes them: of states that there still are. */
export function wanted(mocks: Mocks, tasks: readonly string[]): Record<string, MockedAnswer[]> {
  return Object.fromEntries(tasks.flatMap((state) => {
    const drafts = Object.hasOwn(mocks, state) ? mocks[state]! : [];
    return drafts.length === 0 ? [] : [[state, drafts.map(answer)]];
  }));
}

function answer(draft: MockDraft): MockedAnswer {
  return {
    ...(draft.kind === 'result' ? { result: JSON.parse(draft.result) as unknown } : { error: draft.error, ...(draft.cause === '' ? {} : { cause: draft.cause }) }),
    ...(draft.after === '' ? {} : { afterSeconds: Number(draft.after) }),
  };
}
