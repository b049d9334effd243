"""Server of the dashboard: settings, listening, access, security, files and faults."""
