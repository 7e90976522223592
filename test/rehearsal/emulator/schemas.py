"""CloudFormation's resource schemas, as cfn-lint ships them: the properties of each type, and those whose change replaces it."""

import functools
import json
import os
import re

import cfnlint
import jsonschema

REGION = 'eu-west-1'
_FOLDER = os.path.join(os.path.dirname(cfnlint.__file__), 'data', 'schemas')


@functools.cache
def _digests():
    with open(f'{_FOLDER}/providers/{REGION}.json') as file:
        return json.load(file)


@functools.cache
def schema_of(kind):
    """Gives the schema of a resource type; None if CloudFormation publishes none (custom resources)."""
    digest = _digests().get(kind)
    if digest is None:
        return None
    with open(f'{_FOLDER}/resources/{digest}.json') as file:
        return json.load(file)


# Python's `re` knows no Unicode classes; these approximations suffice for the names of a template.
_CLASSES = {'L': 'A-Za-z', 'M': '', 'Z': ' ', 'S': '', 'N': '0-9', 'P': '!-/:-@'}


def pattern_of(pattern):
    """Compiles a pattern of AWS's; None if Python cannot."""
    for name, characters in _CLASSES.items():
        pattern = pattern.replace(f'\\p{{{name}}}', characters)
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _pattern(validator, pattern, instance, _schema):
    if not validator.is_type(instance, 'string'):
        return
    readable = pattern_of(pattern)
    if readable is not None and readable.search(instance) is None:
        yield jsonschema.ValidationError(f'{instance!r} does not match {pattern!r}')


_Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {'pattern': _pattern})


def faults(kind, properties):
    """Lists the faults of a resource's resolved properties by the schema of its type."""
    schema = schema_of(kind)
    if schema is None:
        return []
    found = [
        f'{kind} schema: {"/".join(map(str, error.path)) or "properties"}: {error.message[:200]}'
        for error in _Validator(schema).iter_errors(properties)
    ]
    read_only = {path.split('/')[2] for path in schema.get('readOnlyProperties', [])}
    return found + [f'{kind} schema: {name} is read-only' for name in sorted(read_only & set(properties))]


def replaces(kind, old, new):
    """Tells whether an update between these properties creates a new resource, because a create-only property differs."""
    paths = (schema_of(kind) or {}).get('createOnlyProperties', [])
    return any(_at(old, path) != _at(new, path) for path in paths)


def _at(properties, path):
    for name in path.removeprefix('/properties/').split('/'):
        if not isinstance(properties, dict):
            return None
        properties = properties.get(name)
    return properties
