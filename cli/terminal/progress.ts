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
  /** The newest counts, with their times. */
  recent: { readonly at: number; readonly records: number }[];
}

/** The milliseconds over which the bar's records a second are counted, and between two drawings. */
const [window, drawEvery] = [3_000, 500];

/** @param isShown false to count alone. */
export const createProgress = (isShown = true): Progress => {
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
  const now = (): number => busy + performance.now() - began;
  const draw = (): void => {
    if (!isShown) return;
    bar.update(handledOfRound, {
      handledRate: rateNow(paces.handled, now()).toLocaleString('en'),
      produced: producedOfRound.toLocaleString('en'),
      producedRate: rateNow(paces.produced, now()).toLocaleString('en'),
    });
  };
  let timer: NodeJS.Timeout | undefined;
  let handledOfRound = 0;
  let producedOfRound = 0;
  return {
    start(events) {
      began = performance.now();
      handledOfRound = 0;
      producedOfRound = 0;
      if (!isShown) return;
      bar.start(events, 0, { handledRate: 0, produced: 0, producedRate: 0 });
      // A standstill shows too.
      timer = setInterval(draw, drawEvery).unref();
    },
    produced(records) {
      producedOfRound += records;
      advance(paces.produced, records, now());
      draw();
    },
    handled(records) {
      handledOfRound += records;
      advance(paces.handled, records, now());
      draw();
    },
    stop() {
      busy += performance.now() - began;
      clearInterval(timer);
      if (isShown) bar.stop();
    },
    rates: () => ({ produced: rateOf(paces.produced), handled: rateOf(paces.handled) }),
  };
};

const pace = (): Pace => ({ count: 0, since: 0, until: 0, recent: [] });

const advance = (pace: Pace, records: number, now: number): void => {
  pace.count += records;
  pace.until = now;
  pace.recent = [...withinWindow(pace, now), { at: now, records }];
};

const withinWindow = ({ recent }: Pace, now: number): Pace['recent'] =>
  recent.filter(({ at }) => at > now - window);

/** Computes the records a second of the last seconds. */
const rateNow = (pace: Pace, now: number): number => {
  const records = withinWindow(pace, now).reduce((sum, one) => sum + one.records, 0);
  return now > 0 ? Math.round((records / Math.min(window, now)) * 1000) : 0;
};

const rateOf = ({ count, since, until }: Pace): number =>
  until > since ? Math.round((count / (until - since)) * 1000) : 0;
