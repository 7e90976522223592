import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent } from '../../../functions/operate/read-event.ts';

const event = {
  argv: ['user', '6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11'],
  caller: 'arn:aws:iam::111122223333:user/somebody',
  run: '00000000-0000-4000-8000-000000000001',
  files: ['out.jsonl', 'résumé 1.json'],
  slices: 1,
  columns: 80,
  stack: { name: 'user-events-prod' },
  mappingState: null,
  stackHealth: null,
};

test('what --via-function sends is read, and nothing else of it', () => {
  deepStrictEqual(readEvent({ ...event, more: 1 }), event);
  deepStrictEqual(readEvent({ ...event, mappingState: 'Enabled' }).mappingState, 'Enabled');
});

test('events of others are refused: of a trigger, of a person who has left something out, or with a file elsewhere', () => {
  const { argv: _, ...without } = event;
  for (const given of [
    null,
    'text',
    { records: {} },
    without,
    { ...event, argv: 'user' },
    { ...event, argv: [1] },
    { ...event, caller: null },
    { ...event, run: '../../other' },
    { ...event, columns: '80' },
    { ...event, slices: 0.5 },
    { ...event, stack: null },
    { ...event, mappingState: 1 },
    { ...event, stackHealth: 'fine' },
    ...['../x', 'a/b', 'a\\b', '..', '.', '', 'x\0', 'x'.repeat(201)].map((file) => ({
      ...event,
      files: [file],
    })),
  ])
    throws(() => readEvent(given), TypeError, JSON.stringify(given));
});
