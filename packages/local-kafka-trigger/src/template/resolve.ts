/** A template of CloudFormation, as far as values refer to it. */
export interface Template {
  readonly Parameters?: Readonly<
    Record<string, { readonly Type?: string; readonly Default?: unknown }>
  >;
  readonly Resources?: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The values that CloudFormation gives by itself: those of an account that does not exist. */
const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': '000000000000',
  'AWS::Partition': 'aws',
  'AWS::Region': process.env['AWS_REGION'] ?? 'eu-west-1',
  'AWS::StackName': 'local',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Gives a value of a template; tells that it is not known, and what to do. */
export type Known = (what: string, value: unknown, remedy: string) => unknown;

export const knownIn =
  (template: Template, tell: (sentence: string) => void): Known =>
  (what, value, remedy) => {
    const resolved = resolveValue(template, value);
    if (value !== undefined && resolved === undefined)
      tell(`${what} is not known before a deployment (${JSON.stringify(value)}). ${remedy}`);
    return resolved;
  };

/** Gives the value of a property without its intrinsic functions; `undefined` where it is known only after a deployment. */
export const resolveValue = (template: Template, value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map((item) => resolveValue(template, item));
    return items.includes(undefined) ? undefined : items;
  }
  if (typeof value === 'string') return value.includes('{{resolve:') ? undefined : value;
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length > 0 || !/^(?:Ref|Fn::.*)$/.test(name)) return value;
  return name in intrinsics ? intrinsics[name]?.(template, argument) : undefined;
};

const reference = (template: Template, name: string): unknown => {
  const { Type = '', Default } = template.Parameters?.[name] ?? {};
  // The default of a parameter in SSM is its name there.
  if (Type.startsWith('AWS::SSM::Parameter::Value')) return undefined;
  const value = pseudo[name] ?? Default;
  return Type === 'CommaDelimitedList' && value !== undefined ? String(value).split(',') : value;
};

const intrinsics: Readonly<Record<string, (template: Template, argument: unknown) => unknown>> = {
  Ref: (template, name) => reference(template, String(name)),
  'Fn::Join': (template, argument) => {
    const [separator, items] = Object(argument) as [unknown, unknown];
    const resolved = resolveValue(template, items);
    return Array.isArray(resolved) ? resolved.join(String(separator)) : undefined;
  },
  'Fn::Split': (template, argument) => {
    const [separator, text] = Object(argument) as [unknown, unknown];
    const resolved = resolveValue(template, text);
    return typeof resolved === 'string' ? resolved.split(String(separator)) : undefined;
  },
  'Fn::Select': (template, argument) => {
    const [index, items] = Object(argument) as [unknown, unknown];
    const resolved = resolveValue(template, items);
    return Array.isArray(resolved) ? resolved[Number(index)] : undefined;
  },
  'Fn::Sub': (template, argument) => {
    const [text, given] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ];
    const unknown: string[] = [];
    const filled = text.replaceAll(/\$\{([^!}][^}]*)\}/g, (all, name: string) => {
      const found = name in given ? resolveValue(template, given[name]) : reference(template, name);
      if (found === undefined) unknown.push(name);
      return found === undefined ? all : String(found);
    });
    return unknown.length > 0 ? undefined : filled.replaceAll('${!', '${');
  },
};
