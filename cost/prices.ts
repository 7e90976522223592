/**
 * A price of AWS in us-east-1, in US dollars. AWS's price pages show figures only to a browser, so each price has another source with
 * its date. Check the prices before you decide by them.
 */
export interface Price {
  readonly usd: number;
  readonly per: string;
  /** AWS's page with the price. */
  readonly source: string;
  /** The source where the price was read, with the source's own date. */
  readonly seen: string;
  /** True for a price that AWS itself has told, on a page or in data of its own; the others are marked wherever they count. */
  readonly isOfAws: boolean;
}

const keyspacesCalculator =
  'AWS’s own calculator, github.com/aws-samples/sample-pricing-calculator-for-keyspaces, data of 2025-12-02';

export const prices = {
  eventPollerUnit: {
    usd: 0.185,
    per: 'hour of an event poller unit (20 MB/s, 10 pollers)',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html',
    seen: 'the page itself',
    isOfAws: true,
  },
  lambdaGbSecond: {
    usd: 0.0000133334,
    per: 'GB-second, arm64',
    source: 'https://aws.amazon.com/lambda/pricing/',
    seen: 'cloudchipr.com/blog/aws-lambda-pricing, 2024',
    isOfAws: false,
  },
  lambdaRequest: {
    usd: 0.2 / 1e6,
    per: 'request',
    source: 'https://aws.amazon.com/lambda/pricing/',
    seen: 'github.com/api-evangelist/aws-lambda, of AWS’s page on 2026-09-20',
    isOfAws: false,
  },
  keyspacesWrite: {
    usd: 0.625 / 1e6,
    per: 'write request unit, on demand',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    seen: keyspacesCalculator,
    isOfAws: true,
  },
  keyspacesRead: {
    usd: 0.125 / 1e6,
    per: 'read request unit, on demand',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    seen: keyspacesCalculator,
    isOfAws: true,
  },
  keyspacesStorage: {
    usd: 0.25,
    per: 'GB-month',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    seen: keyspacesCalculator,
    isOfAws: true,
  },
  keyspacesRecovery: {
    usd: 0.2,
    per: 'GB-month with point-in-time recovery',
    source: 'https://aws.amazon.com/keyspaces/pricing/',
    seen: keyspacesCalculator,
    isOfAws: true,
  },
  logs: {
    usd: 0.5,
    per: 'GB of log lines',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    seen: 'factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards, 2026-06-13',
    isOfAws: false,
  },
  metric: {
    usd: 0.3,
    per: 'custom metric and month',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    seen: 'signoz.io/guides/cloudwatch-pricing, 2026-02-15',
    isOfAws: false,
  },
  alarm: {
    usd: 0.1,
    per: 'alarmed metric and month',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    seen: 'c3x.dev/resources/aws/aws_cloudwatch_metric_alarm, without a date',
    isOfAws: false,
  },
  dashboard: {
    usd: 3,
    per: 'dashboard and month, after the first three',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    seen: 'factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards, 2026-06-13',
    isOfAws: false,
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;
