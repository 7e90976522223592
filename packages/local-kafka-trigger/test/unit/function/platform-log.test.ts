import { ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { maxMemoryMb, reportLine } from '../../../src/function/platform-log.ts';

test('the duration is billed up to the next millisecond, with that of the init', () => {
  strictEqual(
    reportLine({
      requestId: 'id',
      durationMs: 10.001,
      initMs: 100.5,
      memorySizeMb: 128,
      maxMemoryMb: undefined,
      status: 'error',
    }),
    'REPORT RequestId: id\tDuration: 10.00 ms\tBilled Duration: 111 ms\tMemory Size: 128 MB\tMax Memory Used: ? MB\tInit Duration: 100.50 ms\tStatus: error',
  );
});

test('the memory of a process that is not there is not known', () => {
  strictEqual(maxMemoryMb(undefined), undefined);
  const own = maxMemoryMb(process.pid);
  ok(own === undefined || own > 10);
});
