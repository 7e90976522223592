import { registerHooks } from 'node:module';

/** A mutation of the core, which the simulation must detect. */
export interface Mutant {
  readonly name: string;
  /** The path of the file below functions/ingest/. */
  readonly file: string;
  /** The mutated text, which occurs once in the file. */
  readonly from: string;
  readonly to: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'the checkpoint is written before the writes',
    file: 'pipeline/ingest.ts',
    from: "await timed('writes', () =>",
    to: `const whole = ready[ready.length - 1];
      await flow.request(
        () => stores.writeCheckpoint(batch, advance(before, first.offset, whole.record.offset + 1, whole.maxEventTime)),
        deadlines.checkpoint,
      );
      await timed('writes', () =>`,
  },
  {
    name: 'the checkpoint passes the first failed record',
    file: 'pipeline/ingest.ts',
    from: '(failed === -1 ? outcomes.length : failed) - 1',
    to: 'outcomes.length - 1',
  },
  {
    name: 'the checkpoint stands at the last handled record, not behind it',
    file: 'pipeline/ingest.ts',
    from: 'last.record.offset + 1',
    to: 'last.record.offset',
  },
  {
    name: 'a checkpoint that could not be written is taken for one that was',
    file: 'pipeline/ingest.ts',
    from: '() => stores.writeCheckpoint(batch, after)',
    to: '() => stores.writeCheckpoint(batch, after).catch(() => {})',
  },
  {
    name: 'a batch that comes again is judged from no maximum',
    file: 'pipeline/checkpoint.ts',
    from: 'if (reached <= offset) found = max;',
    to: 'if (reached < 0) found = max;',
  },
  {
    name: 'a batch that comes again is judged from the newest maximum',
    file: 'pipeline/checkpoint.ts',
    from: 'if (offset >= checkpoint.nextOffset) return checkpoint.maxEventTime;',
    to: 'return checkpoint.maxEventTime;',
  },
  {
    name: 'one earlier checkpoint is kept instead of eight',
    file: 'pipeline/checkpoint.ts',
    from: 'const keptEarlier = 8;',
    to: 'const keptEarlier = 1;',
  },
  {
    name: 'what was reached beyond the beginning is not forgotten',
    file: 'pipeline/checkpoint.ts',
    from: '.filter(([offset]) => offset <= firstOffset)',
    to: '',
  },
  {
    name: 'only the first failed record is reported',
    file: 'kafka/to-batch-response.ts',
    from: 'batch.records.slice(failed)',
    to: 'batch.records.slice(failed, failed + 1)',
  },
  {
    name: 'exactly the bound behind is late',
    file: 'pipeline/watermark.ts',
    from: 'eventTime < watermarkOf(max, bound)',
    to: 'eventTime <= watermarkOf(max, bound)',
  },
  {
    name: 'the maximum can fall',
    file: 'pipeline/watermark.ts',
    from: 'max === null || eventTime > max ? eventTime : max',
    to: 'eventTime',
  },
  {
    name: 'events of the future raise the maximum',
    file: 'pipeline/judge.ts',
    from: 'delivery.future = true;',
    to: 'max = raise(max, eventTime);',
  },
  {
    name: 'the future is ahead of the clock alone (decision 0004 undone)',
    file: 'pipeline/watermark.ts',
    from: '(recordTimestamp >= 0 ? Math.min(now, recordTimestamp) : now)',
    to: 'now',
  },
  {
    name: 'a superseded record is handled before the one that took its row is durable',
    file: 'pipeline/write-rows.ts',
    from: 'for (const delivery of superseded) this.#fail(delivery, error);',
    to: `for (const delivery of superseded)
          delivery.outcome = { kind: 'superseded', by: winner.record.offset };`,
  },
  {
    name: 'of the rows of one key the lowest offset’s is written',
    file: 'pipeline/row-groups.ts',
    from: 'return this.#winner.event as UserEvent;',
    to: 'return (this.superseded[0] ?? this.#winner).event as UserEvent;',
  },
  {
    name: 'rows of one key are written side by side',
    file: 'pipeline/row-groups.ts',
    from: 'const sameKey = byKey.get(key);',
    to: 'const sameKey = undefined as RowGroup | undefined;',
  },
  {
    name: 'of rows written together all are rejected for one that is refused',
    file: 'pipeline/write-rows.ts',
    from: 'if (rows.length > 1 && this.#mayGoAlone(error))',
    to: `if (error instanceof RefusedError && rows.length > 1) {
        await Promise.all(rows.map((row) => target.refused(row, error)));
        return;
      }
      if (rows.length > 1 && this.#mayGoAlone(error))`,
  },
  {
    name: 'of rows written together the first is written again when one is refused, and no other',
    file: 'pipeline/write-rows.ts',
    from: 'rows.flatMap((row) => target.plan([row])),',
    to: `rows.slice(0, 1).flatMap((row) => {
            for (const other of rows.slice(1)) target.written(other);
            return target.plan([row]);
          }),`,
  },
  {
    name: 'event_id is forgotten in the row key',
    file: 'event/plan.ts',
    from: 'isKey && name !== timeField',
    to: "isKey && name !== timeField && name !== 'event_id'",
  },
  {
    name: 'a refused row is not rejected',
    file: 'pipeline/write-rows.ts',
    from: 'if (error instanceof RefusedError) return target.refused(rows[0], error);',
    to: '',
  },
  {
    name: 'a rejected row is not waited for',
    file: 'pipeline/write-rows.ts',
    from: 'await this.#send(request);',
    to: 'if (target === this.#rejected) void this.#send(request).catch(() => {});\n      else await this.#send(request);',
  },
  {
    name: 'every rejected record is dropped, not only late ones, with LATE_EVENTS=drop',
    file: 'pipeline/write-rows.ts',
    from: "reason !== 'late' || this.#options.lateEvents !== 'drop'",
    to: "this.#options.lateEvents !== 'drop'",
  },
  {
    name: 'requests begin after the deadline',
    file: 'pipeline/flow-control.ts',
    from: 'deadline.left() > 0',
    to: 'true',
  },
  {
    name: 'nothing is kept of the time for the requests in flight',
    file: 'pipeline/deadlines.ts',
    from: 'records: after(remaining - reserve),',
    to: 'records: after(remaining),',
  },
  {
    name: 'an error that nobody expects ends the invocation while requests are in flight',
    file: 'pipeline/await-all.ts',
    from: 'await Promise.allSettled(promises);',
    to: '',
  },
];

/** Makes this thread load the core with the mutation; call it before any of the core is imported. */
export const plant = ({ name, file, from, to }: Mutant): void => {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/functions/ingest/${file}`)) return loaded;
      const pieces = String(loaded.source).split(from);
      if (pieces.length !== 2)
        throw new Error(
          `${file} has ${pieces.length - 1} times “${from}”: mend the mutant “${name}”`,
        );
      return { ...loaded, source: pieces.join(to) };
    },
  });
};
