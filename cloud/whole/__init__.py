"""The whole record of one patient, to take along: for machines and on paper."""
