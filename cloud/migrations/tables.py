"""Names every room that has tables, so that the schema is complete wherever this is imported."""

import cloud.accounts.models
import cloud.blobs.models
import cloud.booking.models
import cloud.calculators.models
import cloud.clinic.models
import cloud.direct.models
import cloud.enrolment.models
import cloud.exchange.models
import cloud.fleet.models
import cloud.imaging.models
import cloud.imports.models
import cloud.kernel.audit
import cloud.messages.models
import cloud.operations.models
import cloud.people.findable
import cloud.people.models
import cloud.planning.models
import cloud.prescriptions.models
import cloud.queue.models
import cloud.readings.models
import cloud.releases.models
import cloud.schedule.models
import cloud.shadow.models
import cloud.telemetry.models
import cloud.worklist.models

__all__ = ["cloud"]
