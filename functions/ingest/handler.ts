import { setFlagsFromString } from 'node:v8';
import { createHandler } from './create-handler.ts';

// The objects of a batch live as long as the batch. When a batch waits through a few collections in a row, V8 concludes that such objects
// live long, and makes all further ones in the old generation, which is then collected more often (npm run bench:hacks).
setFlagsFromString('--no-allocation-site-pretenuring');

const { close, connect, handler } = createHandler(process.env);

// Lambda gives the start of a function more time than it gives most batches. A connect that fails here is tried
// again, and its error reported, by the first batch.
await connect().catch(() => {});

export { close, handler };
