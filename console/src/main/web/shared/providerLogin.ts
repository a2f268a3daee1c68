/** The node leads from here to the provider, and from there back to the console, with what has become of it in `login`. */
export const PROVIDER_LOGIN = '/api/login/provider';

const KEY = 'stepstream.return';
const BASE = '/console/';

/** The page that somebody wanted to see, without what became of a login. */
export function wanted(): string {
  const { pathname, search } = window.location;
  const parameters = new URLSearchParams(search);
  parameters.delete('login');
  return `${pathname}${parameters.size === 0 ? '' : `?${parameters}`}`;
}

/** Keeps that page; in this tab alone, and not in the address that the provider sees. */
export function remember(): void {
  sessionStorage.setItem(KEY, wanted());
}

/** Back from the provider: shows the page that was wanted, before any is drawn. */
export function comeBack(): void {
  if (window.location.pathname !== BASE || new URLSearchParams(window.location.search).get('login') !== 'done') {
    return;
  }
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', kept?.startsWith(BASE) ? kept : BASE);
}
