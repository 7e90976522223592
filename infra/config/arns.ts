/** An ARN that a stage names, and its parts. */
export interface NamedArn {
  /** The setting's path, such as `source.secretArn`. */
  readonly path: string;
  readonly arn: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

const arnPattern = /^arn:([^:]+):[^:]+:([^:]*):([^:]*):./;

/** Finds every ARN in a stage by its form, so that the ARN of a new setting is found without a list of settings. */
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
