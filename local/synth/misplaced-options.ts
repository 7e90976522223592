/** npm's variables of options that it takes for its own where they stand before `--`: `-c` is npm's `--call`. */
const misplaced = ['call', 'stage', 'stages'].map((name) => `npm_config_${name}`);

/**
 * Finds the options of `npm run synth` that npm has kept for itself, because `--` was forgotten.
 * @returns what to type instead; null if nothing was kept.
 */
export const misplacedOptions = (variables: NodeJS.ProcessEnv): string | null => {
  const name = misplaced.find((one) => variables[one] !== undefined);
  if (name === undefined) return null;
  const value = variables[name] ?? '';
  // npm gives an option without a value the value true.
  const [, stage = value] = /^stage=(.*)$/.exec(value) ?? [];
  const meant = stage === 'true' || stage.includes('=') ? '<stage>' : stage;
  return `npm run synth -- -c stage=${meant}`;
};
