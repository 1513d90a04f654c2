"""A double of QloApps 1.7: its web service as it was observed on a running one, traps included, and faults on top."""
