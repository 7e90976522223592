"""The cases to encode: each has a writer's schema, a datum, and the expected event or rejection."""
import copy
import json
import pathlib

# The writer's schema of golden.jsonl. If the project's own schema has gained fields since, these are values of an older producer.
PUBLISHED = json.loads((pathlib.Path(__file__).parent / "user-event.avsc.json").read_text())
USER = "11111111-1111-4111-8111-111111111111"
EVENT = "22222222-2222-4222-8222-222222222222"
DATUM = {
    "user_id": USER,
    "event_type": "clïck",
    "event_time": 1_700_000_000_000,
    "event_id": EVENT,
    "metadata": {"page": "/", "fox": "🦊"},
}


def schema(replaced=None, added=(), removed=(), **attributes):
    """Makes the published schema with some fields changed."""
    fields = [
        {"name": f["name"], "type": replaced[f["name"]]} if replaced and f["name"] in replaced else f
        for f in copy.deepcopy(PUBLISHED["fields"])
        if f["name"] not in removed
    ]
    return {**PUBLISHED, "fields": fields + list(added), **attributes}


def uuid_bytes(text):
    return bytes.fromhex(text.replace("-", ""))


def time_of(logical_type):
    return {"event_time": {"type": "long", "logicalType": logical_type}}


UUID = {"type": "fixed", "name": "Uuid", "size": 16, "logicalType": "uuid"}
MAP = {"type": "map", "values": "string"}
DEVICE = {
    "type": "record",
    "name": "Device",
    "fields": [
        {"name": "os", "type": {"type": "enum", "name": "Os", "symbols": ["LINUX", "OTHER"]}},
        {"name": "screen", "type": {"type": "array", "items": "int"}},
        {"name": "parent", "type": ["null", "Device"]},
    ],
}
ADDED = [
    {"name": "device", "type": DEVICE},
    {"name": "ratio", "type": ["null", "double"]},
    {"name": "digest", "type": "bytes"},
    {"name": "weights", "type": {"type": "map", "values": "float"}},
    {"name": "flag", "type": "boolean"},
]
ADDED_DATUM = {
    "device": {"os": "OTHER", "screen": [1920, 1080], "parent": {"os": "LINUX", "screen": [], "parent": None}},
    "ratio": 0.5,
    "digest": b"\x00\xff",
    "weights": {"a": 1.5},
    "flag": True,
}

# name: (schema, datum, the event's differences from DATUM, or the reason of the rejection)
CASES = {
    "as published": (PUBLISHED, DATUM, {}),
    "fields added": (schema(added=ADDED), {**DATUM, **ADDED_DATUM}, {}),
    "fields reordered, other namespace": (
        schema(fields=list(reversed(PUBLISHED["fields"])), namespace="org.example"),
        DATUM,
        {},
    ),
    "metadata missing": (schema(removed=["metadata"]), DATUM, {"metadata": {}}),
    "metadata or null": (schema({"metadata": ["null", MAP]}), DATUM, {}),
    "metadata null": (schema({"metadata": ["null", MAP]}), {**DATUM, "metadata": None}, {"metadata": {}}),
    "event_time in microseconds": (
        schema(time_of("timestamp-micros")),
        {**DATUM, "event_time": -1},
        {"event_time": -1},
    ),
    "event_time a bare long": (schema({"event_time": "long"}), DATUM, {}),
    "event_time an int": (schema({"event_time": "int"}), {**DATUM, "event_time": 5}, {"event_time": 5}),
    "uuids of sixteen bytes": (
        schema({"user_id": UUID, "event_id": ["null", "Uuid"]}),
        {**DATUM, "user_id": uuid_bytes(USER), "event_id": uuid_bytes(EVENT)},
        {},
    ),
    "event_type bytes": (
        schema({"event_type": "bytes"}),
        {**DATUM, "event_type": DATUM["event_type"].encode()},
        {},
    ),
    "event_type or null": (schema({"event_type": ["null", "string"]}), DATUM, {}),
    "event_type null": (
        schema({"event_type": ["null", "string"]}),
        {**DATUM, "event_type": None},
        "undecodable",
    ),
    "event_type an enum": (
        schema({"event_type": {"type": "enum", "name": "Kind", "symbols": ["click"]}}),
        {**DATUM, "event_type": "click"},
        "incompatible_schema",
    ),
    "another record": (schema(name="PageView"), DATUM, "incompatible_schema"),
}


def expected(difference):
    return difference if isinstance(difference, str) else {**DATUM, **difference}
