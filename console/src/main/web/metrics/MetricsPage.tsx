import { TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useText } from '../i18n';
import { changed } from '../shared/parameters';
import MetricsView from './MetricsView';

/** All executions, or those of one machine, as they go. */
export default function MetricsPage() {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const machine = parameters.get('machine') ?? undefined;
  const [text, setText] = useState(machine ?? '');
  return (
    <>
      <Title order={1} size="h2" mb="md">{t.metrics.title}</Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setParameters((before) => changed(before, { machine: text.trim() || undefined }));
        }}
      >
        <TextInput label={t.metrics.machine} placeholder={t.all} value={text} onChange={(event) => setText(event.currentTarget.value)} maw={420} mb="md" />
      </form>
      <MetricsView machine={machine} />
    </>
  );
}
