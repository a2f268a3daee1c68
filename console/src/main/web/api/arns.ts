/** The last part of an ARN, without a version or alias behind it. */
export function machineName(arn: string): string {
  return arn.split(':')[6] ?? arn;
}

export function executionName(arn: string): string {
  return arn.split(':').slice(7).join(':') || arn;
}

/** Of a version or alias: what it is called; of a machine itself: nothing. */
export function qualifier(arn: string): string | undefined {
  return arn.split(':')[7];
}

/** The machine that a child execution's or a version's ARN belongs to. */
export function unqualified(machineArn: string): string {
  return machineArn.split(':').slice(0, 7).join(':').split('/')[0] ?? machineArn;
}

export const links = {
  machines: () => '/',
  machine: (arn: string) => `/machines/${encodeURIComponent(arn)}`,
  edit: (arn: string) => `/machines/${encodeURIComponent(arn)}/edit`,
  create: () => '/new',
  execution: (arn: string) => `/executions/${encodeURIComponent(arn)}`,
  mapRun: (arn: string) => `/map-runs/${encodeURIComponent(arn)}`,
  search: (query = '') => `/search${query}`,
  live: () => '/live',
  metrics: () => '/metrics',
  operations: () => '/operations',
  bulk: () => '/operations?tab=bulk',
  compare: (left: string, right: string) => `/compare?left=${encodeURIComponent(left)}&right=${encodeURIComponent(right)}`,
  file: () => '/file',
};
