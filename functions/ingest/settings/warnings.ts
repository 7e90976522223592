import type { Settings } from './read-settings.ts';

/** A warning of a setting that is taken as it was given, and may do harm. */
export interface SettingWarning {
  readonly setting: string;
  /** The reason, and what to do. */
  readonly text: string;
}

/** Finds what to warn of: in the function's log when it starts, and when a stage is synthesized. */
export const settingWarnings = ({
  maxFutureMs,
  outOfOrdernessMs,
}: Pick<Settings, 'maxFutureMs' | 'outOfOrdernessMs'>): SettingWarning[] =>
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
