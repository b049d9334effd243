"""What serves the pages safely: access, security, the database of plans, files and faults."""
