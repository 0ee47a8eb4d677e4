"""DICOM objects: over the network by the gateway's own program, or as files in a watched folder."""
