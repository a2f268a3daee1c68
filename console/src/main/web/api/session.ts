import { ApiFailure } from './failure';
import { problem } from './rest';
import { send } from './send';

/** Whose session it is; without authentication nobody is asked. */
export interface Session {
  authentication: boolean;
  user?: string;
}

/** How somebody can log in. */
export interface LoginWays {
  apiKeys: boolean;
  /** What the OpenID provider is called; undefined: there is no login at one. */
  provider?: string;
}

async function call(method: string, body?: object, path = '/api/session'): Promise<string> {
  return send(
    path,
    { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) },
    problem,
  );
}

export const session = {
  get: async () => JSON.parse(await call('GET')) as Session,
  begin: (apiKey: string) => call('POST', { apiKey }),
  end: () => call('DELETE'),
  ways: async () => JSON.parse(await call('GET', undefined, '/api/login')) as LoginWays,
};

/** A call that was refused since nobody knows who makes it: by AWS's names of that, or by the title of /api's problem. */
export function isStranger(error: unknown): boolean {
  return (
    error instanceof ApiFailure &&
    ['MissingAuthenticationTokenException', 'UnrecognizedClientException', 'Not authenticated'].includes(error.code)
  );
}
