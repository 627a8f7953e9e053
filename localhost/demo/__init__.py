"""The main job from start to end: `make demo`."""
