"""What leaves this machine: the zip that is deployed, the locks of what it needs, and the licenses of that."""
