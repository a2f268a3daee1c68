import { Button, Group, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { aws } from '../api/aws';
import { links } from '../api/arns';
import type { MachineItem } from '../api/types';
import { useLocale, useText } from '../i18n';
import { Answer } from '../shared/Answer';
import { dateTime } from '../shared/format';

export function matching(machines: readonly MachineItem[], wanted: string): MachineItem[] {
  const text = wanted.trim().toLowerCase();
  return machines.filter((machine) => machine.name.toLowerCase().includes(text));
}

const MOST_ROWS = 500;

export function MachinesPage() {
  const t = useText();
  const locale = useLocale();
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get('name') ?? '';
  const query = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws.listMachines(signal), refetchInterval: 10_000 });
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1} size="h2">{t.nav.machines}</Title>
        <Button component={Link} href={links.create()}>{t.machines.create}</Button>
      </Group>
      <TextInput
        label={t.machines.find}
        value={wanted}
        onChange={(event) => setParameters(event.currentTarget.value === '' ? {} : { name: event.currentTarget.value }, { replace: true })}
        maw={400}
        mb="md"
      />
      <Answer query={query}>
        {({ items, complete }) => {
          const found = matching(items, wanted);
          if (items.length === 0) {
            return <Text>{t.machines.none}</Text>;
          }
          if (found.length === 0) {
            return <Text>{t.machines.noneFound(items.length)}</Text>;
          }
          return (
            <>
              <Table.ScrollContainer minWidth={600}>
                <Table highlightOnHover>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t.name}</Table.Th>
                      <Table.Th>{t.type}</Table.Th>
                      <Table.Th>{t.created}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {found.slice(0, MOST_ROWS).map((machine) => (
                      <Table.Tr key={machine.stateMachineArn}>
                        <Table.Td><Link href={links.machine(machine.stateMachineArn)}>{machine.name}</Link></Table.Td>
                        <Table.Td>{machine.type}</Table.Td>
                        <Table.Td>{dateTime(machine.creationDate, locale)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              {(found.length > MOST_ROWS || !complete) && <Text size="sm">{t.machines.more(found.length)}</Text>}
            </>
          );
        }}
      </Answer>
    </>
  );
}
