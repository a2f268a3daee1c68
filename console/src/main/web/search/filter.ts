import { STATUSES } from '../api/types';

/** The conditions of a search, as the address and the API both name them. */
export const CONDITIONS = ['q', 'machine', 'status', 'error', 'startedAfter', 'startedBefore', 'order'] as const;
export type Condition = (typeof CONDITIONS)[number];
export type Filter = Partial<Record<Condition, string>>;

export function filterOf(parameters: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of CONDITIONS) {
    const value = parameters.get(name)?.trim();
    if (value && (name !== 'status' || value.split(',').every((one) => (STATUSES as readonly string[]).includes(one)))) {
      filter[name] = value;
    }
  }
  return filter;
}

/** Without what is empty, so that addresses stay short and equal searches are equal. */
export function parametersOf(filter: Filter): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of CONDITIONS) {
    const value = filter[name]?.trim();
    if (value) {
      parameters.set(name, value);
    }
  }
  return parameters;
}

/** The conditions for an operation on all that they find: an order is none. */
export function bulkFilter(filter: Filter): Record<string, string> {
  const conditions = Object.fromEntries(parametersOf(filter));
  delete conditions.order;
  return conditions;
}

/** How many of what was found have which error, the most frequent first. */
export function byError(executions: readonly { error?: string; status: string }[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { error } of executions) {
    if (error !== undefined) {
      counts.set(error, (counts.get(error) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** An error as a value of a query: in quotes, with what would end them escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
