"""Templates: the dependencies of resources, and the values of intrinsic functions."""

import base64
import json
import re

from cfnlint.decode import cfn_yaml

from errors import Failed


def parse(text):
    """Reads a template of JSON, or of YAML as the bootstrap stack's is."""
    if not text.lstrip().startswith('{'):
        text = json.dumps(cfn_yaml.loads(text))
    return json.loads(text)


def _referred(value, found):
    """Adds the names that `Ref`, `Fn::GetAtt` and `Fn::Sub` have in a value."""
    if isinstance(value, list):
        for one in value:
            _referred(one, found)
    elif isinstance(value, dict):
        if len(value) == 1 and 'Ref' in value:
            found.add(value['Ref'])
        elif len(value) == 1 and 'Fn::GetAtt' in value:
            given = value['Fn::GetAtt']
            found.add(given[0] if isinstance(given, list) else given.split('.')[0])
        elif len(value) == 1 and 'Fn::Sub' in value:
            text, names = _substitution(value['Fn::Sub'])
            found.update(name.split('.')[0] for name in _PLACES.findall(text))
            _referred(names, found)
        else:
            for one in value.values():
                _referred(one, found)
    return found


_PLACES = re.compile(r'\$\{([^!}][^}]*)\}')


def _substitution(given):
    return given if isinstance(given, list) else (given, {})


def needs(template):
    """Gives for each resource those that must exist before it, by reference or by `DependsOn`."""
    resources = template['Resources']
    found = {}
    for logical, resource in resources.items():
        depends = resource.get('DependsOn', [])
        named = {depends} if isinstance(depends, str) else set(depends)
        found[logical] = {
            one for one in _referred(resource.get('Properties', {}), set()) | named if one in resources
        }
    return found


# The types that run as soon as they are created. CloudFormation may create them as soon as their dependencies exist, before all other
# resources. Here it always does, so that a missing dependency of the template shows.
EAGER = ('Custom::', 'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule')
# In an update, new code runs as soon as its function has it, so functions come even before these.
FUNCTION = ('AWS::Lambda::Function',)


def order(template, update=False):
    """Orders the logical ids of resources, each after those that it needs. Raises Failed if they need one another."""
    needed, resources = needs(template), template['Resources']
    soonest = [FUNCTION, EAGER] if update else [EAGER]
    done, begun = [], set()

    def visit(logical):
        if logical in done:
            return
        if logical in begun:
            raise Failed(f'Circular dependency between resources: {logical} needs itself')
        begun.add(logical)
        for one in sorted(needed[logical], key=list(resources).index):
            visit(one)
        done.append(logical)

    for logical in sorted(resources, key=lambda one: [not resources[one]['Type'].startswith(kinds) for kinds in soonest]):
        visit(logical)
    return done


class Resolver:
    """The values of a template, for a stack whose resources `made` have their physical ids and attributes."""

    def __init__(self, template, made, pseudo, parameters):
        """Takes final values by name as `parameters`, and those of `AWS::Region` and its like as `pseudo`."""
        self.template, self.made = template, made
        self.pseudo, self.parameters = pseudo, parameters

    def condition(self, given):
        """Tells whether a condition holds, by its name or its expression."""
        if isinstance(given, str):
            return self.condition(self.template['Conditions'][given])
        ((name, value),) = given.items()
        match name:
            case 'Fn::Equals':
                return self.resolve(value[0]) == self.resolve(value[1])
            case 'Fn::Not':
                return not self.condition(value[0])
            case 'Fn::And':
                return all(map(self.condition, value))
            case 'Fn::Or':
                return any(map(self.condition, value))
            case 'Condition':
                return self.condition(value)
        raise Failed(f'Template error: no condition {name}')

    def wanted(self, part):
        """Tells whether the condition of a resource or output lets it exist."""
        return 'Condition' not in part or self.condition(part['Condition'])

    def resolve(self, value):
        """Resolves the intrinsic functions of a value, and leaves out `AWS::NoValue`."""
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, given),) = value.items()
            if name == 'Ref':
                return self._ref(given)
            if name.startswith('Fn::'):
                return self._function(name, given)
        return {key: new for key, one in value.items() if (new := self.resolve(one)) is not None}

    def _ref(self, name):
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.made[name].physical

    def _function(self, name, given):
        match name:
            case 'Fn::GetAtt':
                logical, attribute = given if isinstance(given, list) else given.split('.', 1)
                attributes = self.made[logical].attributes
                if attribute not in attributes:
                    raise Failed(f'{logical} has no attribute {attribute}, but {sorted(attributes)}')
                return attributes[attribute]
            case 'Fn::Join':
                return given[0].join(str(one) for one in self.resolve(given[1]))
            case 'Fn::Split':
                return self.resolve(given[1]).split(given[0])
            case 'Fn::Select':
                return self.resolve(given[1])[int(given[0])]
            case 'Fn::GetAZs':
                return [f'{self.pseudo["AWS::Region"]}{zone}' for zone in 'abc']
            case 'Fn::If':
                return self.resolve(given[1] if self.condition(given[0]) else given[2])
            case 'Fn::FindInMap':
                table, first, second = (self.resolve(one) for one in given)
                return self.template['Mappings'][table][first][second]
            case 'Fn::Base64':
                return base64.b64encode(self.resolve(given).encode()).decode()
            case 'Fn::Sub':
                text, names = _substitution(given)
                return _PLACES.sub(lambda place: str(self._place(place[1], names)), text)
        raise Failed(f'Template error: the rehearsal knows no {name}')

    def _place(self, name, names):
        if name in names:
            return self.resolve(names[name])
        return self.resolve({'Fn::GetAtt': name} if '.' in name else {'Ref': name})
