import { useQuery } from '@tanstack/react-query';
import { aws } from '../api/aws';
import { useText } from '../i18n';
import { Answer } from '../shared/Answer';
import Diff from './Diff';

/** A version beside what is saved now. */
export default function VersionDiff({ versionArn, now }: { versionArn: string; now: string }) {
  const t = useText();
  const query = useQuery({ queryKey: ['machine', versionArn], queryFn: ({ signal }) => aws.describeMachine(versionArn, signal), staleTime: Infinity });
  return <Answer query={query}>{(version) => <Diff before={version.definition} after={now} label={t.definition} />}</Answer>;
}
