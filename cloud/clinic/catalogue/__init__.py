"""What can be recorded: element types and visit templates as versioned data, with words, units, limits and normals."""
