import type { Cluster, Partition, Restore } from '../api/types';

export interface PartitionRow extends Partition {
  key: string;
  active: string | undefined;
  standbys: { node: string; storeLag: number | undefined }[];
  restore: Restore | undefined;
}

/** How nodes are called: by their address, which people know, or the beginning of their id. */
export function nodeNames(cluster: Cluster): ReadonlyMap<string, string> {
  return new Map(cluster.nodes.map((node) => [node.id, node.address ?? node.id.slice(0, 8)]));
}

export function rowsOf(cluster: Cluster): PartitionRow[] {
  const names = nodeNames(cluster);
  const name = (id: string) => names.get(id) ?? id;
  return cluster.partitions.map((partition) => {
    const active = partition.copies.find((copy) => copy.role === 'active');
    return {
      ...partition,
      key: `${partition.lane} ${partition.task ?? partition.inputs.join()}`,
      active: active === undefined ? undefined : name(active.node),
      standbys: partition.copies.filter((copy) => copy.role === 'standby').map((copy) => ({ node: name(copy.node), storeLag: copy.storeLag })),
      restore: active?.restore,
    };
  });
}

/** Never 100 before the end: what is restored is told by records, and some offsets hold none. */
export function percent(restore: Restore): number {
  return restore.total === 0 ? 0 : Math.min(99, Math.floor((100 * restore.restored) / restore.total));
}
