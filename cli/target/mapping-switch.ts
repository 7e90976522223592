/** The event source mapping of a deployed pipeline, which can be switched off and on. */
export interface MappingSwitch {
  /** Tells its state in AWS's words: `Enabled`, `Disabling`, `Disabled`, … */
  readonly state: () => Promise<string>;
  /** Asks for it to be switched on or off, which takes AWS a minute or more. @throws {UserFacingError} where it may not be switched. */
  readonly setEnabled: (enabled: boolean) => Promise<void>;
}
