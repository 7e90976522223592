import { SingleBar } from 'cli-progress';

/** The progress of a run: a bar in a terminal, lines on any other output. */
export interface Progress {
  start(events: number): void;
  produced(records: number): void;
  handled(records: number): void;
  stop(): void;
  /** Computes the records a second over all rounds so far, from the first produced to the last. */
  rates(): { readonly produced: number; readonly handled: number };
}

const format =
  '{bar} {percentage}% | {value} of {total} handled, {handledRate}/s | {produced} produced, {producedRate}/s';

interface Pace {
  count: number;
  since: number;
  until: number;
}

export const createProgress = (): Progress => {
  const bar = new SingleBar({
    format,
    barsize: 24,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 3_000,
    fps: 5,
    formatValue: (value, _, type) =>
      type === 'value' || type === 'total' ? value.toLocaleString('en') : String(value),
  });
  let began = 0;
  let busy = 0;
  const paces = { produced: pace(), handled: pace() };
  const draw = (): void => {
    bar.update(handledOfRound, {
      handledRate: rateOf(paces.handled).toLocaleString('en'),
      produced: producedOfRound.toLocaleString('en'),
      producedRate: rateOf(paces.produced).toLocaleString('en'),
    });
  };
  let handledOfRound = 0;
  let producedOfRound = 0;
  return {
    start(events) {
      began = performance.now();
      handledOfRound = 0;
      producedOfRound = 0;
      bar.start(events, 0, { handledRate: 0, produced: 0, producedRate: 0 });
    },
    produced(records) {
      producedOfRound += records;
      advance(paces.produced, records, busy + performance.now() - began);
      draw();
    },
    handled(records) {
      handledOfRound += records;
      advance(paces.handled, records, busy + performance.now() - began);
      draw();
    },
    stop() {
      busy += performance.now() - began;
      bar.stop();
    },
    rates: () => ({ produced: rateOf(paces.produced), handled: rateOf(paces.handled) }),
  };
};

const pace = (): Pace => ({ count: 0, since: 0, until: 0 });

const advance = (pace: Pace, records: number, now: number): void => {
  pace.count += records;
  pace.until = now;
};

const rateOf = ({ count, since, until }: Pace): number =>
  until > since ? Math.round((count / (until - since)) * 1000) : 0;
