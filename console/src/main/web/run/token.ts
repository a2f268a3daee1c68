import type { Attempt, Visit } from './view';

/** The shortest token there can be is that of an ARN of one letter each. */
const LIKE_A_TOKEN = /[A-Za-z0-9_-]{80,2048}/g;

/** The attempt of a state that waits for somebody to answer by its token. */
export function waiting(visit: Visit | undefined): Attempt | undefined {
  const attempt = visit?.attempts.at(-1);
  const resource = attempt?.resource ?? '';
  return attempt?.status === 'running' && (resource.endsWith('.waitForTaskToken') || resource.includes(':activity:')) ? attempt : undefined;
}

/**
 * The token among what a task was given, wherever the definition put it. Which of the texts is one is seen by the
 * execution's ARN, that every token has in it; whether it is good only the API says.
 */
export function tokenIn(parameters: string | undefined, executionArn: string): string | undefined {
  const arn = [...new TextEncoder().encode(executionArn)].map((byte) => String.fromCharCode(byte)).join('');
  return (parameters?.match(LIKE_A_TOKEN) ?? []).find((text) => {
    try {
      return atob(text.replaceAll('-', '+').replaceAll('_', '/')).includes(arn);
    } catch {
      return false;
    }
  });
}
