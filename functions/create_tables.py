"""`python -m functions.create_tables`: create the tables, in every storage account of the settings."""

import asyncio

from functions.composition import create_tables

if __name__ == "__main__":
    asyncio.run(create_tables())
