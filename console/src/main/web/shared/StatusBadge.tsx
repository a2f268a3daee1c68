import { useText } from '../i18n';

/** A status as a word with a colour: never by colour alone. */
export function StatusBadge({ status }: { status: string }) {
  const t = useText();
  const words: Record<string, string> = t.status;
  return <span className={`status status-${status.toLowerCase().replace('_', '-')}`}>{words[status] ?? status}</span>;
}
