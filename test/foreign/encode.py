"""Encodes the cases by other encoders, and prints the values as JSON, one a line.

  encode.py golden <avro-tools.jar>                prints golden.jsonl; the registries are mock:// and moto, in this process
  encode.py live <registry's url> <Glue's url>     does the same against servers, without avro-tools, for live.test.ts

To make golden.jsonl again, run

  python3 -m venv .local/python && .local/python/bin/pip install -r test/foreign/requirements.txt
  .local/python/bin/python test/foreign/encode.py golden avro-tools-1.12.0.jar > test/foreign/golden.jsonl

The jar is org.apache.avro:avro-tools:1.12.0 of Maven Central, and needs Java. The published schema of the cases is
user-event.avsc.json beside this file: a copy of the project's schema from the day when golden.jsonl was made. It does not follow later
changes of the project's schema.
"""
import base64
import io
import json
import os
import subprocess
import sys
import tempfile
import uuid
from contextlib import nullcontext

import boto3
import fastavro
from aws_schema_registry import DataAndSchema, KafkaSerializer
from aws_schema_registry import SchemaRegistryClient as GlueRegistryClient
from aws_schema_registry.avro import AvroSchema
from aws_schema_registry.codec import encode as glue_frame
from confluent_kafka.schema_registry import (
    SchemaRegistryClient,
    header_schema_id_serializer,
    topic_subject_name_strategy,
)
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from moto import mock_aws

from cases import CASES, expected

TOPIC = "user-events"


def emit(case, encoder, value, schema_id=None, wire=None, headers=()):
    schema, _, difference = CASES[case]
    line = {
        "case": case,
        "encoder": encoder,
        "wire": wire,
        "schemaId": schema_id,
        "schema": schema,
        "value": base64.b64encode(value).decode(),
        "headers": [[name, base64.b64encode(content).decode()] for name, content in headers],
        "expected": expected(difference),
    }
    print(json.dumps(line, ensure_ascii=False))


def by_fastavro(case, schema, datum):
    parsed = fastavro.parse_schema(schema)
    value = io.BytesIO()
    fastavro.schemaless_writer(value, parsed, datum)
    emit(case, "fastavro", value.getvalue())


def by_avro_tools(case, schema, datum, jar):
    """Encodes by Apache's own tool, which reads a datum in Avro's JSON encoding; fastavro writes that."""
    as_json = io.StringIO()
    fastavro.json_writer(as_json, fastavro.parse_schema(schema), [datum])
    with tempfile.TemporaryDirectory() as folder:
        schema_file, datum_file = os.path.join(folder, "schema.avsc"), os.path.join(folder, "datum.json")
        with open(schema_file, "w") as file:
            json.dump(schema, file)
        with open(datum_file, "w", encoding="utf-8") as file:
            file.write(as_json.getvalue())
        command = ["java", "-Dfile.encoding=UTF-8", "-jar", jar, "jsontofrag", "--schema-file", schema_file, datum_file]
        emit(case, "avro-tools", subprocess.run(command, check=True, capture_output=True).stdout)


def by_confluent(case, schema, datum, registry):
    # Each case has a subject, because the schemas are not versions of one another.
    topic = f"{TOPIC}-{case.replace(' ', '-').replace(',', '')}"
    by_topic = {"subject.name.strategy": topic_subject_name_strategy}
    prefix = AvroSerializer(registry, json.dumps(schema), conf=by_topic)
    value = prefix(datum, SerializationContext(topic, MessageField.VALUE))
    emit(case, "confluent-kafka", value, int.from_bytes(value[1:5], "big"), "id")

    headers = []
    in_header = AvroSerializer(registry, json.dumps(schema), conf={**by_topic, "schema.id.serializer": header_schema_id_serializer})
    value = in_header(datum, SerializationContext(topic, MessageField.VALUE, headers))
    [(_, guid)] = headers
    emit(case, "confluent-kafka", value, str(uuid.UUID(bytes=guid[1:])), "header", headers)


def by_glue(case, schema, datum, glue):
    client = GlueRegistryClient(glue, registry_name=TOPIC)
    serializer = KafkaSerializer(
        client, compatibility_mode="NONE", schema_naming_strategy=lambda *_: case.replace(" ", "-").replace(",", "")
    )
    data = DataAndSchema(datum, AvroSchema(json.dumps(schema)))
    value = serializer.serialize(TOPIC, data)
    version = uuid.UUID(bytes=value[2:18])
    emit(case, "aws-glue-schema-registry", value, str(version), "glue")
    smaller = glue_frame(value[18:], version, compression=True)
    emit(case, "aws-glue-schema-registry", smaller, str(version), "zlib")


def main(mode, *arguments):
    live = mode == "live"
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="eu-west-1")
    with nullcontext() if live else mock_aws():
        registry = SchemaRegistryClient.new_client({"url": arguments[0] if live else "mock://golden"})
        glue = boto3.client("glue", endpoint_url=arguments[1] if live else None)
        glue.create_registry(RegistryName=TOPIC)
        for case, (schema, datum, _) in CASES.items():
            by_fastavro(case, schema, datum)
            if not live:
                by_avro_tools(case, schema, datum, arguments[0])
            by_confluent(case, schema, datum, registry)
            by_glue(case, schema, datum, glue)


main(*sys.argv[1:])
