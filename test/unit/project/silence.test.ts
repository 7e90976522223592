import { strictEqual } from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { Silence } from '../../silence.ts';

test('a run without the begin or end of a test is given up, and the tests that had begun and not ended are named', async () => {
  const events = new EventEmitter();
  using silence = new Silence(20);
  silence.watch(events);
  events.emit('test:dequeue', { name: 'ends', file: 'a.test.ts' });
  events.emit('test:dequeue', { name: 'has no end', file: 'a.test.ts' });
  events.emit('test:complete', { name: 'ends', file: 'a.test.ts' });
  await once(silence.signal, 'abort');
  strictEqual(
    silence.signal.reason.message,
    'no test has begun or ended for 0.02 seconds; not ended: has no end (a.test.ts)',
  );
});
