import type { EventEmitter } from 'node:events';

/** Gives up a run in which no test begins or ends, so that a test without an end becomes a failure with a name. */
export class Silence implements Disposable {
  readonly #abort = new AbortController();
  readonly #running = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  /** @param longestMs the milliseconds without the begin or end of a test after which the run is given up. */
  constructor(longestMs: number) {
    this.#timer = setTimeout(
      () =>
        this.#abort.abort(
          new Error(
            `no test has begun or ended for ${longestMs / 1000} seconds; not ended: ${[...this.#running].join(', ')}`,
          ),
        ),
      longestMs,
    );
  }

  /** The signal that ends the run. Its reason is an error that names the tests that have not ended. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Watches the events of node:test. */
  watch(events: EventEmitter): void {
    const on = (type: string, change: (test: string) => void) =>
      events.on(type, ({ name, file }: { name: string; file?: string }) => {
        change(file === undefined || file === name ? name : `${name} (${file})`);
        this.#timer.refresh();
      });
    on('test:dequeue', (test) => this.#running.add(test));
    on('test:complete', (test) => this.#running.delete(test));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
