import { SimpleGrid, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { aws } from '../api/aws';
import { executionName, links } from '../api/arns';
import { useText } from '../i18n';
import { runView, type StateSummary } from '../run/view';
import { Answer } from '../shared/Answer';
import { duration } from '../shared/format';
import { Payload } from '../shared/Payload';
import { compared } from './compared';

function useView(arn: string) {
  return useQuery({
    queryKey: ['compared', arn],
    queryFn: async ({ signal }) => ({
      view: runView((await aws.history(arn, signal)).items),
      execution: await aws.describeExecution(arn, signal),
    }),
  });
}

/** Two executions side by side. */
export default function ComparePage() {
  const t = useText();
  const [parameters] = useSearchParams();
  const [left, right] = [parameters.get('left') ?? '', parameters.get('right') ?? ''];
  const a = useView(left);
  const b = useView(right);
  const [opened, setOpened] = useState<string>();
  const rows = useMemo(() => (a.data && b.data ? compared(a.data.view, b.data.view) : []), [a.data, b.data]);
  const row = rows.find((one) => one.state === opened);
  return (
    <>
      <Title order={1} size="h2" mb="md">{t.compare.title}</Title>
      <SimpleGrid cols={2} mb="md">
        {[a, b].map((query, index) => (
          <Answer key={index} query={query}>
            {({ execution }) => (
              <div>
                <Text fw={600}>{index === 0 ? t.compare.left : t.compare.right}</Text>
                <Link href={links.execution(execution.executionArn)} className="payload-text">{executionName(execution.executionArn)}</Link>
                <Payload title={t.input} text={execution.input} file={`${execution.name}-input`} />
                <Payload title={t.output} text={execution.output} file={`${execution.name}-output`} />
              </div>
            )}
          </Answer>
        ))}
      </SimpleGrid>
      {rows.length > 0 && rows.every((one) => !one.differs) && <Text>{t.compare.same}</Text>}
      <Table>
        <Table.Thead>
          <Table.Tr><Table.Th>{t.compare.state}</Table.Th><Table.Th>{t.compare.left}</Table.Th><Table.Th>{t.compare.right}</Table.Th><Table.Th>{t.compare.differs}</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((one) => (
            <Table.Tr key={one.state}>
              <Table.Td className="payload-text"><button type="button" className="link-button" onClick={() => setOpened(one.state)}>{one.state}</button></Table.Td>
              <Table.Td><Side summary={one.left} /></Table.Td>
              <Table.Td><Side summary={one.right} /></Table.Td>
              <Table.Td>{one.differs ? '≠' : '='}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {row && (
        <SimpleGrid cols={2}>
          {[row.left, row.right].map((side, index) => (
            <div key={index}>
              <Payload title={`${row.state}: ${t.input}`} text={side?.visit.input} file={`${row.state}-input`} />
              <Payload title={`${row.state}: ${t.output}`} text={side?.visit.output} file={`${row.state}-output`} />
            </div>
          ))}
        </SimpleGrid>
      )}
    </>
  );
}

function Side({ summary }: { summary: StateSummary | undefined }) {
  const t = useText();
  if (summary === undefined) {
    return <>–</>;
  }
  const { visit } = summary;
  return (
    <>
      <span className={`status status-${summary.status}`}>{t.visit[summary.status]}</span>
      {summary.visits > 1 ? ` ×${summary.visits}` : ''}
      {visit.to === undefined ? '' : ` ${duration(visit.to - visit.from)}`}
      {visit.attempts.length > 1 ? ` · ${t.graph.attempts(visit.attempts.length)}` : ''}
      <span className="payload-text">{visit.error === undefined ? '' : ` ${visit.error}`}</span>
    </>
  );
}
