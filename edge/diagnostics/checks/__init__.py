"""The checks: each one small function under its id, in the order in which a person would mend things."""

from collections.abc import Callable

from edge.diagnostics.checks import (
    bluetooth,
    callers,
    clocks,
    dicom,
    disk,
    gateway,
    instruments,
    machine,
    network,
    outbox,
    papers,
)
from edge.diagnostics.result import Said
from edge.diagnostics.site import Site

Check = Callable[[Site], list[Said]]

CHECKS: dict[str, Check] = {
    "config": gateway.config,
    "clock_plausible": clocks.plausible,
    "clock_synced": clocks.synced,
    "time_zone": clocks.zone,
    "data_folder": disk.folder,
    "disk_space": disk.space,
    "disk_inodes": disk.inodes,
    "disk_sync": disk.sync,
    "outbox_integrity": outbox.integrity,
    "outbox_depth": outbox.depth,
    "dead_letters": outbox.dead_letters,
    "memory": machine.memory,
    "temperature": machine.temperature,
    "power_supply": machine.power_supply,
    "driver": instruments.driver,
    "port_present": instruments.present,
    "port_permission": instruments.permission,
    "port_opens": instruments.opens,
    "last_heard": instruments.last_heard,
    "bluetooth": bluetooth.bluetooth,
    "dicom": dicom.dicom,
    "callers": callers.callers,
    "tls_roots": papers.roots,
    "tls_certificate": papers.certificate,
    "tls_key": papers.key,
    "tls_key_permissions": papers.key_permissions,
    "tls_renewal": papers.renewal,
    "name_lookup": network.name_lookup,
    "broker_tcp": network.broker_tcp,
    "broker_tls": network.broker_tls,
    "broker_answers": network.broker_answers,
    "cloud_https": network.cloud_https,
    "cloud_confirms": outbox.cloud_confirms,
    "software_slots": gateway.software_slots,
    "one_gateway": gateway.one_gateway,
    "watchdog": gateway.watchdog,
}
