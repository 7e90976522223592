import { setTimeout as delay } from 'node:timers/promises';
import type { LambdaFunction } from '../function/function-process.ts';
import type { InvokeResult } from '../function/invoke-result.ts';
import type { PollerOptions } from '../mapping/options.ts';
import type { Poller } from '../mapping/poller.ts';
import { rebalance } from './rebalance.ts';

/** The faults that Lambda's users meet, and what becomes of an invocation that is struck. */
export const faultKinds = {
  'crash-after-success': 'the function and the poller end after a success, before its commit',
  'lost-response': 'the poller hears of a timeout, though the function has succeeded',
  'lost-commit': 'the offsets of a success are not committed; the next commit has them',
  duplicate: 'the records of a success come again',
  rebalance:
    'another member of the group takes partitions while their batch is in flight, and leaves',
  freeze: 'the function’s process stands still for some seconds before it gets the event',
} as const;
export type FaultKind = keyof typeof faultKinds;

/** The faults, each with the number of invocations of which it strikes the last one. */
export type FaultSwitches = Readonly<Partial<Record<FaultKind, number>>> & {
  /** The seconds of a freeze. Default 5. */
  readonly freezeSeconds?: number;
};

export interface Faults {
  /** Makes the invocations that are struck of those of a function. */
  readonly around: (invoke: PollerOptions['invoke']) => PollerOptions['invoke'];
  /** Tells whether the commit of a batch is lost. */
  readonly loseCommit: NonNullable<PollerOptions['loseCommit']>;
  /** Tells the faults which poller they strike, and how another member of its group is started. */
  readonly attach: (poller: Poller, join: () => Promise<Poller>) => void;
  /**
   * Strikes the next invocation; resolves when it has.
   * @param meanwhile for a freeze: what it lasts as long as, in place of its seconds.
   */
  readonly inject: (kind: FaultKind, meanwhile?: () => Promise<void>) => Promise<void>;
}

/** A fault that was asked for once. */
interface Asked {
  readonly struck: () => void;
  readonly meanwhile: (() => Promise<void>) | undefined;
}

const lost: InvokeResult = {
  kind: 'error',
  errorType: 'Sandbox.Timedout',
  errorMessage: 'The response is lost, by a fault that was asked for.',
  cause: 'timeout',
};

export const createFaults = (
  switches: FaultSwitches,
  lambda: Pick<LambdaFunction, 'kill' | 'pause' | 'resume'> | undefined,
): Faults => {
  let attached: { poller: Poller; join: () => Promise<Poller> } | undefined;
  const asked = new Map<FaultKind, Asked[]>();
  const counted = new Map<FaultKind, number>();

  const strikes = (kind: FaultKind): Pick<Asked, 'meanwhile'> | undefined => {
    const once = asked.get(kind)?.shift();
    once?.struck();
    const count = (counted.get(kind) ?? 0) + 1;
    counted.set(kind, count);
    const isNth = count % (switches[kind] ?? Number.POSITIVE_INFINITY) === 0;
    return once ?? (isNth ? { meanwhile: undefined } : undefined);
  };

  return {
    around: (invoke) => async (eventJson) => {
      const rebalanced =
        attached !== undefined && strikes('rebalance') ? rebalance(attached.join) : undefined;
      rebalanced?.catch(() => {}); // Whoever awaits it is told.
      const freeze = strikes('freeze');
      if (freeze !== undefined) {
        lambda?.pause();
        await (freeze.meanwhile?.() ?? delay((switches.freezeSeconds ?? 5) * 1000));
        lambda?.resume();
      }
      const result = await invoke(eventJson);
      await rebalanced;
      return result.kind === 'response' && strikes('lost-response') ? lost : result;
    },
    loseCommit: (_, judgement) => {
      if (judgement.kind !== 'success') return false;
      const [crash, duplicate, lostCommit] = [
        strikes('crash-after-success'),
        strikes('duplicate'),
        strikes('lost-commit'),
      ];
      if (crash) lambda?.kill();
      if (crash || duplicate) attached?.poller.reread();
      return (crash || duplicate || lostCommit) !== undefined;
    },
    attach: (poller, join) => {
      attached = { poller, join };
    },
    inject: (kind, meanwhile) =>
      new Promise((struck) => {
        asked.set(kind, [...(asked.get(kind) ?? []), { struck, meanwhile }]);
      }),
  };
};
