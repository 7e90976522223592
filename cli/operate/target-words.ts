import type { TargetOptions } from '../target/open-target.ts';

/** Writes the options that name a pipeline as words of a command line. */
export const targetWords = ({
  stage,
  stages,
  stack,
  region,
  local,
  keyspace,
  group,
  topic,
}: TargetOptions): readonly string[] => [
  ...(stage === undefined ? [] : ['--stage', stage]),
  ...(stages === undefined ? [] : ['--stages', stages]),
  ...(stack === undefined ? [] : ['--stack', stack]),
  ...(region === undefined ? [] : ['--region', region]),
  ...(local === true ? ['--local'] : []),
  ...(keyspace === undefined ? [] : ['--keyspace', keyspace]),
  ...(group === undefined ? [] : ['--group', group]),
  ...(topic === undefined ? [] : ['--topic', topic]),
];
