import { Button, Group, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useText } from '../i18n';
import { bytes, pretty } from './format';
import { save } from './save';

/** As much as a page lays out at once. The whole of it can be copied and saved. */
const SHOWN = 20_000;

/** An input, an output or the like: always as text, whatever is in it. */
export function Payload({ title, text, file }: { title: string; text: string | undefined; file: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const lines = useMemo(() => (text === undefined ? '' : pretty(text)), [text]);
  if (text === undefined) {
    return null;
  }
  const copy = () => {
    void navigator.clipboard.writeText(lines).then(() => setCopied(true));
  };
  return (
    <section className="payload" aria-label={title}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {title} <Text span size="xs" c="var(--muted)">{bytes(text)}</Text>
        </Text>
        <Group gap={4}>
          <Button size="compact-xs" variant="subtle" onClick={copy} aria-label={`${t.copy}: ${title}`}>
            {copied ? t.copied : t.copy}
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => save(`${file}.json`, lines)} aria-label={`${t.download}: ${title}`}>
            {t.download}
          </Button>
        </Group>
      </Group>
      <pre className="payload-text" tabIndex={0} aria-label={title}>{lines.slice(0, SHOWN)}</pre>
      {lines.length > SHOWN && <Text size="xs" c="var(--muted)">{t.cutOff(SHOWN)}</Text>}
    </section>
  );
}
