import type { Context, ExitCode } from '../operate/context.ts';
import { targetWords } from '../operate/target-words.ts';
import { slowProgress } from '../output/slow-progress.ts';
import type { Target } from '../target/target.ts';
import { checkOrder } from '../terminal/time-option.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count, number } from '../terminal/words.ts';
import { Attribution } from './attribution.ts';
import { Counts } from './counts.ts';
import { type Findings, type Header, openFindings, type State } from './findings-file.ts';
import { beginFindings, type FindingsWriter, noFile, resumeFindings } from './findings-writer.ts';
import { finish, foundIn } from './finish.ts';
import { checkHeader, headerOf } from './header.ts';
import { nothingKept, readKept } from './kept-records.ts';
import { OpenRecords } from './open-records.ts';
import { openWork } from './open-work.ts';
import { searchForOthers } from './search.ts';
import { verifyAgain } from './verify-again.ts';
import type { VerifyOptions } from './verify-command.ts';
import { judgedEnd, verifyRanges } from './verify-ranges.ts';

/** Compares a topic with the tables: a range of it, or the findings of an earlier look. */
export const verify = async (context: Context, options: VerifyOptions): Promise<ExitCode> => {
  const { openTarget, signal, output, goOnBy } = context;
  const { again, onFailure, rate, json = false } = options;
  await using target = await openTarget(options);
  const attribution = new Attribution();
  await using begun = await begin(target, options, attribution, signal);
  const { header, state, findings } = begun;
  const file = options.resume ?? options.out;
  const willGoOn = (): void => {
    if (file !== undefined && again === undefined) goOnBy(resumeWords(file, header, options));
  };
  willGoOn();
  const work = await openWork({
    context,
    target,
    header,
    writer: begun.writer,
    counts: new Counts(state?.counts),
    open: begun.open,
    kept:
      onFailure === undefined
        ? nothingKept
        : await readKept(context, target, header.topic, onFailure),
    attribution,
    rate,
    json,
  });
  const show = slowProgress(output, (text: () => string) => text());
  const began = performance.now();
  if (findings === null) {
    const total = header.partitions.reduce(
      (sum, range) => sum + Math.max(0, judgedEnd(range) - range.leadIn),
      0,
    );
    await verifyRanges(work, state, (done) => {
      willGoOn();
      show(() => {
        const perSecond = Math.round((done / (performance.now() - began)) * 1_000);
        return `${number(work.counts.of('read'))} of ${count(total, 'record')} read, ${number(perSecond)}/s; ${count(foundIn(work), 'finding')}`;
      });
    });
  } else
    await verifyAgain(work, target, findings, signal, (done) =>
      show(() => `${count(done, 'finding')} looked at again; ${number(foundIn(work))} stay`),
    );
  await searchForOthers(work, (done) =>
    show(
      () =>
        `${count(done, 'record')} read again, for those that explain ${count(work.open.size, 'row')}`,
    ),
  );
  return finish(context, work, {
    attribution,
    json,
    file: file ?? again,
    unseenDestination: onFailure === undefined ? (target.stack?.onFailure ?? null) : null,
  });
};

/** The words of the command line that goes on with a file. */
const resumeWords = (file: string, { topic }: Header, options: VerifyOptions): string[] => {
  const { onFailure, rate, json } = options;
  return [
    ...['verify', '--resume', file, '--rate', `${rate}`],
    ...(onFailure === undefined
      ? []
      : onFailure === true
        ? ['--on-failure']
        : ['--on-failure', onFailure]),
    ...(json === true ? ['--json'] : []),
    ...targetWords({ ...options, topic }),
  ];
};

/** A verification that was begun, now or before. */
interface Begun extends AsyncDisposable {
  readonly header: Header;
  readonly writer: FindingsWriter;
  readonly state: State | null;
  readonly open: OpenRecords;
  /** The findings that are looked at again; null where a topic is read. */
  readonly findings: Findings | null;
}

const begin = async (
  target: Target,
  options: VerifyOptions,
  attribution: Attribution,
  signal: AbortSignal,
): Promise<Begun> => {
  const { resume, again, out } = options;
  const begun = (
    header: Header,
    writer: FindingsWriter,
    rest: Partial<Pick<Begun, 'state' | 'open' | 'findings'>> = {},
  ): Begun => ({
    header,
    writer,
    state: null,
    open: new OpenRecords(),
    findings: null,
    ...rest,
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  });
  const writerFor = (header: Header): Promise<FindingsWriter> =>
    out === undefined ? Promise.resolve(noFile) : beginFindings(out, header);
  if (resume !== undefined) {
    checkHeader((await openFindings(resume)).header, target, resume);
    const { header, state, open, writer } = await resumeFindings(resume, (finding) =>
      attribution.add(finding),
    );
    const records = new OpenRecords();
    for (const one of open) records.add(one);
    return begun(header, writer, { state, open: records });
  }
  if (again !== undefined) {
    const findings = await openFindings(again);
    checkHeader(findings.header, target, again);
    if (!findings.finished)
      throw new UserFacingError(
        `The verification of ${again} has not come to its end, so that it has not all findings: go on with it by verify --resume ${again}.`,
      );
    const header: Header = { ...findings.header, began: new Date().toISOString(), again };
    return begun(header, await writerFor(header), { findings });
  }
  const header = await headerOf(target, askedFor(target, options), signal);
  return begun(header, await writerFor(header));
};

const askedFor = (target: Target, options: VerifyOptions) => {
  const { from = null, to = null, last = null, settingsSince = null, sample } = options;
  const topic = options.topic ?? target.topic;
  if (topic === null) throw new UserFacingError('Name the topic by --topic.');
  checkOrder(from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY);
  return { topic, from: last ?? from, to, sample, settingsSince };
};
