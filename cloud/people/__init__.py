"""Everyone the chain knows: patients, customers, families, consents, warnings; owns who they are."""
