"""`python -m functions.create_tables`: create the tables that the settings name, where they are not there yet."""

import asyncio

from functions.composition import create_tables

if __name__ == "__main__":
    asyncio.run(create_tables())
