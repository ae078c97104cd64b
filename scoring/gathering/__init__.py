"""The steps of the bridge from catalog rows to the engine's facts, one module for each kind of row."""
