import { type ApiFailure, unreachable } from './failure';

/**
 * Sends a request and gives the text of what answers it.
 *
 * @param refused makes the failure of an answer that is none of success
 * @throws the failure; when the caller's own signal has ended the request, what `fetch` throws then
 */
export async function send(
  path: string,
  init: RequestInit,
  refused: (status: number, text: string) => ApiFailure,
): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted) {
      throw error;
    }
    throw unreachable();
  }
  if (response.ok) {
    return text;
  }
  throw refused(response.status, text);
}
