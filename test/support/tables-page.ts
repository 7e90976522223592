/** A table's rows in docs/tables.md, by column. */
export interface DescribedTable {
  readonly table: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly key: string;
    readonly example: string;
  }[];
}

/** Reads the tables of columns, each below the heading that names it. */
export const describedTables = (page: string): DescribedTable[] =>
  page.split(/^## /m).flatMap((section) => {
    const [table = ''] = section.split('\n', 1);
    const columns = [
      ...section.matchAll(/^\| `(\w+)` \| `(.+?)` \| (.+?) \| .+? \| `(.+)` \|$/gm),
    ].map(([, name = '', type = '', key = '', example = '']) => ({ name, type, key, example }));
    return columns.length === 0 ? [] : [{ table, columns }];
  });

/** Reads the example row of each table: a CQL literal for each column. */
export const exampleRows = (page: string) =>
  describedTables(page).map(({ table, columns }) => ({
    table,
    values: Object.fromEntries(columns.map(({ name, example }) => [name, example])),
  }));

/** Reads the statements in the page's blocks of SQL. */
export const statements = (page: string): string[] =>
  [...page.matchAll(/^ *```sql\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = '']) =>
    block
      .split(';')
      .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
      .filter((statement) => statement !== ''),
  );
