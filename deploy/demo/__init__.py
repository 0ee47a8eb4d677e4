"""Everything on one desk: database, broker, cloud, gateway and a simulated store, with a believable morning."""
