import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defined } from '../defined.ts';
import type { FunctionOptions } from '../function/options.ts';
import { type Known, type Resource, resolveValue, type Template } from './resolve.ts';

/** Finds the logical id that a function's name in a template stands for, through an alias or a version. */
export const functionId = (template: Template, name: unknown): string | undefined => {
  const { Ref, 'Fn::GetAtt': attribute } = Object(name) as Record<string, unknown>;
  const [target] = [attribute ?? Ref ?? []].flat() as (string | undefined)[];
  const [id = ''] = String(target).split('.');
  const resource = template.Resources?.[id];
  if (resource === undefined)
    return byName(template, String(resolveValue(template, name))) ?? (target && id);
  return resource.Type === 'AWS::Lambda::Alias' || resource.Type === 'AWS::Lambda::Version'
    ? functionId(template, resource.Properties?.['FunctionName'])
    : id;
};

/** Finds a function by its name, or by an ARN of it. */
const byName = (template: Template, text: string): string | undefined => {
  const [name] = text.replace(/^arn:.*:function:/, '').split(':');
  return Object.entries(template.Resources ?? {}).find(
    ([, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function' && Properties?.['FunctionName'] === name,
  )?.[0];
};

/** Finds the folder of a function's code: `cdk synth` writes it down beside the template. */
const codeFolder = (path: string, { Properties, Metadata }: Resource): string | undefined => {
  const folder = dirname(path);
  const asset = Metadata?.['aws:asset:path'];
  if (typeof asset === 'string') return join(folder, asset);
  const { S3Key } = Object(Properties?.['Code']) as { S3Key?: unknown };
  const manifest = path.replace(/\.template\.json$/, '.assets.json');
  if (typeof S3Key !== 'string' || !existsSync(manifest)) return undefined;
  const { files } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    files?: Record<string, { source?: { path?: string } }>;
  };
  const source = files?.[S3Key.replace(/\.zip$/, '')]?.source?.path;
  return source === undefined ? undefined : join(folder, source);
};

/** Reads the configuration of a function, and names what an option must give in its place. */
export const functionOf = (
  template: Template,
  path: string,
  id: string | undefined,
  known: Known,
  tell: (sentence: string) => void,
): FunctionOptions => {
  const resource = template.Resources?.[id ?? ''];
  if (id === undefined || resource?.Type !== 'AWS::Lambda::Function') {
    tell('The function of the mapping is not in the template. Name it by --handler or --command.');
    return {};
  }
  const { Environment, ...properties } = resource.Properties ?? {};
  const { Variables = {} } = Object(Environment) as { Variables?: Record<string, unknown> };
  const number = (name: string, option: string): number | undefined => {
    const value = known(`The ${name} of ${id}`, properties[name], `Give it by ${option}.`);
    return value === undefined ? undefined : Number(value);
  };
  const variables = Object.entries(Variables).map(([name, value]) => [
    name,
    known(`The variable ${name}`, value, `Give it by --env ${name}=…`),
  ]);
  const common = defined({
    environment: Object.fromEntries(
      variables.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ),
    timeoutSeconds: number('Timeout', '--timeout'),
    memorySizeMb: number('MemorySize', '--memory'),
    functionName: String(resolveValue(template, properties['FunctionName']) ?? id),
  });
  const folder = codeFolder(path, resource);
  if (folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    tell(`The code of ${id} is no folder beside the template. Name it by --handler or --command.`);
    return common;
  }
  const runtime = String(resolveValue(template, properties['Runtime']));
  if (runtime.startsWith('provided'))
    return { ...common, codeFolder: folder, command: [join(folder, 'bootstrap')] };
  if (!runtime.startsWith('nodejs')) {
    tell(`The runtime ${runtime} is not started by itself. Name its program by --command.`);
    return { ...common, codeFolder: folder };
  }
  const handler = known(`The Handler of ${id}`, properties['Handler'], 'Name it by --handler.');
  return { ...common, codeFolder: folder, handler: String(handler ?? '') };
};
