"""The app on this machine: storage, host, identity and a sample tenant. Nothing here is deployed."""
