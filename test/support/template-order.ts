import type { Template } from 'aws-cdk-lib/assertions';

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DependsOn?: string | readonly string[];
}
export type Resources = Readonly<Record<string, TemplateResource>>;

export const resourcesOf = (template: Template): Resources => template.toJSON()['Resources'];

/** Lists the logical ids of a type's resources. */
export const idsOf = (resources: Resources, type: string): string[] =>
  Object.keys(resources).filter((id) => resources[id]?.Type === type);

/** Lists the logical ids of all resources that CloudFormation creates before a resource: its references, and theirs. */
export const ancestors = (resources: Resources, id: string): Set<string> => {
  const found = new Set<string>();
  const visit = (one: string): void => {
    const resource = resources[one];
    for (const next of [resource?.DependsOn ?? [], references(resource?.Properties)].flat(2))
      if (next in resources && !found.has(next)) {
        found.add(next);
        visit(next);
      }
  };
  visit(id);
  return found;
};

/** Lists the names in every Ref, Fn::GetAtt and Fn::Sub of a value. */
const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as Record<string, unknown>;
  const named = [
    ...(typeof Ref === 'string' ? [Ref] : []),
    ...(Array.isArray(attribute) ? [String(attribute[0])] : []),
    ...[text]
      .flat()
      .flatMap((one) =>
        typeof one === 'string'
          ? Array.from(one.matchAll(/\$\{([A-Za-z0-9]+)/g), ([, name]) => name ?? '')
          : [],
      ),
  ];
  return [...named, ...Object.values(value).flatMap(references)];
};
