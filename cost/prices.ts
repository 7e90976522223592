/**
 * What AWS asks in us-east-1, in US dollars, as known on 2026-11-25. Where `source` is a page that shows the figure it was
 * read there. AWS's price pages show theirs only to a browser: those figures are from memory of them, so look before
 * you decide by them.
 */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
  readonly read: boolean;
}

export const priceDate = '2026-11-25';

export const prices = {
  eventPollerUnit: {
    usd: 0.185,
    per: 'hour of an event poller unit (20 MB/s, 10 pollers)',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html',
    read: true,
  },
  lambdaGbSecond: {
    usd: 0.0000133334,
    per: 'GB-second, arm64',
    source: 'https://aws.amazon.com/lambda/pricing/',
    read: false,
  },
  lambdaRequest: {
    usd: 0.2 / 1e6,
    per: 'request',
    source: 'https://aws.amazon.com/lambda/pricing/',
    read: false,
  },
  keyspacesWrite: {
    usd: 0.625 / 1e6,
    per: 'write request unit, on demand',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    read: false,
  },
  keyspacesRead: {
    usd: 0.125 / 1e6,
    per: 'read request unit, on demand',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    read: false,
  },
  keyspacesStorage: {
    usd: 0.25,
    per: 'GB-month',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    read: false,
  },
  keyspacesRecovery: {
    usd: 0.2,
    per: 'GB-month with point-in-time recovery',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    read: false,
  },
  logs: {
    usd: 0.5,
    per: 'GB of log lines',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    read: false,
  },
  metric: {
    usd: 0.3,
    per: 'custom metric and month',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    read: false,
  },
  alarm: {
    usd: 0.1,
    per: 'alarmed metric and month',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    read: false,
  },
  dashboard: {
    usd: 3,
    per: 'dashboard and month, after the first three',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    read: false,
  },
  mskSmallBroker: {
    usd: 0.0456,
    per: 'hour of a kafka.t3.small',
    source: 'https://aws.amazon.com/msk/pricing/',
    read: false,
  },
  mskStorage: {
    usd: 0.1,
    per: 'GB-month of a broker',
    source: 'https://aws.amazon.com/msk/pricing/',
    read: false,
  },
} as const satisfies Record<string, Price>;
