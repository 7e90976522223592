import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { op, ProgramBuilder } from '../../../../../functions/ingest/avro/scan/scan-program.ts';

test('a program has three numbers a step, in the order of the fields: operation, slot and argument', () => {
  const program = new ProgramBuilder();
  program.add([op.time, 0], 3);
  program.add([op.skipBytes, 16]);
  deepStrictEqual(program.build().steps, Int32Array.of(op.time, 3, 0, op.skipBytes, 0, 16));
});

test('each union and each way to pass over a value is known by a number from 0 on', () => {
  const program = new ProgramBuilder();
  const skip = () => 0;
  deepStrictEqual(
    [
      program.addUnion([
        [op.null, 0],
        [op.text, 1],
      ]),
      program.addUnion([[op.boolean, 0]]),
      program.addSkip(skip),
      program.addSkip(skip),
    ],
    [0, 1, [op.skip, 0], [op.skip, 1]],
  );
  const { branches, skips } = program.build();
  deepStrictEqual(branches, [Int32Array.of(op.null, 0, op.text, 1), Int32Array.of(op.boolean, 0)]);
  deepStrictEqual(skips, [skip, skip]);
});

test('every operation has a number of its own', () => {
  const numbers = Object.values(op);
  deepStrictEqual([...new Set(numbers)], numbers);
});
