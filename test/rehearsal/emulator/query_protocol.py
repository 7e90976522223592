"""AWS's query protocol, which CloudFormation's API uses. A request is a form, an answer is XML, both by botocore's shapes."""

import re
import urllib.parse
import xml.sax.saxutils

import shapes


def read(service, body):
    """Reads (operation, parameters) from a request's body."""
    form = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode(), keep_blank_values=True).items()}
    operation = form['Action']
    shape = shapes.model_of(service).operation_model(operation).input_shape
    return operation, _value(shape, form, '')


def _value(shape, form, path):
    match shape.type_name:
        case 'structure':
            inside = f'{path}.' if path else ''
            names = [one for one in shape.members if any(_within(name, inside + one) for name in form)]
            return {one: _value(shape.members[one], form, inside + one) for one in names}
        case 'list':
            index, found = 1, []
            while any(_within(name, f'{path}.member.{index}') for name in form):
                found.append(_value(shape.member, form, f'{path}.member.{index}'))
                index += 1
            return found
        case 'boolean':
            return form[path] == 'true'
        case 'integer' | 'long':
            return int(form[path])
    return form[path]


def _within(name, path):
    return name == path or name.startswith(f'{path}.')


def answer(service, operation, answered):
    """Makes the body of an answer."""
    model = shapes.model_of(service).operation_model(operation)
    result = '' if model.output_shape is None else _xml(model.output_shape, answered or {})
    if model.output_shape is not None:
        result = f'<{operation}Result>{result}</{operation}Result>'
    namespace = shapes.model_of(service).metadata['xmlNamespace']
    metadata = '<ResponseMetadata><RequestId>rehearsal</RequestId></ResponseMetadata>'
    return f'<{operation}Response xmlns="{namespace}">{result}{metadata}</{operation}Response>'.encode()


def refusal(error):
    """Makes the body of an error."""
    code = getattr(error, 'code', 'ValidationError')
    message = xml.sax.saxutils.escape(str(error))
    return (
        f'<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>'
        '<RequestId>rehearsal</RequestId></ErrorResponse>'
    ).encode()


def _xml(shape, value):
    match shape.type_name:
        case 'structure':
            given = ((name, value[name]) for name in shape.members if value.get(name) is not None)
            return ''.join(f'<{name}>{_xml(shape.members[name], one)}</{name}>' for name, one in given)
        case 'list':
            return ''.join(f'<member>{_xml(shape.member, one)}</member>' for one in value)
        case 'boolean':
            return 'true' if value else 'false'
        case 'timestamp':
            return value.strftime('%Y-%m-%dT%H:%M:%S.%fZ')
    return xml.sax.saxutils.escape(_NOT_IN_XML.sub('?', str(value)))


_NOT_IN_XML = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f]')
