import { globSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { loadedBy } from './support/imports.ts';

/** Suites whose tests need servers, and those that run without any. test/README.md says what each is for. */
export const withServers = ['integration', 'chaos'];
export const withoutServers = ['unit', 'infra', 'simulation'];

/** The modules with the addresses of this run's Kafka and Cassandra. A test file that loads one of them needs the servers. */
const addresses = [
  'test/support/test-environment.ts',
  'packages/local-kafka-trigger/test/support/brokers.ts',
];

/** The folders with suites: this project's, and those of its packages. */
const homes = ['', 'packages/*/'];

export const filesOfSuites = (names: readonly string[]): string[] =>
  names.flatMap((name) =>
    globSync(homes.map((home) => `${home}test/${name}/**/*.test.ts`)).toSorted(),
  );

/** Tells whether a file is one of the suites'. */
export const isOf = (suites: readonly string[], file: string): boolean =>
  suites.some((suite) => homes.some((home) => matchesGlob(file, `${home}test/${suite}/**`)));

/** Tells whether a file's tests use the Kafka and the Cassandra that are started for the run. */
export const sharesServers = (file: string): boolean =>
  addresses.some((module) => loadedBy(file).has(module));
