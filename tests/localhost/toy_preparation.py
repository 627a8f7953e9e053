"""What the real app does in functions.create_tables: prepares the storage before anybody is served."""

import os

from azure.data.tables import TableServiceClient

if __name__ == "__main__":
    with TableServiceClient.from_connection_string(os.environ["TABLES_CONNECTION_STRING"]) as service:
        service.create_table("rows").create_entity({"PartitionKey": "p", "RowKey": "prepared"})
