"""Questions about patients."""

from cloud.people.queries.patients import PAGE, count, ids_of, named, numbered, patient, record, search

__all__ = ["PAGE", "count", "ids_of", "named", "numbered", "patient", "record", "search"]
