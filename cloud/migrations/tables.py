"""Names every room that has tables, so that the schema is complete wherever this is imported."""

import cloud.accounts.models
import cloud.calculators.models
import cloud.clinic.models
import cloud.fleet.models
import cloud.imports.models
import cloud.kernel.audit
import cloud.people.findable
import cloud.people.models
import cloud.prescriptions.models
import cloud.readings.models

__all__ = ["cloud"]
