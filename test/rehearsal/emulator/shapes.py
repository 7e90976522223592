"""The request shapes of AWS's APIs, as botocore ships them. More of a shape is checked here than by botocore."""

import functools
import re

import botocore.session

from schemas import pattern_of

_session = botocore.session.get_session()


@functools.cache
def model_of(service):
    return _session.get_service_model(service)


def members_of(service, operation):
    """Gives the names of a request's parameters."""
    return set(model_of(service).operation_model(operation).input_shape.members)


def faults(service, operation, parameters):
    """Lists the faults of a request by its shape: names, types, required members, bounds, enumerations and patterns."""
    found = []
    _check(model_of(service).operation_model(operation).input_shape, parameters, f'{service} {operation}', found)
    return found


def _check(shape, value, path, found):
    meta = shape.metadata
    match shape.type_name:
        case 'structure' if isinstance(value, dict):
            for name in shape.required_members:
                if name not in value:
                    found.append(f'{path}.{name}: required, not given')
            for name, one in value.items():
                if name in shape.members:
                    _check(shape.members[name], one, f'{path}.{name}', found)
                else:
                    found.append(f'{path}.{name}: the API has no such member')
        case 'list' if isinstance(value, list):
            _bounds(meta, len(value), path, found)
            for index, one in enumerate(value):
                _check(shape.member, one, f'{path}[{index}]', found)
        case 'map' if isinstance(value, dict):
            _bounds(meta, len(value), path, found)
            for name, one in value.items():
                _check(shape.key, name, f'{path}.<{name}>', found)
                _check(shape.value, one, f'{path}.{name}', found)
        case 'string' if isinstance(value, str):
            _bounds(meta, len(value), path, found)
            _text(meta, value, path, found)
        case 'integer' | 'long' if isinstance(value, int) and not isinstance(value, bool):
            _bounds(meta, value, path, found)
        case 'double' | 'float' if isinstance(value, int | float) and not isinstance(value, bool):
            _bounds(meta, value, path, found)
        case 'boolean' if isinstance(value, bool):
            pass
        case 'timestamp' | 'blob':
            pass
        case wanted:
            found.append(f'{path}: must be of type {wanted} (given {value!r})')


def _text(meta, value, path, found):
    if 'enum' in meta and value not in meta['enum']:
        found.append(f'{path}: {value!r} is none of {", ".join(meta["enum"])}')
    pattern = pattern_of(meta['pattern']) if 'pattern' in meta else None
    if pattern is not None and re.fullmatch(pattern, value) is None:
        found.append(f'{path}: {value!r} does not match {meta["pattern"]}')


def _bounds(meta, size, path, found):
    if size < meta.get('min', size):
        found.append(f'{path}: {size} is below {meta["min"]}')
    if size > meta.get('max', size):
        found.append(f'{path}: {size} is above {meta["max"]}')
