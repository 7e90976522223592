// The parts of JavaScript that the command line uses and Node 20 and 22 lack. The package runs on whatever Node an app has.

/** Adds what an object lacks. */
const complete = (object: object, parts: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(parts))
    if (!(name in object))
      Object.defineProperty(object, name, { value, writable: true, configurable: true });
};

complete(Promise, {
  withResolvers() {
    let [resolve, reject]: unknown[] = [];
    const promise = new Promise((...given) => {
      [resolve, reject] = given;
    });
    return { promise, resolve, reject };
  },
});

complete(Map, {
  groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item, index: number) => Key) {
    const groups = new Map<Key, Item[]>();
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
      index += 1;
    }
    return groups;
  },
});

complete(Array, {
  async fromAsync<Item>(items: AsyncIterable<Item>) {
    const all: Item[] = [];
    for await (const item of items) all.push(item);
    return all;
  },
});

complete(globalThis, {
  SuppressedError: class extends Error {
    override readonly name = 'SuppressedError';
    readonly error: unknown;
    readonly suppressed: unknown;
    constructor(error: unknown, suppressed: unknown, message?: string) {
      super(message);
      this.error = error;
      this.suppressed = suppressed;
    }
  },
});
