"""A page photographed by a headless Chromium that reaches nothing but what this installation may ask."""
