import { CloudAssembly, UNKNOWN_ACCOUNT, UNKNOWN_REGION } from 'aws-cdk-lib/cx-api';

/**
 * Says what was checked, a line each, and what to type next.
 * @param folder the folder that `cdk synth` has written the stack's template to.
 * @param context the `name=value` of each option `-c` that was given.
 */
export const summary = (folder: string, context: readonly string[]): readonly string[] =>
  new CloudAssembly(folder).stacks.flatMap(({ environment, messages, stackName, template }) => {
    const { account, region } = environment;
    const warnings = messages.filter(({ level }) => level === 'warning').length;
    const given = Object.fromEntries(context.map((one) => one.split(/=(.*)/s)));
    const lines = {
      stage: `${given['stage'] ?? 'example'}, of ${given['stages'] ?? 'cdk.json'}`,
      stack: stackName,
      account: account === UNKNOWN_ACCOUNT ? 'that of the credentials' : account,
      region: region === UNKNOWN_REGION ? 'that of the credentials' : region,
      resources: `${Object.keys(template.Resources).length}`,
      warnings: warnings === 0 ? 'none' : `${warnings}, above`,
      next: ['npx cdk deploy', ...context.map((one) => `-c ${one}`)].join(' '),
    };
    return Object.entries(lines).map(([name, text]) => `${name.padEnd(10)} ${text}`);
  });
