#!/bin/sh
# What `gonghai docs openapi` prints: a document of OpenAPI 3.1 whose schemas are schemas, whose references lead
# somewhere, and each of whose examples fits the schema beside it. Needs python3 with the module jsonschema.
#   OPENAPI_SCHEMA  the file of the meta-schema that the OpenAPI Initiative publishes for 3.1; that of the module
#                   openapi_spec_validator where it is empty. Without either the shape of the parts that
#                   we use is all that is asked for
set -u
failed=0

# said NAME: the outcome of the command before
said() {
    if [ $? -eq 0 ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        sed 's/^/  /' said.txt | head -n 20
        failed=1
    fi
}

"$GONGHAI" docs openapi >doc.json 2>said.txt
said openapi-is-printed
if ! python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
    echo "skip openapi-is-valid python3 has no jsonschema of draft 2020-12"
    exit $failed
fi

cat >check.py <<'PY'
import json, sys
from jsonschema import Draft202012Validator as Validator

doc = json.load(open("doc.json"))
wrong = []


def fits(where, value, schema):
    for error in Validator(dict(schema, components=doc["components"])).iter_errors(value):
        wrong.append(f"{where}: {error.json_path}: {error.message}")


def operations():
    for path, item in doc["paths"].items():
        for method, op in item.items():
            yield path, method, op


def schemas():
    for name, schema in doc["components"]["schemas"].items():
        Validator.check_schema(schema)
    for path, method, op in operations():
        for p in op["parameters"]:
            Validator.check_schema(p["schema"])


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            at = doc
            for part in value["$ref"].removeprefix("#/").split("/"):
                at = at.get(part, {})
            if not at:
                wrong.append("nothing at " + value["$ref"])
        value = list(value.values())
    for x in value if isinstance(value, list) else []:
        references(x)


def examples():
    n = 0
    for path, method, op in operations():
        where = f"{method} {path}"
        for p in op["parameters"]:
            if p.get("example") is not None:
                fits(f"{where} {p['name']}", p["example"], p["schema"])
        bodies = [op["requestBody"]] if "requestBody" in op else []
        bodies += [r for r in op["responses"].values() if "content" in r]
        for body in bodies:
            for media in body["content"].values():
                fits(where, media["example"], media["schema"])
                n += 1
    if n < 150:
        wrong.append(f"only {n} examples")


SCHEMA = {"type": ["object", "boolean"]}
CONTENT = {"type": "object", "minProperties": 1, "additionalProperties": {
    "type": "object", "required": ["schema"], "properties": {"schema": SCHEMA}}}
RESPONSE = {"if": {"required": ["$ref"]}, "then": {"required": ["$ref"]}, "else": {
    "type": "object", "required": ["description"],
    "properties": {"description": {"type": "string"}, "content": CONTENT}}}
PARAMETER = {
    "type": "object", "required": ["name", "in", "schema"], "properties": {
        "name": {"type": "string"}, "in": {"enum": ["query", "header", "path"]}, "required": {"type": "boolean"},
        "schema": SCHEMA, "example": True, "description": {"type": "string"}},
    "if": {"properties": {"in": {"const": "path"}}}, "then": {"properties": {"required": {"const": True}},
                                                              "required": ["required"]},
    "additionalProperties": False}
OPERATION = {
    "type": "object", "required": ["operationId", "responses"], "properties": {
        "operationId": {"type": "string"}, "summary": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}}, "parameters": {"type": "array", "items": PARAMETER},
        "requestBody": {"type": "object", "required": ["content"], "properties": {"content": CONTENT}},
        "responses": {"type": "object", "minProperties": 1, "additionalProperties": False,
                      "patternProperties": {"^(default|[1-5][0-9][0-9])$": RESPONSE}}},
    "patternProperties": {"^x-": True}, "additionalProperties": False}
SHAPE = {
    "type": "object", "required": ["openapi", "info", "paths"], "properties": {
        "openapi": {"pattern": "^3\\.1\\.[0-9]+$"},
        "info": {"type": "object", "required": ["title", "version"],
                 "additionalProperties": {"type": "string"}},
        "servers": {"type": "array", "items": {"type": "object", "required": ["url"]}},
        "security": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "array"}}},
        "paths": {"type": "object", "additionalProperties": False, "patternProperties": {"^/": {
            "type": "object", "additionalProperties": False,
            "patternProperties": {"^(get|put|post|delete|patch)$": OPERATION}}}},
        "components": {"type": "object", "properties": {
            name: {"type": "object", "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"}}
            for name in ("schemas", "responses", "securitySchemes")}, "additionalProperties": False}},
    "additionalProperties": False}


def shape():
    for error in Validator(SHAPE).iter_errors(doc):
        wrong.append(f"{error.json_path}: {error.message}"[:300])
    ids = [op["operationId"] for _, _, op in operations()]
    if len(ids) != len(set(ids)):
        wrong.append("an operationId stands there twice")
    for path, method, op in operations():
        named = [(p["name"], p["in"]) for p in op["parameters"]]
        if len(named) != len(set(named)):
            wrong.append(f"{method} {path}: a parameter stands there twice")
        if (("id", "path") in named) != ("{id}" in path):
            wrong.append(f"{method} {path}: {{id}} and its parameter")


def published():
    for error in Validator(json.load(open(sys.argv[2]))).iter_errors(doc):
        wrong.append(f"{error.json_path}: {error.message}"[:300])


checks = {"schemas": schemas, "references": lambda: references(doc), "examples": examples, "shape": shape,
          "published": published}
checks[sys.argv[1]]()
print("\n".join(wrong))
sys.exit(bool(wrong))
PY

for check in schemas references examples shape; do
    python3 check.py $check >said.txt 2>&1
    said openapi-$check
done
[ -n "${OPENAPI_SCHEMA-}" ] || OPENAPI_SCHEMA=$(python3 - 2>/dev/null <<'PY'
import os, openapi_spec_validator as v
print(os.path.join(os.path.dirname(v.__file__), "resources", "schemas", "v3.1", "schema.json"))
PY
)
if [ -r "$OPENAPI_SCHEMA" ]; then
    python3 check.py published "$OPENAPI_SCHEMA" >said.txt 2>&1
    said openapi-is-valid
else
    echo "skip openapi-is-valid OPENAPI_SCHEMA names no file, and there is no openapi_spec_validator"
fi
exit $failed
