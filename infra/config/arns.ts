/** An ARN of a stage, in its parts. */
export interface NamedArn {
  /** The setting's path, such as `source.secretArn`. */
  readonly path: string;
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

const arnPattern = /^arn:([^:]+):[^:]+:([^:]*):([^:]*):./;

/** Finds every ARN in a stage, whatever the setting is called, so that a new setting is found by itself. */
export const arnsIn = (value: unknown, path: readonly string[] = []): readonly NamedArn[] => {
  if (typeof value === 'string') {
    const [, partition = '', region = '', account = ''] = arnPattern.exec(value) ?? [];
    return partition === ''
      ? []
      : [{ path: path.join('.'), arn: value, partition, region, account }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => arnsIn(below, [...path, name]));
};
