"""What dialects of text share."""
