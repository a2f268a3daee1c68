/** Why a call didn't do what it should: what is wrong, and whether it is worth trying again. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    /** AWS's name of the error, or the title of a problem; `Unreachable` if there was no answer. */
    readonly code: string,
    message: string,
    /** No answer, or "not now": what is shown may be old, and is not wrong. */
    readonly temporary: boolean,
    /** How to mend it, where the API says so. */
    readonly mend?: string,
  ) {
    super(message);
  }
}

export function unreachable(): ApiFailure {
  return new ApiFailure('Unreachable', 'The node does not answer', true);
}

export function failureOf(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure('Error', String(error), false);
}
