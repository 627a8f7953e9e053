"""Pydantic models as JSON schemas, in the dialect of OpenAPI 3.1: JSON Schema 2020-12."""

from collections.abc import Collection
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from functions.openapi.words import with_form
from functions.schemas.fields import distinct

SCHEMAS: Final = "#/components/schemas/"
OPEN_ENUM: Final = "x-extensible-enum"
"""Values that there are today; others may be added, so this is no `enum`."""


class _Generator(GenerateJsonSchema):
    """As pydantic does it, but with what this API promises besides: no null in answers, and room to grow."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - a schema of any kind
        """Name no field a second time."""
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out of answers: there, a field that is None is left out."""
        return super().nullable_schema(schema) if self.mode == "validation" else self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Tell only defaults that a request could send: None stands for an absent field."""
        is_none = schema.get("default", ...) is None
        return self.generate_inner(schema["schema"]) if is_none else super().default_schema(schema)

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001 - pydantic's signature
    ) -> bool:
        """Call a field of an answer required unless it may be None, and so left out."""
        if self.mode == "validation":
            return super().field_is_required(field, total)
        return field["schema"].get("default", ...) is not None

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """Keep an enumeration in answers open: values may be added."""
        closed = super().enum_schema(schema)
        return closed if self.mode == "validation" else {OPEN_ENUM: closed.pop("enum"), **closed}

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        """Say what the check that nothing stands in a list twice would."""
        made = super().function_after_schema(schema)
        return {**made, "uniqueItems": True} if schema["function"]["function"] is distinct else made

    def function_wrap_schema(self, schema: core_schema.WrapValidatorFunctionSchema) -> JsonSchemaValue:
        """Say that anything is taken where a validator may drop what does not fit."""
        if self.mode == "serialization":
            return super().function_wrap_schema(schema)
        inner = schema["schema"]
        fitting = self.generate_inner(inner["schema"] if inner["type"] == "nullable" else inner)
        return {"anyOf": [fitting, {"description": "Anything else is ignored."}]}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Tell the forms of an answer's texts."""
        made = super().model_schema(schema)
        if self.mode == "serialization":
            made["properties"] = {name: with_form(name, each) for name, each in made.get("properties", {}).items()}
        return made


def component_schemas(
    requests: Collection[type[BaseModel]], answers: Collection[type[BaseModel]]
) -> dict[str, JsonSchemaValue]:
    """The schemas of these models and of what they hold, by name."""
    bodies: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in requests]
    contents: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "serialization") for model in answers]
    _, made = models_json_schema(
        [*bodies, *contents], by_alias=True, ref_template=f"{SCHEMAS}{{model}}", schema_generator=_Generator
    )
    schemas: dict[str, JsonSchemaValue] = made["$defs"]
    return {name: _finished(schema) for name, schema in sorted(schemas.items())}


def _finished(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Without a title, for which the component's name stands; with what an open enumeration has today."""
    finished = {name: value for name, value in schema.items() if name != "title"}
    if values := finished.get(OPEN_ENUM):
        finished["description"] = f"{finished.get('description', '')} One of {', '.join(values)}; more may be added."
    return finished


def schema_of(model: type[BaseModel]) -> dict[str, str]:
    """The reference to a model's schema."""
    return {"$ref": f"{SCHEMAS}{model.__name__}"}
