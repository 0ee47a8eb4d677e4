"""What every room of the practice stands on: database, tenancy, units of work, facts, audit, clock, money, ids."""
