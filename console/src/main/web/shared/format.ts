import { millis } from '../run/view';

export function dateTime(time: number | string | undefined, locale: string): string {
  return time === undefined
    ? '–'
    : new Date(millis(time)).toLocaleString(locale, { dateStyle: 'short', timeStyle: 'medium' });
}

/** Of a stretch of milliseconds, with as many digits as one reads. */
export function duration(length: number): string {
  if (length < 1000) {
    return `${Math.max(0, Math.round(length))} ms`;
  }
  if (length < 60_000) {
    return `${(length / 1000).toFixed(length < 10_000 ? 2 : 1)} s`;
  }
  const seconds = Math.floor(length / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first, first + 2).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** JSON in lines, if it is JSON; the text as it is otherwise. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function bytes(text: string): string {
  const size = new Blob([text]).size;
  return size < 1024 ? `${size} B` : size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 / 1024).toFixed(1)} MiB`;
}
