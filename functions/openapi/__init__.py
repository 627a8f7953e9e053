"""The API's description in OpenAPI 3.1, made from the operations that are registered and the models that check them.

document.py    the whole document
parameters.py  what requests have in path, query and headers
answers.py     what operations answer: successes, errors, headers
models.py      pydantic models as JSON schemas
words.py       the forms of texts in answers
examples.py    a body that fits, for each operation that takes one
texts.py       what is said about the API as a whole

https://spec.openapis.org/oas/v3.1.0
"""
