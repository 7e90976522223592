import type { Config } from './read-settings.ts';

/** A setting that is kept as it was given, and that somebody may regret. */
export interface SettingWarning {
  readonly setting: string;
  /** A sentence with the reason and what to do. */
  readonly text: string;
}

/** What a function tells once when it starts, and a stage when it is synthesized. */
export const configWarnings = ({
  maxFutureMs,
  outOfOrdernessMs,
}: Pick<Config, 'maxFutureMs' | 'outOfOrdernessMs'>): SettingWarning[] =>
  maxFutureMs <= outOfOrdernessMs
    ? []
    : [
        {
          setting: 'MAX_FUTURE_SECONDS',
          text:
            `MAX_FUTURE_SECONDS (${maxFutureMs / 1000}) is above OUT_OF_ORDERNESS_SECONDS (${outOfOrdernessMs / 1000}): one device whose ` +
            'clock is between the two fast makes the right events of its partition late. Leave MAX_FUTURE_SECONDS out, or give it ' +
            `${outOfOrdernessMs / 1000} or less.`,
        },
      ];
