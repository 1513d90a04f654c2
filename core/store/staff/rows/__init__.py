"""The rows that the queries of the window for staff give, a file for each subject."""
