//! Floor 5: puts the program together; the only place that knows every feature.
