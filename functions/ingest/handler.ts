import { setFlagsFromString } from 'node:v8';
import { createHandler } from './create-handler.ts';

// What a batch makes lives for that batch. Where a batch waits through a few collections in a row, V8 learns that such objects live
// long, makes all further ones in the old generation, and collects all of it three times as often (docs/performance.md).
setFlagsFromString('--no-allocation-site-pretenuring');

const { close, connect, handler } = createHandler(process.env);

// Lambda gives the start of a function more time than it gives most batches. A connect that fails here is tried
// again, and its error reported, by the first batch.
await connect().catch(() => {});

export { close, handler };
