"""The history of the schema: date-first names, short locks, expand before contract."""
