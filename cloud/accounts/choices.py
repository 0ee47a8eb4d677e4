"""Words of the accounts room."""

from enum import StrEnum


class Role(StrEnum):
    """What someone does in a store; decides what they may do here."""

    OWNER = "owner"
    MANAGER = "manager"
    CLINICIAN = "clinician"
    RECEPTION = "reception"
    ENGINEER = "engineer"


class May(StrEnum):
    """Things a person may be allowed to do."""

    SEE_PATIENTS = "see_patients"
    EDIT_PATIENTS = "edit_patients"
    SEE_READINGS = "see_readings"
    FILE_READINGS = "file_readings"
    ACCEPT_READINGS = "accept_readings"
    SEE_FLEET = "see_fleet"
    MEND_FLEET = "mend_fleet"
    SEE_COMPONENTS = "see_components"
