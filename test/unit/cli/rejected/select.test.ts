import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, errors, types } from 'cassandra-driver';
import { nameOfRow, summary } from '../../../../cli/rejected/row.ts';
import { selectRejected } from '../../../../cli/rejected/select.ts';

const { signal } = new AbortController();
const { overloaded, unauthorized } = types.responseErrorCodes;

/** A client whose partitions have two rows each, on two pages. Some of them are refused. */
const clientOf = (refused: (partition: number, day: string) => number | null) => {
  const asked: string[] = [];
  const execute = async (
    _query: string,
    [topic, day, partition]: [string, types.LocalDate, number],
    { pageState }: { pageState?: string },
  ) => {
    asked.push(`${partition}/${day}${pageState === undefined ? '' : ' again'}`);
    const code = refused(partition, String(day));
    if (code !== null) throw new errors.ResponseError(code, 'no');
    const offset = types.Long.fromNumber(partition * 10 + (pageState === undefined ? 0 : 1));
    return {
      rows: [{ topic, rejected_date: day, partition, offset, reason: 'late', detail: '' }],
      pageState: pageState === undefined ? 'more' : null,
    };
  };
  return { client: { execute } as unknown as Client, asked };
};

const where = (partitions: number, days: readonly string[]) => ({
  kind: 'days' as const,
  places: Array.from({ length: partitions }, (_, partition) => ({ topic: 't', partition })),
  days,
});
const day = '2026-11-29';

test('a part of the table that cannot be read is told, and the rest is found in order', async () => {
  const { client } = clientOf((partition) => (partition === 1 ? unauthorized : null));
  const selection = { where: where(3, [day]), filter: {}, shape: summary };
  const { rows, progress } = await selectRejected(client, 'ks', selection, signal);
  deepStrictEqual((await Array.fromAsync(rows)).map(nameOfRow), [
    't/0/0',
    't/0/1',
    't/2/20',
    't/2/21',
  ]);
  deepStrictEqual([progress.parts, progress.read, progress.rows], [3, 2, 4]);
  strictEqual(progress.unread.length, 1);
  strictEqual(progress.unread[0]?.part, 't/1 on 2026-11-29');
  match(progress.unread[0]?.why ?? '', /^reading failed: no \(0x2100\)$/);
});

test('a page that the database is too busy for is asked for again', async () => {
  let refusals = 1;
  const { client, asked } = clientOf(() => {
    refusals -= 1;
    return refusals >= 0 ? overloaded : null;
  });
  const selection = { where: where(1, [day]), filter: {}, shape: summary };
  const { rows, progress } = await selectRejected(client, 'ks', selection, signal);
  strictEqual((await Array.fromAsync(rows)).length, 2);
  deepStrictEqual(progress.unread, []);
  deepStrictEqual(asked, ['0/2026-11-29', '0/2026-11-29', '0/2026-11-29 again']);
});

test('where many parts cannot be read the others are not tried, and are told as unread too', async () => {
  const { client, asked } = clientOf(() => unauthorized);
  const selection = { where: where(100, [day]), filter: {}, shape: summary };
  const { rows, progress } = await selectRejected(client, 'ks', selection, signal);
  deepStrictEqual(await Array.fromAsync(rows), []);
  strictEqual(progress.unread.length, 100);
  strictEqual(asked.length < 20, true, `${asked.length}`);
});

test('a look that is aborted ends with the reason', async () => {
  const abort = new AbortController();
  const { client } = clientOf(() => null);
  const selection = { where: where(3, [day]), filter: {}, shape: summary };
  const { rows } = await selectRejected(client, 'ks', selection, abort.signal);
  const iterator = rows[Symbol.asyncIterator]();
  await iterator.next();
  abort.abort(new Error('stopped'));
  const end = Array.fromAsync({ [Symbol.asyncIterator]: () => iterator });
  strictEqual(
    await end.then(
      () => null,
      (error: Error) => error.message,
    ),
    'stopped',
  );
});
