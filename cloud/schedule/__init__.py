"""Who and what can be booked, when, and for which visits: resources, hours, and types of visit."""
