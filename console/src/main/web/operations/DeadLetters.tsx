import { Alert, Button, Group, Modal, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { rest } from '../api/rest';
import { LETTER_STATES, type DeadLetter } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Confirm } from '../shared/Actions';
import { Answer, Failed } from '../shared/Answer';
import { dateTime } from '../shared/format';
import { changed } from '../shared/parameters';
import { Payload } from '../shared/Payload';

const CONDITIONS = ['topic', 'component', 'state'] as const;

/** The conditions of the list, as the address and the API both name them. */
export function lettersAsked(parameters: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams();
  for (const name of CONDITIONS) {
    const value = parameters.get(name)?.trim();
    if (value && (name !== 'state' || (LETTER_STATES as readonly string[]).includes(value))) {
      asked.set(name, value);
    }
  }
  return asked;
}

/** What could not be read or carried out: looked at as text, published again once, or taken out of the list. */
export function DeadLetters() {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const asked = lettersAsked(parameters).toString();
  const query = useInfiniteQuery({
    queryKey: ['letters', asked],
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(asked);
      if (pageParam !== undefined) {
        page.set('pageToken', pageParam);
      }
      return rest.letters(page, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextPageToken,
    refetchInterval: (current) => ((current.state.data?.pages.length ?? 1) > 1 ? false : 5000),
  });
  const letters = useMemo(() => query.data?.pages.flatMap((page) => page.deadLetters) ?? [], [query.data]);
  const set = (name: (typeof CONDITIONS)[number], value: string | null) =>
    setParameters((before) => changed(before, { [name]: value?.trim() || undefined }), { replace: true });
  return (
    <Stack gap="sm">
      <Text size="sm">{t.letters.hint}</Text>
      <Group align="end">
        <Select
          label={t.letters.state}
          data={LETTER_STATES.map((value) => ({ value, label: t.letters.states[value] }))}
          value={LETTER_STATES.find((one) => one === parameters.get('state')) ?? 'open'}
          allowDeselect={false}
          onChange={(value) => set('state', value === 'open' ? null : value)}
        />
        <TextInput label={t.letters.topic} value={parameters.get('topic') ?? ''} onChange={(event) => set('topic', event.currentTarget.value)} />
        <TextInput label={t.letters.component} value={parameters.get('component') ?? ''} onChange={(event) => set('component', event.currentTarget.value)} />
      </Group>
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data === undefined
        ? !query.isError && <Text role="status">{t.loading}</Text>
        : letters.length === 0
          ? <Text>{query.hasNextPage ? t.letters.noneHere : t.letters.none}</Text>
          : <Letters letters={letters} />}
      {query.hasNextPage && <Group><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.more}</Button></Group>}
    </Stack>
  );
}

function Letters({ letters }: { letters: readonly DeadLetter[] }) {
  const t = useText();
  const locale = useLocale();
  const [opened, setOpened] = useState<string>();
  return (
    <>
      <Table.ScrollContainer minWidth={800}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr><Table.Th>{t.letters.time}</Table.Th><Table.Th>{t.letters.source}</Table.Th><Table.Th>{t.letters.component}</Table.Th><Table.Th>{t.letters.reason}</Table.Th><Table.Th>{t.letters.value}</Table.Th><Table.Th>{t.letters.state}</Table.Th></Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {letters.map((letter) => (
              <Table.Tr key={letter.id} data-letter={letter.id}>
                <Table.Td><button type="button" className="link-button" title={t.letters.show(letter.id)} onClick={() => setOpened(letter.id)}>{dateTime(letter.time, locale)}</button></Table.Td>
                <Table.Td className="payload-text">{sourceOf(letter)}</Table.Td>
                <Table.Td className="payload-text">{letter.component}</Table.Td>
                <Table.Td className="payload-text">{letter.reason.slice(0, 300)}</Table.Td>
                <Table.Td className="payload-text code">{letter.value?.text.slice(0, 80) ?? ''}</Table.Td>
                <Table.Td>{t.letters.states[letter.state]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {opened !== undefined && <Letter id={opened} close={() => setOpened(undefined)} />}
    </>
  );
}

function sourceOf(letter: DeadLetter): string {
  return letter.source === undefined ? '' : `${letter.source.topic} ${letter.source.partition}-${letter.source.offset}`;
}

function Letter({ id, close }: { id: string; close: () => void }) {
  const t = useText();
  const [asked, setAsked] = useState<'redrive' | 'discard'>();
  const query = useQuery({ queryKey: ['letter', id], queryFn: ({ signal }) => rest.letter(id, signal) });
  return (
    <>
      <Modal opened={asked === undefined} onClose={close} size="xl" title={t.letters.show(id)} closeButtonProps={{ 'aria-label': t.cancel }} transitionProps={{ duration: 0 }}>
        <Answer query={query}>{(letter) => <Content letter={letter} ask={setAsked} />}</Answer>
      </Modal>
      {asked !== undefined && <Settle id={id} how={asked} close={() => setAsked(undefined)} done={close} />}
    </>
  );
}

function Content({ letter, ask }: { letter: DeadLetter; ask: (how: 'redrive' | 'discard') => void }) {
  const t = useText();
  const locale = useLocale();
  const bytes = (title: string, part: DeadLetter['value']) =>
    part !== undefined && (
      <>
        <Payload title={title} text={part.text} file={`${letter.id}-${title}`} />
        {part.truncated && <Text size="xs" c="var(--muted)">{t.letters.cut(part.bytes)}</Text>}
      </>
    );
  return (
    <Stack gap="xs">
      <Text size="sm">{t.letters.states[letter.state]}{letter.stateDate === undefined ? '' : ` · ${dateTime(letter.stateDate, locale)}`}</Text>
      <div className="error-box"><Text size="sm" className="payload-text">{letter.component}: {letter.reason}</Text></div>
      <Text size="sm" className="payload-text">{t.letters.source}: {sourceOf(letter)} · {dateTime(letter.time, locale)}</Text>
      {letter.answered && <Alert color="yellow">{t.letters.answered}</Alert>}
      {letter.leftOut && <Alert color="yellow">{t.letters.leftOut}</Alert>}
      {bytes(t.letters.key, letter.key)}
      {bytes(t.letters.value, letter.value)}
      {(letter.headers?.length ?? 0) > 0 && (
        <Table aria-label={t.letters.headers}>
          <Table.Thead><Table.Tr><Table.Th>{t.name}</Table.Th><Table.Th>{t.value}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {letter.headers!.map((header, index) => (
              <Table.Tr key={index}><Table.Td className="payload-text">{header.name}</Table.Td><Table.Td className="payload-text">{header.value?.text ?? ''}</Table.Td></Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group justify="flex-end">
        {letter.state === 'open' && <Button variant="default" onClick={() => ask('discard')}>{t.letters.discard}</Button>}
        {letter.state !== 'redriven' && <Button disabled={letter.answered || letter.leftOut} onClick={() => ask('redrive')}>{t.letters.redrive}</Button>}
      </Group>
    </Stack>
  );
}

function Settle({ id, how, close, done }: { id: string; how: 'redrive' | 'discard'; close: () => void; done: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const isSettled = useRef(false);
  return (
    <Confirm
      title={how === 'redrive' ? t.letters.redrive : t.letters.discard}
      close={() => (isSettled.current ? done() : close())}
      action={async () => {
        const [outcome] = await rest.settleLetter(how, id);
        await client.invalidateQueries({ queryKey: ['letters'] });
        await client.invalidateQueries({ queryKey: ['letter', id] });
        if (outcome?.detail !== undefined) {
          throw new Error(outcome.detail);
        }
        isSettled.current = true;
      }}
    >
      <Text size="sm">{how === 'redrive' ? t.letters.redriveHint : t.letters.discardHint}</Text>
    </Confirm>
  );
}
