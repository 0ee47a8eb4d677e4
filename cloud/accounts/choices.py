"""Words of the accounts room."""

from enum import StrEnum


class Role(StrEnum):
    """What someone does in a store; decides what they may do here."""

    OWNER = "owner"
    MANAGER = "manager"
    CLINICIAN = "clinician"
    ASSISTANT = "assistant"
    RECEPTION = "reception"
    ENGINEER = "engineer"


class May(StrEnum):
    """Things a person may be allowed to do."""

    SEE_PATIENTS = "see_patients"
    EDIT_PATIENTS = "edit_patients"
    SEE_CHANGES = "see_changes"
    MERGE_PATIENTS = "merge_patients"
    IMPORT_PATIENTS = "import_patients"
    SEE_READINGS = "see_readings"
    FILE_READINGS = "file_readings"
    ACCEPT_READINGS = "accept_readings"
    SEE_RECORD = "see_record"
    WRITE_RECORD = "write_record"
    SIGN_RECORD = "sign_record"
    PRESCRIBE = "prescribe"
    ORDER_TESTS = "order_tests"
    SEE_RECALLS = "see_recalls"
    SEE_SCHEDULE = "see_schedule"
    BOOK = "book"
    OVERBOOK = "overbook"
    WORK_STATIONS = "work_stations"
    PLAN = "plan"
    SEE_MESSAGES = "see_messages"
    SET_EXCHANGE = "set_exchange"
    SET_CALCULATORS = "set_calculators"
    SEE_FLEET = "see_fleet"
    MEND_FLEET = "mend_fleet"
    ENROL_GATEWAYS = "enrol_gateways"
    ROLL_OUT = "roll_out"
    SEE_SPACE = "see_space"
    SEE_COMPONENTS = "see_components"
