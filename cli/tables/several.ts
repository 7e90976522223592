/** Starts the reading of a part. */
export type Part<T> = () => AsyncGenerator<T>;

type Step<T> = IteratorResult<T, unknown>;

/**
 * Gives what the parts give, one part after the other, while the first values of the next ones are under way.
 * @param most the parts under way at once.
 */
export const inOrder = async function* <T>(
  parts: Iterable<Part<T>>,
  most: number,
): AsyncGenerator<T> {
  const waiting = parts[Symbol.iterator]();
  const underWay: { readonly part: AsyncGenerator<T>; readonly first: Promise<Step<T>> }[] = [];
  try {
    for (;;) {
      for (const part of startedParts(waiting, most - underWay.length))
        underWay.push({ part, first: begun(part) });
      const [next] = underWay;
      if (next === undefined) return;
      for (let step = await next.first; !step.done; step = await next.part.next()) yield step.value;
      underWay.shift();
    }
  } finally {
    await Promise.all(underWay.map(({ part }) => part.return(undefined)));
  }
};

/**
 * Gives what the parts give as it comes, in no order.
 * @param most the parts under way at once.
 */
export const asTheyCome = async function* <T>(
  parts: Iterable<Part<T>>,
  most: number,
): AsyncGenerator<T> {
  const waiting = parts[Symbol.iterator]();
  const underWay = new Map<
    AsyncGenerator<T>,
    Promise<{ readonly part: AsyncGenerator<T>; readonly step: Step<T> }>
  >();
  const advance = (part: AsyncGenerator<T>): void => {
    const arrival = begun(part).then((step) => ({ part, step }));
    arrival.catch(() => {});
    underWay.set(part, arrival);
  };
  try {
    for (;;) {
      for (const part of startedParts(waiting, most - underWay.size)) advance(part);
      if (underWay.size === 0) return;
      const { part, step } = await Promise.race(underWay.values());
      if (step.done) underWay.delete(part);
      else {
        yield step.value;
        advance(part);
      }
    }
  } finally {
    await Promise.all([...underWay.keys()].map((part) => part.return(undefined)));
  }
};

/** Starts some of the parts that wait. */
const startedParts = function* <T>(
  waiting: Iterator<Part<T>>,
  most: number,
): Generator<AsyncGenerator<T>> {
  for (let started = 0; started < most; started += 1) {
    const { value: start, done } = waiting.next();
    if (done) return;
    yield start();
  }
};

/** Begins a step that nobody waits for yet. Whoever waits for it later learns its error. */
const begun = <T>(part: AsyncGenerator<T>): Promise<Step<T>> => {
  const step = part.next();
  step.catch(() => {});
  return step;
};
