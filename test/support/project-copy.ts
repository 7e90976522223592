import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The folders that are linked: they are too large to copy, and the same for all copies. */
const linked = ['node_modules', '.local'];
/** What no function, stack or command needs. */
const leftOut = ['.git', 'cdk.out', 'dist', 'docs', 'bench', 'test', ...linked];

/** A copy of the project in a folder of its own, whose files a test may change before it loads them. */
export interface ProjectCopy extends AsyncDisposable {
  readonly folder: string;
  /** Rewrites a file of the copy. */
  change(path: string, how: (text: string) => string): Promise<void>;
  /** Loads a module of the copy. Later changes of its files have no effect. */
  load<Module>(path: string): Promise<Module>;
}

export const copyProject = async (): Promise<ProjectCopy> => {
  const folder = await mkdtemp(join(tmpdir(), 'user-events-copy-'));
  const entries = await readdir(root);
  for (const entry of entries.filter((name) => !leftOut.includes(name)))
    await cp(join(root, entry), join(folder, entry), { recursive: true });
  for (const entry of entries.filter((name) => linked.includes(name)))
    await symlink(join(root, entry), join(folder, entry));
  return {
    folder,
    async change(path, how) {
      const file = join(folder, path);
      const before = await readFile(file, 'utf8');
      const after = how(before);
      if (after === before) throw new Error(`the change leaves ${path} as it is`);
      await writeFile(file, after);
    },
    load: (path) => import(join(folder, path)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
};

/** A field of a record, in Avro's JSON. */
export interface AddedField {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

/** Adds a field to the published schema of a copy. */
export const addField = (copy: ProjectCopy, field: AddedField): Promise<void> =>
  copy.change('schema/user-event.avsc.json', (text) => {
    const schema = JSON.parse(text);
    return `${JSON.stringify({ ...schema, fields: [...schema.fields, field] }, null, 2)}\n`;
  });

/** Adds a column to user_events in the tables of a copy. */
export const addColumn = (copy: ProjectCopy, name: string, type: string): Promise<void> =>
  copy.change('schema/tables.cql', (text) =>
    // user_events is the first of the tables.
    text.replace('\n  PRIMARY KEY', () => `\n  ${name} ${type},\n  PRIMARY KEY`),
  );
