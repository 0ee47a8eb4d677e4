"""Records a wire into one file that replays, decodes and becomes a test; takes the patient out on request."""
